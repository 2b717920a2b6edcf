/// Número de Seguridad Social: eleven digits, shared by the titular and the whole family.
///
/// Digits 1–2 subdelegación, 3–4 year of registration, 5–6 year of birth (both without a century), 7–10 serial, 11 Luhn check
/// digit. Nothing but the check digit is a reason to refuse one: subdelegaciones are added, and the years cannot be decided
/// without a century.
/// Source: domain, 1.1.
package struct NSS: Hashable, Sendable {
  private let value: UInt64

  /// Reads eleven digits with any spaces and hyphens between them.
  ///
  /// - Throws: the first reason that applies, in the order of ``NSSFault``.
  package init(parsing text: some StringProtocol) throws(NSSFault) {
    let digits = text.withoutGrouping
    guard !digits.isEmpty else { throw .empty }
    guard digits.isAllDigits else { throw .notDigits }
    guard digits.utf8.count == 11 else { throw .wrongLength(digits.utf8.count) }
    let values = digits.utf8.map { $0 - UInt8(ascii: "0") }
    guard Luhn.checkDigit(of: values.dropLast()) == values[10] else { throw .badCheckDigit }
    value = UInt64(digits)!
  }

  /// Ten digits and the check digit that belongs to them; `nil` outside `0 ..< 10_000_000_000`.
  package init?(firstTenDigits: Int) {
    guard (0..<10_000_000_000).contains(firstTenDigits) else { return nil }
    let digits = firstTenDigits.padded(10).utf8.map { $0 - UInt8(ascii: "0") }
    value = UInt64(firstTenDigits) * 10 + UInt64(Luhn.checkDigit(of: digits))
  }

  package var subdelegacion: Int { Int(value / 1_000_000_000) }
  /// The last two digits of the year of first registration.
  package var registrationYear: Int { Int(value / 10_000_000 % 100) }
  /// The last two digits of the titular's year of birth.
  package var birthYear: Int { Int(value / 100_000 % 100) }
  package var serial: Int { Int(value / 10 % 10_000) }
}

/// Why a text is no NSS. Cases stand in the order they are checked.
package enum NSSFault: IdentifierFault {
  case empty
  /// Something besides digits, spaces and hyphens.
  case notDigits
  /// The number of digits, which is not 11.
  case wrongLength(Int)
  case badCheckDigit

  package var code: String {
    switch self {
    case .empty: "empty"
    case .notDigits: "not_digits"
    case .wrongLength: "wrong_length"
    case .badCheckDigit: "bad_check_digit"
    }
  }

  package var mensaje: String {
    switch self {
    case .empty: "Escriba los 11 dígitos de su Número de Seguridad Social; están en su Cartilla Nacional de Salud."
    case .notDigits: "El Número de Seguridad Social lleva solo dígitos. Escríbalo sin letras ni otros signos."
    case .wrongLength(let count):
      "El Número de Seguridad Social tiene 11 dígitos y aquí hay \(count). Revíselo en su Cartilla y escríbalo completo."
    case .badCheckDigit:
      """
      El Número de Seguridad Social no es correcto: algún dígito está cambiado. Revíselo dígito por dígito en su Cartilla.
      """
    }
  }
}

// MARK: - Doubts

/// A doubt about an NSS that is no reason to refuse it: the screen asks to look again.
package enum NSSWarning: Hashable, Sendable {
  /// With the likeliest centuries, the titular was registered before being born.
  case registeredBeforeBirth
  /// The year of birth in the NSS is not the titular's.
  case birthYearDiffers

  package var mensaje: String {
    switch self {
    case .registeredBeforeBirth:
      "Verifique el Número de Seguridad Social: el año de registro sería anterior al de nacimiento."
    case .birthYearDiffers:
      "Verifique el Número de Seguridad Social: su año de nacimiento no es el del titular."
    }
  }
}

extension NSS {
  /// What looks odd, in the order of ``NSSWarning``.
  ///
  /// Two-digit years are taken as the latest that is not after `today`. A number beginning 97 ("no birth date on record") is
  /// not compared.
  ///
  /// - Parameter titularBirthYear: from the titular's CURP or birth date, never a beneficiary's; `nil` when unknown.
  package func warnings(today: CivilDate, titularBirthYear: Int? = nil) -> [NSSWarning] {
    guard subdelegacion != 97 else { return [] }
    let current = today.year % 100
    let registered = registrationYear <= current ? registrationYear + 100 : registrationYear
    let born = birthYear <= current ? birthYear + 100 : birthYear
    var warnings: [NSSWarning] = []
    if born > registered { warnings.append(.registeredBeforeBirth) }
    if let titularBirthYear, titularBirthYear % 100 != birthYear { warnings.append(.birthYearDiffers) }
    return warnings
  }
}

// MARK: - Text

extension NSS: Comparable, LosslessStringConvertible {
  package static func < (left: Self, right: Self) -> Bool { left.value < right.value }

  /// Eleven digits.
  package var description: String { value.padded(11) }
  /// As ``init(parsing:)``, without the reason.
  package init?(_ text: String) {
    guard let value = try? NSS(parsing: text) else { return nil }
    self = value
  }

  /// As it is printed: "92-91-90-8443-1".
  package var grouped: String { String(spoken.map { $0 == " " ? "-" : $0 }) }
  /// As it is read aloud: "92 91 90 8443 1".
  package var spoken: String { description.grouped([2, 2, 2, 4, 1]) }
  /// "•••••••4431".
  package var masked: String { description.masked() }
}
