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
    if letsBytesWait { return watch(frame) }
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

  /// In a read: a long request that its method would not take, or that no method would, is refused when its front has come, so that
  /// nobody can have kept what nobody may send.
  func judgeFront() {
    guard let header = parser.collected, header.type == .request, Int(header.length) > Self.longestUnjudged,
      (1..<Int(header.length)).contains(partial.readableBytes),
      let refusal = partial.withUnsafeReadableBytes({ RequestFront($0).flatMap(refusal) })
    else { return }
    loop.counters.refusals += 1
    chargeRefusal()
    parser.giveUpBody(kept: partial.readableBytes)
    partial = ByteBuffer()
    write(refusal, on: header.stream)
  }

  /// Shorter ones are judged when they are whole: that costs nothing.
  private static let longestUnjudged = 16_384

  private func refusal(_ front: RequestFront) -> RPCError? {
    do throws(RPCError) {
      let method = try loop.router.route(service: front.service, method: front.method, role: caller.role).descriptor
      guard let refusal = method.refusal(ofMessage: Int(clamping: front.payloadLength)) else { return nil }
      loop.reached(.maxRequestBytes)
      return refusal
    } catch { return error }
  }

  /// After a read: keeps the server's sums of half-received bytes, and gives a frame up that takes one over its bound.
  @inline(__always)
  func countUnfinishedBytes() {
    let bytes = partial.readableBytes
    guard bytes != countedBytes else { return }
    let hasGrown = bytes > countedBytes
    let refusal = loop.connectionCount.keptUnfinished(bytes - countedBytes, from: addressKey, limits: loop.limits)
    countedBytes = bytes
    if hasGrown, let refusal, !isPaused { giveUpBody(refusal) }
  }

  private func giveUpBody(_ refusal: ConnectionRefusal) {
    let stream = parser.collected?.stream
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
