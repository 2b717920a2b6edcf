/// What the proofs hold a guide to.
package enum GuideLimits {
  /// Presses from anywhere to emergency instructions or a person. Source: domain/PEERS.md, B7.
  package static let pressesToHelp = 2
  /// Prompts within which a guide with a code says what to do in an emergency. Source: domain/PROGRAMMES.md, P04.
  package static let promptsToEmergency = 2
  /// Answers of one question. Source: design/TELEPHONY.md §4, point 9.
  package static let answers = 4
  package static let keys = 1...8
  /// A pregnant caller's date is within so many days: a date in three months is a refusal. Source: domain/PROGRAMMES.md, P19.
  package static let prenatalDays = 7
  /// A pregnant caller who is called back is called within so many minutes. Source: domain/PROGRAMMES.md, P19.
  package static let prenatalCallbackMinutes = 30
  /// A sign that cannot wait: business days. Source: domain/PROGRAMMES.md, P27.
  package static let promptDays = 3
  /// Words of one prompt, a question's answers included: 24 seconds at 150 words a minute (design/TELEPHONY.md §4, point 11).
  package static let promptWords = 60
  /// Words of an emergency instruction: 16 seconds, for whoever has a pain.
  package static let emergencyWords = 40
  /// Words of one sentence.
  package static let sentenceWords = 20
  /// INFLESZ "normal", the least that its authors hold a health text for ordinary people to.
  package static let readability = 55
}
