internal import TTRPCCore

/// Where the streams of one connection take the room for messages that wait, for their method or for their client: the server's sums.
///
/// Asked under a queue's own lock, from any thread; it asks nobody further. The room of a stream is given back before its connection is
/// forgotten, because every end of a connection ends its streams.
final class StreamRoom: Sendable {
  private let connections: ConnectionCount
  private let address: ConnectionCount.Address?
  private let limits: TTRPCLimits

  init(_ connections: ConnectionCount, address: ConnectionCount.Address?, limits: TTRPCLimits) {
    self.connections = connections
    self.address = address
    self.limits = limits
  }

  /// Lets a queue hold so many bytes. Counts nothing more, and says why, when they are too many for the server or for the address.
  @inline(__always)
  func grow(_ charge: inout QueueCharge, to bytes: Int) -> ConnectionRefusal? {
    let more = charge.growth(to: bytes)
    guard more > 0 else { return nil }
    if let refusal = connections.keep(more, from: address, limits: limits) { return refusal }
    charge.grew(by: more)
    return nil
  }

  /// The queue holds so many bytes still.
  @inline(__always)
  func shrink(_ charge: inout QueueCharge, to bytes: Int) {
    let less = charge.shrank(to: bytes)
    if less > 0 { connections.giveBack(less, to: address) }
  }

  /// The stream is over.
  func release(_ charge: inout QueueCharge) {
    let less = charge.ended()
    if less > 0 { connections.giveBack(less, to: address) }
  }
}
