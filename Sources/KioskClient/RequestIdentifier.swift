package import TTRPCCore

/// A client's name for one intention: 128 random bits, made once and repeated with every retry.
///
/// Text form, and what travels under the metadata key `request-id`: 32 lower-case hexadecimal digits.
package struct RequestIdentifier: Hashable, Sendable, CustomStringConvertible {
  package static let metadataKey = "request-id"

  private let high: UInt64
  private let low: UInt64

  package init() {
    var generator = SystemRandomNumberGenerator()
    self.init(using: &generator)
  }

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
