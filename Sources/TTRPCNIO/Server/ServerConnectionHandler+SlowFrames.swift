internal import NIOCore
internal import TTRPCCore

/// A frame of a connection that has begun and not ended.
struct SlowFrame: Hashable {
  /// Which part of which frame: the time of a header and that of its body run one after the other.
  enum Part: Hashable { case header(after: UInt32), body(of: UInt32) }

  let part: Part
  /// Bytes of the body that were missing when its time began; 0 for a header.
  let missing: Int
}

/// A peer that drips its bytes holds a connection no longer than ``TTRPCLimits`` says.
///
/// One timer of the loop watches them all; a connection between frames costs nothing.
extension ServerConnectionHandler {
  /// After a read: lets the time of an unfinished frame run, unless it does already.
  @inline(__always)
  func watchUnfinishedFrame() {
    guard partial.readableBytes > 0 || parser.bodyBytesMissing(kept: 0) != nil else { return slowFrame = nil }
    let frame = unfinishedFrame()
    guard frame?.part != slowFrame?.part else { return }
    slowFrame = frame
    if let frame { watch(frame) }
  }

  func isWaiting(for frame: SlowFrame) -> Bool { slowFrame == frame }

  /// The frame's time is over: it goes on only when its body comes fast enough.
  func frameOverdue(_ frame: SlowFrame) {
    guard isWaiting(for: frame), !machine.isFinished else { return }
    // What this end does not read cannot be the peer's fault.
    if isPaused { return watch(frame) }
    guard case .body = frame.part, let now = unfinishedFrame() else {
      loop.reached(.headerDeadline)
      return abort()
    }
    let wanted = loop.limits.minBodyRate * Int(loop.limits.bodyDeadline.components.seconds)
    guard frame.missing - now.missing < wanted else {
      slowFrame = now
      return watch(now)
    }
    giveUpBody(.bodyTooSlow(bytesPerSecond: loop.limits.minBodyRate))
  }

  /// After a read: keeps the server's sum of half-received bytes, and gives a frame up that takes it over its bound.
  @inline(__always)
  func countUnfinishedBytes() {
    let bytes = partial.readableBytes
    guard bytes != countedBytes else { return }
    let hasGrown = bytes > countedBytes
    let sum = loop.connectionCount.keptUnfinished(bytes - countedBytes)
    countedBytes = bytes
    if hasGrown, sum > loop.limits.maxBytesBufferedIn, !isPaused {
      giveUpBody(.tooMuchBuffered(maximum: loop.limits.maxBytesBufferedIn))
    }
  }

  private func giveUpBody(_ refusal: ConnectionRefusal) {
    let stream = parser.collectedStream
    machine.bodyGivenUp()
    cancelRunning()
    slowFrame = nil
    partial = ByteBuffer()
    countUnfinishedBytes()
    if let stream { refuse(stream, refusal) }
    endConnection()
  }

  private func watch(_ frame: SlowFrame) {
    let limits = loop.limits
    let time = if case .header = frame.part { limits.headerDeadline } else { limits.bodyDeadline }
    loop.watch(frame, of: self, until: loop.now.advanced(byNanoseconds: time.nanosecondsClamped))
  }

  private func unfinishedFrame() -> SlowFrame? {
    if let missing = parser.bodyBytesMissing(kept: partial.readableBytes) {
      return SlowFrame(part: .body(of: parser.framesBegun), missing: missing)
    }
    return partial.readableBytes > 0 ? SlowFrame(part: .header(after: parser.framesBegun), missing: 0) : nil
  }
}
