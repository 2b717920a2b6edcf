/// A day of the week; the raw value is ISO 8601's number, Monday 1 to Sunday 7.
package enum Weekday: Int, Hashable, Comparable, CaseIterable, Sendable {
  case monday = 1, tuesday, wednesday, thursday, friday, saturday, sunday

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  /// The Spanish name, in lower case with its accent: "lunes" … "domingo".
  package var spanishName: String {
    switch self {
    case .monday: "lunes"
    case .tuesday: "martes"
    case .wednesday: "miércoles"
    case .thursday: "jueves"
    case .friday: "viernes"
    case .saturday: "sábado"
    case .sunday: "domingo"
    }
  }

  /// The first three letters of the Spanish name: "lun", "mié", "sáb".
  package var spanishShortName: String { String(spanishName.prefix(3)) }

  /// Reads a Spanish name, whole or its first three letters, in any case, with or without its accent.
  ///
  /// Returns `nil` for anything else.
  package init?(spanish text: some StringProtocol) {
    let folded = text.foldedSpanish
    guard let day = Self.allCases.first(where: {
      $0.spanishName.foldedSpanish == folded || $0.spanishShortName.foldedSpanish == folded
    }) else { return nil }
    self = day
  }
}

extension Weekday: CustomStringConvertible {
  package var description: String { spanishName }
}
