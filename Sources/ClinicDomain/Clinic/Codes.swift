/// The code of a service in a clinic's configuration, such as `medicina_familiar`.
package struct ServiceCode: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible {
  package let rawValue: String
  package init(rawValue: String) { self.rawValue = rawValue }
  package init(_ rawValue: String) { self.rawValue = rawValue }
  package var description: String { rawValue }
  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// The code of a turno in a clinic's configuration, such as `matutino`.
///
/// A turno is a working shift; a place in a line is a `Ticket`.
package struct TurnoCode: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible {
  package let rawValue: String
  package init(rawValue: String) { self.rawValue = rawValue }
  package init(_ rawValue: String) { self.rawValue = rawValue }
  package var description: String { rawValue }
  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// What an agenda belongs to: a consultorio, a desk (ventanilla), or a professional whose time goes into other rooms' appointments.
///
/// Text form: "C12", "V2", "P3". Numbers run from 1 to 999. Order: consultorios first, then desks, then professionals; by number.
package struct ResourceID: Hashable, Comparable, Sendable, CustomStringConvertible {
  package enum Kind: UInt8, Hashable, Sendable, CaseIterable {
    case consultorio = 0
    case ventanilla = 1
    case profesional = 2

    /// The letter in front of the number.
    package var letter: String {
      switch self {
      case .consultorio: "C"
      case .ventanilla: "V"
      case .profesional: "P"
      }
    }

    /// The word on the door.
    package var word: String {
      switch self {
      case .consultorio: "consultorio"
      case .ventanilla: "ventanilla"
      case .profesional: "profesional"
      }
    }

    /// Of several.
    package var plural: String { self == .profesional ? "profesionales" : word + "s" }
  }

  package let kind: Kind
  package let number: Int

  /// Returns `nil` outside `1 ... 999`.
  package init?(_ kind: Kind, _ number: Int) {
    guard (1...999).contains(number) else { return nil }
    self.kind = kind
    self.number = number
  }

  /// Returns `nil` for anything but a kind's letter (either case) and a number without leading zeros.
  package init?(text: some StringProtocol) {
    guard let letter = text.first?.uppercased(),
      let kind = Kind.allCases.first(where: { $0.letter == letter }),
      let number = Int(text.dropFirst()), "\(number)" == text.dropFirst()
    else { return nil }
    self.init(kind, number)
  }

  package var description: String { "\(kind.letter)\(number)" }

  package static func < (left: Self, right: Self) -> Bool {
    (left.kind.rawValue, left.number) < (right.kind.rawValue, right.number)
  }
}

/// Through which door a command came; set by the listener's role, never by the message.
package enum Channel: String, Hashable, Sendable, CaseIterable {
  case kiosk
  case phone
  /// Staff at a desk.
  case desk
}
