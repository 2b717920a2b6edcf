/// One conversation of the telephone, such as making an appointment: a graph of steps.
///
/// A value of this type may break every rule; ``PhoneLine/problems()`` says which, and only a line that breaks none is played to callers.
package struct Dialogue: Hashable, Sendable {
  package var id: DialogueID
  /// From 1; raised with each change that goes to callers.
  package var version: Int
  /// For lists and maps, in Spanish.
  package var title: String
  /// Whether a call can begin here: the script of the telephone's URL is then its code.
  package var isEntry: Bool
  package var start: StepID
  /// In the order of the file.
  package var steps: [Step]

  package init(id: DialogueID, version: Int, title: String, isEntry: Bool, start: StepID, steps: [Step]) {
    self.id = id
    self.version = version
    self.title = title
    self.isEntry = isEntry
    self.start = start
    self.steps = steps
  }

  /// - Complexity: O(steps); a dialogue has a few dozen.
  package subscript(_ id: StepID) -> Step? { steps.first { $0.id == id } }
}

/// The code of a dialogue, such as `citas`; also the first part of its prompts' names.
package struct DialogueID: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible {
  package let rawValue: String
  package init(rawValue: String) { self.rawValue = rawValue }
  package init(_ rawValue: String) { self.rawValue = rawValue }
  package var description: String { rawValue }
  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  /// Where a call begins whose script is no entry.
  package static let menu = DialogueID("menu")
  /// Guidance without identity: a call can begin here too.
  package static let guidance = DialogueID("orientacion")
  /// Where 0 leads, and whoever is not understood three times: a person, or the truth about when one answers.
  package static let person = DialogueID("persona")
  /// Where 9 leads; it comes back to where it was pressed.
  package static let languages = DialogueID("lenguas")
  /// Who calls; a guide that identifies leads here.
  package static let identification = DialogueID("identificacion")
  /// Where a guide's callback leads.
  package static let callback = DialogueID("llamada")
  /// The one question at the end of a call; where it comes from is what the answer is about.
  package static let survey = DialogueID("encuesta")
  /// Where a call begins that the clinic makes: whoever answers it is asked nothing about themselves.
  package static let notice = DialogueID("aviso")
}

/// The code of a step, unique in its dialogue.
package struct StepID: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible {
  package let rawValue: String
  package init(rawValue: String) { self.rawValue = rawValue }
  package init(_ rawValue: String) { self.rawValue = rawValue }
  package var description: String { rawValue }
  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
