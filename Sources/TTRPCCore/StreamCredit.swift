/// What one end may still send on one stream: the sender's side of ``WireExtensions/credit``.
package struct SendCredit: Hashable, Sendable {
  private var left: Int64 = Int64(WireExtensions.initialCredit)

  package init() {}

  /// Whether a message may be sent now, whatever its length.
  package var maySend: Bool { left > 0 }

  package mutating func sent(length: Int) { left -= Int64(WireExtensions.cost(ofMessage: length)) }

  /// The reader has room for more. Returns `false`, and changes nothing, when that is nothing or more than fits 31 bits in all.
  package mutating func given(_ bytes: UInt32) -> Bool {
    let sum = left + Int64(bytes)
    guard bytes > 0, sum <= Int64(Int32.max) else { return false }
    left = sum
    return true
  }
}

/// What the peer may still send on one stream: the reader's side of ``WireExtensions/credit``.
package struct ReceiveCredit: Hashable, Sendable {
  private var left: Int64 = Int64(WireExtensions.initialCredit)

  package init() {}

  /// A message has come. Returns `false` when the peer had no credit for it.
  package mutating func received(length: Int) -> Bool {
    guard left > 0 else { return false }
    left -= Int64(WireExtensions.cost(ofMessage: length))
    return true
  }

  /// The peer is told that it may send so much more.
  package mutating func gave(_ bytes: UInt32) { left += Int64(bytes) }
}

/// What a reader has consumed and not yet given back.
package struct ConsumedCredit: Hashable, Sendable {
  private var owed = 0

  package init() {}

  /// A message has been consumed. Returns what to give back now, in steps of at least half of the first credit, so that a stream of
  /// small messages does not answer each with a frame.
  package mutating func consumed(length: Int) -> UInt32? {
    owed += WireExtensions.cost(ofMessage: length)
    guard owed >= WireExtensions.initialCredit / 2 else { return nil }
    defer { owed = 0 }
    return UInt32(owed)
  }
}

extension WireExtensions {
  /// What a message takes of its stream's credit.
  package static func cost(ofMessage length: Int) -> Int { length + messageOverhead }

  /// Credit on the wire: 4 bytes, big-endian. The bytes must be that many.
  package static func number(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self))
  }

  /// A frame with a number of 4 bytes: ``FrameType/credit`` or ``FrameType/goingAway``.
  package static func frame(_ type: FrameType, stream: UInt32, number: UInt32) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: FrameHeader.size + 4)
    bytes.withUnsafeMutableBytes {
      FrameHeader(length: 4, stream: stream, type: type).write(to: $0)
      $0.storeBytes(of: number.bigEndian, toByteOffset: FrameHeader.size, as: UInt32.self)
    }
    return bytes
  }
}
