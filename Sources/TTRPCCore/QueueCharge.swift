/// What one queue of a stream takes of ``TTRPCLimits/maxBytesBufferedIn``: never less than the bytes that wait in it.
///
/// A queue counts ``least`` from the stream's beginning to its end, which is about what its half of the stream costs in memory, and beyond
/// that its bytes in steps of ``step``: a small message that comes and is read changes nothing, so that the server's sum, which all
/// loops share, is touched once for every few KiB. No more than ``slack`` is ever counted too much.
package struct QueueCharge: Hashable, Sendable {
  /// Bytes.
  package static let least = 1024
  /// Bytes.
  package static let step = 4096
  /// Bytes that a queue has given up and that are not yet given back, unless it is down to ``least``.
  package static let slack = 16_384

  /// Bytes in the server's sum; 0 before the stream's beginning and after its end.
  package private(set) var counted = 0

  package init() {}

  /// Bytes to be counted more before so many may wait; 0 mostly. Then ask ``grew(by:)``.
  @inline(__always)
  package func growth(to bytes: Int) -> Int { bytes <= counted && counted > 0 ? 0 : Self.rounded(bytes) - counted }

  package mutating func grew(by bytes: Int) { counted += bytes }

  /// So many bytes wait still. Returns those to be given back now; 0 mostly.
  @inline(__always)
  package mutating func shrank(to bytes: Int) -> Int {
    guard bytes <= Self.least ? counted > Self.least : counted - bytes > Self.slack else { return 0 }
    defer { counted = Self.rounded(bytes) }
    return counted - Self.rounded(bytes)
  }

  /// The stream is over. Returns the bytes to be given back.
  package mutating func ended() -> Int {
    defer { counted = 0 }
    return counted
  }

  private static func rounded(_ bytes: Int) -> Int {
    least + (max(0, bytes - least) + step - 1) / step * step
  }
}
