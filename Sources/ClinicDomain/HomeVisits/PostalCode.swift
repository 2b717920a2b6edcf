/// A Mexican postal code: five digits, the first two of which name the state or a part of Mexico City.
///
/// Source: Correos de México, Catálogo Nacional de Códigos Postales: 01000 … 99999.
package struct PostalCode: Hashable, Comparable, Sendable, LosslessStringConvertible {
  package let number: Int

  /// Returns `nil` outside `1000 ... 99999`.
  package init?(number: Int) {
    guard 1000...99_999 ~= number else { return nil }
    self.number = number
  }

  /// Reads five digits; spaces around them are dropped.
  package init?(_ text: String) {
    let digits = text.withoutGrouping
    guard digits.utf8.count == 5, digits.isAllDigits, let number = Int(digits) else { return nil }
    self.init(number: number)
  }

  package var description: String { number < 10_000 ? "0\(number)" : "\(number)" }

  package static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}
