internal import Guidance

/// What calls and the proofs about them are held to.
package enum DialogueLimits {
  /// Milliseconds until the first key. Source: design/TELEPHONY.md §4, points 8 and 11.
  package static let firstKey = 8_000
  /// Milliseconds between two keys: older callers look from the card to the keys.
  package static let betweenKeys = 4_000
  /// Failures at one question, of silence and of wrong keys together, before a person takes over.
  package static let failures = 3
  /// How often a call may come to one step: whoever corrects more often is better served by a person. It bounds every loop.
  package static let visits = 8
  /// Steps without a caller's key: more than any way between two questions has.
  package static let stepsBetweenQuestions = 64
  /// How often `*` repeats one question; then a person. Fifteen minutes of a call (TIMEOUT(absolute)) hold fewer.
  package static let repetitions = 20
  /// Options of one menu. Source: design/TELEPHONY.md §4, point 9.
  package static let options = 4
  package static let keys = 1...8
  /// Presses from anywhere to emergency instructions or a person. Source: domain/PEERS.md, B7.
  package static let pressesToHelp = 2
  /// Questions between the menu's beginning and a guide.
  package static let questionsToGuide = 4
  /// Dialogues that wait for one another to come back.
  package static let depth = 4
  /// Slots of one search: nobody listens to a seventh.
  package static let slots = 6
  /// Seconds after which an alarm that nobody acknowledged escalates. Source: domain/PROGRAMMES.md, P24.
  package static let alarmSeconds = 30
  /// Minutes of opening hours in which somebody calls who was told that a visit at home is looked for: as long as a call about health may take.
  package static let homeVisitMinutes = 60
  /// Words of "si es una emergencia…": five seconds at 150 words a minute.
  package static let firstWords = 12
  /// Words of a menu or a message with all its options and values: 24 seconds.
  package static let promptWords = GuideLimits.promptWords
  package static let sentenceWords = GuideLimits.sentenceWords
  package static let readability = GuideLimits.readability
}
