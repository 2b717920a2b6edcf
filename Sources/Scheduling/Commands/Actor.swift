package import ClinicDomain

/// Who has something done.
package enum Actor: Hashable, Sendable {
  /// The person of a session, for themselves or for somebody they may act for.
  case person(PatientID)
  /// Somebody of the clinic: may act for anyone, and says why.
  case staff(StaffName, StaffReason)
  /// The server itself.
  case system
  /// A community promoter, for who is on their list: ``BookForListed``, and nothing else, looks at it.
  case promoter(StaffName)

  /// The person whose rights a decision looks at; `nil` for those who need none.
  package var person: PatientID? {
    if case .person(let id) = self { id } else { nil }
  }

  /// As the history has it: no name of a patient, only the store's own number.
  package var text: String {
    switch self {
    case .person(let id): "person:\(id.rawValue)"
    case .staff(let name, _): "staff:\(name.text)"
    case .system: "system"
    case .promoter(let name): "promoter:\(name.text)"
    }
  }
}

/// Who of the clinic acts, by what their connection has proved: a certificate's device, or a user of the system.
///
/// 1 to 120 printable ASCII characters without spaces; never taken from a message.
package struct StaffName: Hashable, Sendable, CustomStringConvertible {
  package let text: String

  /// Returns `nil` outside that.
  package init?(_ text: String) {
    guard 1...120 ~= text.utf8.count, text.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else { return nil }
    self.text = text
  }

  package var description: String { text }
}

/// Why somebody of the clinic did it; a code, because the history holds no free text about people.
package enum StaffReason: String, Hashable, Sendable, CaseIterable {
  /// The agenda's own course: seen, did not come.
  case routine
  /// The person, or whoever acts for them, asked at the desk.
  case askedInPerson = "asked-in-person"
  case askedByPhone = "asked-by-phone"
  case medicalPriority = "medical-priority"
  case emergency
  /// The doctor or the nurse is not there.
  case staffAbsent = "staff-absent"
  case equipmentDown = "equipment-down"
  /// The room or the clinic is closed.
  case closure
  /// An earlier act was a mistake.
  case correction
  /// The person came and left before they were seen.
  case personLeft = "person-left"
}
