/// The check digit of our own numbers: ``Folio`` and ``PatientNumber``.
///
/// It sees every single wrong digit and every swap of neighbours, for it runs through a totally anti-symmetric quasigroup whose
/// diagonal is zero: a number with its check digit ends in state 0. It needs no letter, and so fits a telephone keypad.
/// Source: H. Michael Damm, "Total anti-symmetrische Quasigruppen", Marburg 2004, the quasigroup of order 10 printed there.
package enum Damm {
  private static let table: [[UInt8]] = [
    [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
    [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
    [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
    [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
    [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
    [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
    [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
    [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
    [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
    [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
  ]

  /// The digit to append to `digits`. Of digits that end in their check digit it is 0.
  ///
  /// - Precondition: each is 0 to 9.
  package static func checkDigit(of digits: some Sequence<UInt8>) -> UInt8 {
    digits.reduce(0) { state, digit in table[Int(state)][Int(digit)] }
  }

  /// The number with its check digit behind it.
  static func appended(to payload: UInt64) -> UInt64 {
    // Digit by digit from the left, without a text: every row read from the store passes here.
    var divisor: UInt64 = 1
    while payload / divisor >= 10 { divisor *= 10 }
    var (state, rest): (UInt8, UInt64) = (0, payload)
    while divisor > 0 {
      state = table[Int(state)][Int(rest / divisor)]
      rest %= divisor
      divisor /= 10
    }
    return payload * 10 + UInt64(state)
  }

  /// Whether a text of digits ends in its check digit.
  ///
  /// - Precondition: ASCII digits alone.
  static func isWhole(_ text: some StringProtocol) -> Bool {
    checkDigit(of: text.utf8.lazy.map { $0 - UInt8(ascii: "0") }) == 0
  }
}
