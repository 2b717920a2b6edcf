/// The clinic's own number of a person: nine digits of which the last is a ``Damm`` check digit.
///
/// It is on the person's card as a QR code, serves people without NSS or CURP, and stands for NSS and family member at once on a
/// keypad. Drawn at random among 90 million, so that it tells nothing about its holder. The first digit is never 0, so that a
/// spreadsheet does not shorten it.
package struct PatientNumber: Hashable, Sendable {
  /// As a plain number, for storage.
  package let number: UInt64

  /// Reads nine digits with any spaces and hyphens between them.
  ///
  /// - Throws: the first reason that applies, in the order of ``PatientNumberFault``.
  package init(parsing text: some StringProtocol) throws(PatientNumberFault) {
    let digits = text.withoutGrouping
    guard !digits.isEmpty else { throw .empty }
    guard digits.isAllDigits else { throw .notDigits }
    guard digits.utf8.count == 9 else { throw .wrongLength(digits.utf8.count) }
    guard digits.first != "0" else { throw .beginsWithZero }
    guard Damm.isWhole(digits) else { throw .badCheckDigit }
    number = UInt64(digits)!
  }

  /// The number that a random one chooses: every one as likely as every other, to within 1 in 10¹¹.
  ///
  /// - Parameter random: 64 bits from a generator that cannot be guessed; the same bits give the same number.
  package init(random: UInt64) {
    number = Damm.appended(to: 10_000_000 + random.multipliedFullWidth(by: 90_000_000).high)
  }

  /// One read back from storage; `nil` unless the number is one.
  package init?(number: UInt64) {
    guard (100_000_000...999_999_999).contains(number), Damm.appended(to: number / 10) == number else { return nil }
    self.number = number
  }
}

/// Why a text is no patient number. Cases stand in the order they are checked.
package enum PatientNumberFault: IdentifierFault {
  case empty
  /// Something besides digits, spaces and hyphens.
  case notDigits
  /// The number of digits, which is not 9.
  case wrongLength(Int)
  case beginsWithZero
  case badCheckDigit

  package var code: String {
    switch self {
    case .empty: "empty"
    case .notDigits: "not_digits"
    case .wrongLength: "wrong_length"
    case .beginsWithZero: "begins_with_zero"
    case .badCheckDigit: "bad_check_digit"
    }
  }

  package var mensaje: String {
    switch self {
    case .empty: "Escriba los 9 dígitos de su número de paciente; están en su tarjeta."
    case .notDigits: "El número de paciente lleva solo dígitos. Escríbalo sin letras ni otros signos."
    case .wrongLength(let count):
      "El número de paciente tiene 9 dígitos y aquí hay \(count). Revíselo en su tarjeta y escríbalo completo."
    case .beginsWithZero: "Ningún número de paciente empieza con 0. Revise en su tarjeta el primer dígito."
    case .badCheckDigit:
      "El número de paciente no es correcto: algún dígito está cambiado. Revíselo dígito por dígito en su tarjeta."
    }
  }
}

extension PatientNumber: Comparable, LosslessStringConvertible {
  package static func < (left: Self, right: Self) -> Bool { left.number < right.number }

  /// Nine digits.
  package var description: String { String(number) }
  /// As ``init(parsing:)``, without the reason.
  package init?(_ text: String) {
    guard let value = try? PatientNumber(parsing: text) else { return nil }
    self = value
  }

  /// As it is printed and read aloud: "482 011 570".
  package var spoken: String { description.grouped([3, 3, 3]) }
  /// "•••••1570".
  package var masked: String { description.masked() }
}
