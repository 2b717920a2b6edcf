/// What a guide breaks, where, and a way that a caller could take to get there.
package struct GuideProblem: Hashable, Sendable {
  package let rule: GuideRule
  /// The node at which it shows; the first node when the whole guide is meant.
  package let node: NodeID
  /// The answer's key, where one answer is meant.
  package let key: Int?
  package let path: GuidePath

  package init(_ rule: GuideRule, at node: NodeID, key: Int? = nil, path: GuidePath) {
    self.rule = rule
    self.node = node
    self.key = key
    self.path = path
  }
}

/// A way through a guide from its start. Text form: `aviso → senales (1) → urgencias`, the key pressed in parentheses.
package struct GuidePath: Hashable, Sendable, CustomStringConvertible {
  package struct Step: Hashable, Sendable {
    package let node: NodeID
    package let how: How

    package init(node: NodeID, how: How) {
      self.node = node
      self.how = how
    }
  }

  /// How a node is left.
  package enum How: Hashable, Sendable {
    case pressed(Int)
    case wentOn
    /// The agenda had no date.
    case noPlace
  }

  package var steps: [Step]
  package var end: NodeID

  package init(_ steps: [Step] = [], end: NodeID) {
    self.steps = steps
    self.end = end
  }

  package var description: String {
    let parts = steps.map { step in
      switch step.how {
      case .pressed(let key): "\(step.node) (\(key))"
      case .wentOn: "\(step.node)"
      case .noPlace: "\(step.node) (sin lugar)"
      }
    }
    return (parts + ["\(end)"]).joined(separator: " → ")
  }
}

/// The rules that every guide keeps. Cases stand in the order in which they are checked.
package enum GuideRule: Hashable, Sendable {
  // What the words and the numbers are.
  /// Two nodes have one name.
  case repeatedNode
  /// What comes next is not in the guide.
  case missingNode(NodeID)
  /// A question without answers.
  case noAnswers
  /// A question with more answers than a caller remembers.
  case tooManyAnswers(Int)
  /// A key outside 1 ... 8.
  case keyOutOfRange
  /// A key with two answers.
  case repeatedKey
  /// Spanish has to be complete.
  case noSpanish

  // What the graph is.
  /// No caller gets here.
  case unreachable
  /// From here no end can be reached.
  case noWayOut
  /// Statements that lead to one another without a question.
  case speaksForEver

  // What a caller is owed.
  /// From here more than two presses to emergency instructions or a person, in this language.
  case farFromHelp(Language)
  /// A question without an answer for "no sé".
  case noDontKnow
  /// A date follows a question that has no answer for "no puedo esperar".
  case noCannotWait
  /// After "no sé" or "no puedo esperar" something else than a person or an emergency can follow.
  case doubtGetsADate
  /// The answer raises an alarm, and the next thing heard is no emergency instruction.
  case alarmWithoutInstruction
  /// After an alarm sign something else than 911, Urgencias or a person can follow.
  case alarmGetsADate
  /// A pregnant caller can hear "no hay lugar", whatever else she said.
  case pregnantIsRefused
  /// A pregnant caller gets a date too far away, or none and then no person.
  case pregnantWaits
  /// A sign that cannot wait for the ordinary agenda gets something later, or nothing.
  case promptSignWaits
  /// Somebody is asked who they are on the way to an emergency instruction, or after an alarm sign.
  case identityBeforeEmergency
  /// A guide with a code says what to do in an emergency only after the second prompt.
  case emergencyIsLate
  /// Código Cerebro is raised, and when it began is not asked before the end.
  case onsetNotAsked

  // What was signed.
  /// The signature is for another content.
  case signedOtherContent
  /// An end that needs a clinician's signature.
  case unsignedEnd

  // What is said.
  /// A text that is missing in a language declared complete.
  case missingText(Language)
  /// So many words where so many are allowed.
  case tooManyWords(Language, Int, allowed: Int)
  /// A sentence of so many words where so many are allowed.
  case longSentence(Int, allowed: Int)
  /// INFLESZ points below what a health text needs.
  case hardToRead(points: Int, needed: Int)
  /// An answer's text that does not name its key.
  case keyNotSpoken(Language)
  /// An emergency instruction that says neither 911 nor Urgencias.
  case emergencyNotSaid(Language)
  /// Words that diagnose, reassure, or set a TRIAGE colour.
  case forbiddenWords(String)
  /// A question or an emergency instruction that asks for a number of identity.
  case asksIdentity(String)

  /// Whether only ``GuidanceProfile/production`` refuses it.
  package var waitsForSignature: Bool { self == .unsignedEnd }
}
