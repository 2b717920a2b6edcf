/// The reference number given to a person: unique, never reused, twelve digits of which the last is a ``Damm`` check digit.
///
/// The first three digits turn with the day on which it was made, 100 to 999, so that what is written on a day stands together in the
/// store's file; the rest is drawn at random among 100 million, so that one folio says nothing of another of its day. The first digit is
/// never 0, so that a spreadsheet does not shorten it. It is not the idempotency key: that is the request id.
package struct Folio: Hashable, Sendable {
  /// As a plain number, for storage.
  package let number: UInt64

  /// Reads twelve digits with any spaces and hyphens between them.
  ///
  /// - Throws: the first reason that applies, in the order of ``FolioFault``.
  package init(parsing text: some StringProtocol) throws(FolioFault) {
    let digits = text.withoutGrouping
    guard !digits.isEmpty else { throw .empty }
    guard digits.isAllDigits else { throw .notDigits }
    guard digits.utf8.count == 12 else { throw .wrongLength(digits.utf8.count) }
    guard digits.first != "0" else { throw .beginsWithZero }
    guard Damm.isWhole(digits) else { throw .badCheckDigit }
    number = UInt64(digits)!
  }

  /// The folio that a random number chooses among those of a day: every one as likely as every other, to within 1 in 10¹¹.
  ///
  /// - Parameter random: 64 bits from a generator that cannot be guessed; the same bits give the same folio.
  package init(random: UInt64, on day: CivilDate) {
    let turn = Int(day.daysSinceEpoch) % 900
    self.init(random: random, prefix: UInt64(100 + (turn < 0 ? turn + 900 : turn)))
  }

  private init(random: UInt64, prefix: UInt64) {
    number = Damm.appended(to: prefix * 100_000_000 + random.multipliedFullWidth(by: 100_000_000).high)
  }

  /// A folio read back from storage; `nil` unless the number is one.
  package init?(number: UInt64) {
    guard (100_000_000_000...999_999_999_999).contains(number), Damm.appended(to: number / 10) == number else { return nil }
    self.number = number
  }
}

/// Why a text is no folio. Cases stand in the order they are checked.
package enum FolioFault: IdentifierFault {
  case empty
  /// Something besides digits, spaces and hyphens.
  case notDigits
  /// The number of digits, which is not 12.
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
    case .empty: "Escriba los 12 dígitos de su folio; están en su comprobante."
    case .notDigits: "El folio lleva solo dígitos. Escríbalo sin letras ni otros signos."
    case .wrongLength(let count):
      "El folio tiene 12 dígitos y aquí hay \(count). Revíselo en su comprobante y escríbalo completo."
    case .beginsWithZero: "Ningún folio empieza con 0. Revise en su comprobante el primer dígito."
    case .badCheckDigit:
      "El folio no es correcto: algún dígito está cambiado. Revíselo dígito por dígito en su comprobante."
    }
  }
}

extension Folio {
  /// A further folio of the same command and day: 0 gives this one, every other number one that tells nothing of it.
  package func following(_ number: Int) -> Folio {
    guard number > 0 else { return self }
    var mixed = self.number &+ UInt64(number) &* 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Folio(random: mixed ^ (mixed >> 31), prefix: self.number / 1_000_000_000)
  }
}

extension Folio: Comparable, LosslessStringConvertible {
  package static func < (left: Self, right: Self) -> Bool { left.number < right.number }

  /// Twelve digits.
  package var description: String { String(number) }
  /// As ``init(parsing:)``, without the reason.
  package init?(_ text: String) {
    guard let folio = try? Folio(parsing: text) else { return nil }
    self = folio
  }

  /// As it is printed and read aloud: "4820 1157 0363".
  package var spoken: String { description.grouped([4, 4, 4]) }
  /// "••••••••0363".
  package var masked: String { description.masked() }
}
