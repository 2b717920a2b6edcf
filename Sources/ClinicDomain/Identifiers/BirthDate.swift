/// A date on which a living person can have been born: not after today, and at most 120 years of age.
package struct BirthDate: Hashable, Sendable {
  package let date: CivilDate

  /// Nobody is known to have lived much longer; an older date is a slip of the keys.
  package static let greatestAge = 120

  /// - Parameter today: the clinic's date; never read here.
  /// - Throws: ``BirthDateFault/inTheFuture`` or ``BirthDateFault/tooLongAgo``.
  package init(_ date: CivilDate, today: CivilDate) throws(BirthDateFault) {
    guard date <= today else { throw .inTheFuture }
    guard date.age(on: today) <= Self.greatestAge else { throw .tooLongAgo }
    self.date = date
  }

  /// Reads a keypad's `21111985`, a person's `21/11/1985` (or with hyphens, dots or spaces) and ISO's `1985-11-21`.
  ///
  /// Where both orders could be meant the length of the first group decides: four digits are a year.
  ///
  /// - Throws: the first reason that applies, in the order of ``BirthDateFault``.
  package init(parsing text: some StringProtocol, today: CivilDate) throws(BirthDateFault) {
    let groups = text.split(omittingEmptySubsequences: true) { " -/.".contains($0) }
    guard !groups.isEmpty else { throw .empty }
    guard groups.allSatisfy(\.isAllDigits) else { throw .notADate }
    let digits = groups.joined()
    let date: CivilDate?
    switch groups.map(\.count) {
    case [8], [2, 2, 4]: date = CivilDate(ddmmyyyy: digits)
    case [4, 2, 2]: date = CivilDate(iso: groups.joined(separator: "-"))
    default: throw .notADate
    }
    guard let date else { throw .noSuchDay }
    try self.init(date, today: today)
  }

  package func age(on other: CivilDate) -> Int { date.age(on: other) }
}

/// Why a text is no birth date. Cases stand in the order they are checked.
package enum BirthDateFault: IdentifierFault {
  case empty
  /// Not eight digits in one of the orders that are read.
  case notADate
  /// The calendar has no such day.
  case noSuchDay
  case inTheFuture
  /// More than 120 years ago.
  case tooLongAgo

  package var code: String {
    switch self {
    case .empty: "empty"
    case .notADate: "not_a_date"
    case .noSuchDay: "no_such_day"
    case .inTheFuture: "in_the_future"
    case .tooLongAgo: "too_long_ago"
    }
  }

  package var mensaje: String {
    switch self {
    case .empty: "Escriba la fecha de nacimiento con 8 dígitos: día, mes y año. Por ejemplo, 05021990."
    case .notADate: "La fecha de nacimiento lleva 8 dígitos: dos del día, dos del mes y cuatro del año. Por ejemplo, 05021990."
    case .noSuchDay: "Ese día no existe en el calendario. Revise el día y el mes; primero va el día."
    case .inTheFuture: "La fecha de nacimiento no puede ser posterior a hoy. Revise el año."
    case .tooLongAgo: "La fecha de nacimiento es de hace más de 120 años. Revise el año."
    }
  }
}

extension BirthDate: Comparable, CustomStringConvertible {
  package static func < (left: Self, right: Self) -> Bool { left.date < right.date }

  /// ISO: "1985-11-21".
  package var description: String { date.description }
  /// As it is read back: "21 de noviembre de 1985".
  package var spoken: String { date.spanishBirthText }
  /// "••/••/1985".
  package var masked: String { "••/••/\(date.year.padded(4))" }
}
