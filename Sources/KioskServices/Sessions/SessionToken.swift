internal import ClinicDomain

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
    guard let bytes = Hexadecimal.bytes(of: text), bytes.count == 16 else { return nil }
    high = bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) }
    low = bytes[8...].reduce(0) { $0 << 8 | UInt64($1) }
  }

  package var description: String {
    Hexadecimal.text(of: [high, low].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * UInt64($0))) } })
  }
}
