/// The answers to the survey's one question that came on one day through one channel about one dialogue. Nothing in it is of a person.
package struct SurveyCell: Hashable, Sendable {
  package var date: CivilDate
  package var channel: Channel
  /// A code: "citas".
  package var dialogue: String
  package var resolved: Int
  package var unresolved: Int

  package init(date: CivilDate, channel: Channel, dialogue: String, resolved: Int = 0, unresolved: Int = 0) {
    self.date = date
    self.channel = channel
    self.dialogue = dialogue
    self.resolved = resolved
    self.unresolved = unresolved
  }

  /// Whether a text is a dialogue's code: 1 to 40 lower-case letters, digits and `_`.
  package static func isDialogue(_ text: String) -> Bool {
    1...40 ~= text.utf8.count && text.utf8.allSatisfy { 97...122 ~= $0 || 48...57 ~= $0 || $0 == 95 }
  }
}
