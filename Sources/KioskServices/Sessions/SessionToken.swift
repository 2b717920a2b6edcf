/// The key of a session: 128 bits from the system's generator, opaque to whoever holds it.
///
/// Text form: 32 lower-case hexadecimal digits.
package struct SessionToken: Hashable, Sendable, CustomStringConvertible {
  private let high: UInt64
  private let low: UInt64

  package init(using generator: inout some RandomNumberGenerator) {
    high = generator.next()
    low = generator.next()
  }

  /// Returns `nil` for anything but 32 hexadecimal digits.
  package init?(text: String) {
    var words: (UInt64, UInt64) = (0, 0)
    var count = 0
    for byte in text.utf8 {
      guard count < 32, let digit = Self.value(ofDigit: byte) else { return nil }
      words = (words.0 << 4 | words.1 >> 60, words.1 << 4 | digit)
      count += 1
    }
    guard count == 32 else { return nil }
    (high, low) = words
  }

  package var description: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(unsafeUninitializedCapacity: 32) { text in
      for place in 0..<16 {
        text[place] = digits[Int(high >> UInt64(60 - 4 * place) & 15)]
        text[place + 16] = digits[Int(low >> UInt64(60 - 4 * place) & 15)]
      }
      return 32
    }
  }

  private static func value(ofDigit byte: UInt8) -> UInt64? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }
}
