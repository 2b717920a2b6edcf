internal import Glibc
package import TTRPCCore

/// A client's name for one intention: 128 bits, made once and repeated with every retry.
///
/// Shape: 48 bits of milliseconds since 1970, then 80 bits of chance, as in UUID version 7 (RFC 9562). The time comes first so that
/// the server's table of answers grows at one end: with ids of pure chance every write touches a page of its own. The
/// server reads nothing out of it; any 16 bytes will do.
///
/// Text form, and what travels under the metadata key `request-id`: 32 lower-case hexadecimal digits.
package struct RequestIdentifier: Hashable, Sendable, CustomStringConvertible {
  package static let metadataKey = "request-id"

  private let high: UInt64
  private let low: UInt64

  package init() {
    var generator = SystemRandomNumberGenerator()
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    let milliseconds = UInt64(max(now.tv_sec, 0)) * 1000 + UInt64(now.tv_nsec) / 1_000_000
    high = milliseconds << 16 | UInt64.random(in: 0...0xFFFF, using: &generator)
    low = generator.next()
  }

  /// All of it chance, from a generator of the caller's: for ids that a seed decides.
  package init(using generator: inout some RandomNumberGenerator) {
    high = generator.next()
    low = generator.next()
  }

  package var description: String { Self.hexadecimal(high) + Self.hexadecimal(low) }

  private static func hexadecimal(_ word: UInt64) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

extension CallOptions {
  /// Options of a write: its request id, and how long to wait.
  package static func write(_ id: RequestIdentifier, timeout: Duration? = nil) -> CallOptions {
    CallOptions(timeout: timeout, metadata: [RequestIdentifier.metadataKey: id.description])
  }
}
