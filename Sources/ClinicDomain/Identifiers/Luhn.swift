/// The check digit of the NSS.
///
/// It sees every single wrong digit, and every swap of neighbours but 09 ↔ 90.
/// Source: domain, 1.1; ISO/IEC 7812-1, annex B.
package enum Luhn {
  /// The digit to append to `digits`.
  ///
  /// - Precondition: each is 0 to 9.
  package static func checkDigit(of digits: some BidirectionalCollection<UInt8>) -> UInt8 {
    var (sum, doubled) = (0, true)
    for digit in digits.reversed() {
      precondition(digit < 10, "a decimal digit")
      let product = Int(digit) * (doubled ? 2 : 1)
      sum += product > 9 ? product - 9 : product
      doubled.toggle()
    }
    return UInt8((10 - sum % 10) % 10)
  }
}
