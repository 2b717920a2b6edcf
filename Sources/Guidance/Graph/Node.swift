/// A place in a guide where something is said, and perhaps asked.
package struct Node: Hashable, Sendable {
  package var id: NodeID
  package var kind: Kind
  package var text: GuideText

  package enum Kind: Hashable, Sendable {
    /// Something to hear; then it goes on by itself.
    case statement(emergency: Emergency?, next: NodeID)
    /// Something to answer with one key.
    case question([Answer])
    /// Who calls is identified here; nobody on the way to an emergency is.
    case identification(next: NodeID)
    /// How the guidance ends.
    case disposition(Disposition)
  }

  /// Where an emergency is sent to.
  package enum Emergency: String, Hashable, Sendable, CaseIterable {
    case call911 = "911"
    case urgencias
  }

  package init(_ id: NodeID, _ kind: Kind, _ text: GuideText) {
    self.id = id
    self.kind = kind
    self.text = text
  }

  /// Whether what is said here is what to do in an emergency.
  package var isEmergency: Bool {
    switch kind {
    case .statement(let emergency, _): emergency != nil
    case .disposition(.emergency911), .disposition(.urgencias): true
    case .question, .identification, .disposition: false
    }
  }

  package var answers: [Answer] {
    if case .question(let answers) = kind { answers } else { [] }
  }

  package var disposition: Disposition? {
    if case .disposition(let disposition) = kind { disposition } else { nil }
  }
}

/// One key of a question, and what it says of the caller.
package struct Answer: Hashable, Sendable {
  /// 1 ... 8: 0 is a person, 9 the other language and `*` a repetition, everywhere.
  package var key: Int
  package var meaning: Meaning
  package var next: NodeID
  package var marks: Marks
  /// Spoken after the question; it names its key.
  package var text: GuideText

  package enum Meaning: String, Hashable, Sendable, CaseIterable {
    case yes = "si"
    case no
    /// One of several, in a question that is no yes-or-no.
    case other = "otra"
    case dontKnow = "no_se"
    case cannotWait = "no_puedo_esperar"

    /// Whether it takes the caller away from any date.
    package var asksForAPerson: Bool { self == .dontKnow || self == .cannotWait }
  }

  package init(_ key: Int, _ meaning: Meaning, _ next: NodeID, _ marks: Marks = Marks(), _ text: GuideText) {
    self.key = key
    self.meaning = meaning
    self.next = next
    self.marks = marks
    self.text = text
  }
}

/// What an answer makes known.
package struct Marks: Hashable, Sendable {
  /// An alarm sign: staff are alerted, and only 911, Urgencias or a person may follow.
  package var alarm: SignCode?
  /// A sign that is no emergency and cannot wait for the ordinary agenda either.
  package var prompt: SignCode?
  package var isPregnant: Bool
  package var code: EmergencyCode?
  /// How long ago it began.
  package var onset: OnsetRange?

  package init(
    alarm: SignCode? = nil, prompt: SignCode? = nil, isPregnant: Bool = false, code: EmergencyCode? = nil, onset: OnsetRange? = nil
  ) {
    self.alarm = alarm
    self.prompt = prompt
    self.isPregnant = isPregnant
    self.code = code
    self.onset = onset
  }
}

/// The code of a sign, such as `cara_caida`: what staff and the anonymous counts see.
package struct SignCode: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible {
  package let rawValue: String
  package init(rawValue: String) { self.rawValue = rawValue }
  package init(_ rawValue: String) { self.rawValue = rawValue }
  package var description: String { rawValue }
  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
