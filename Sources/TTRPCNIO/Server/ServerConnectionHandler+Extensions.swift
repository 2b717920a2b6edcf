internal import NIOCore
internal import TTRPCCore

/// When a peer that speaks ping was last heard.
struct Liveness: Hashable {
  var heard: MonotonicTime
  /// Whether it has been asked since.
  var isAsked = false
}

/// What this server says to a client that asked for more than plain ttrpc. See ``WireExtensions``.
extension ServerConnectionHandler {
  /// The reply to `Session/Hello` is written; from here on the connection speaks these too.
  func grant(_ extensions: WireExtensions) {
    machine.grant(extensions)
    guard extensions.contains(.ping), liveness == nil, !machine.isFinished else { return }
    liveness = Liveness(heard: loop.now)
    watchSilence(for: loop.limits.pingInterval)
  }

  func extensionArrived(_ header: FrameHeader, _ body: UnsafeRawBufferPointer) {
    switch machine.extensionArrived(header, body) {
    case .ignore: break
    case .pong: write(FrameHeader(length: header.length, stream: 0, type: .pong), body)
    case .resume(let stream): resume(stream)
    case .refuseAndCancel(let refusal): refuseAndCancel(header.stream, refusal)
    case .refuseAndClose(let refusal): refuseAndClose(header.stream, refusal)
    }
  }

  func giveBack(_ bytes: UInt32, on stream: ServerStream) {
    guard machine.givesBack(bytes, on: stream.number) else { return }
    write(frame: WireExtensions.frame(.credit, stream: stream.number, number: bytes))
  }

  /// Names the last stream that will be served, before the first refusal.
  func sayGoingAway() {
    guard !machine.isFinished, let last = machine.lastStreamToTell else { return }
    write(frame: WireExtensions.frame(.goingAway, stream: 0, number: last))
    flush()
  }

  // MARK: A peer that says nothing

  /// After a read.
  @inline(__always)
  func answeredPing() {
    if liveness != nil { liveness = Liveness(heard: loop.readTime) }
  }

  /// Asks a peer that was silent for a while, and closes the connection of one that did not answer.
  func lookForSilence() {
    guard let last = liveness, !machine.isFinished else { return }
    let silent = loop.now.nanoseconds - last.heard.nanoseconds
    let (interval, timeout) = (loop.limits.pingInterval.nanosecondsClamped, loop.limits.pingTimeout.nanosecondsClamped)
    // What this end does not read cannot be the peer's fault.
    if isPaused || allowance.isHeld { return watchSilence(for: loop.limits.pingTimeout) }
    if Int64(silent) < interval { return watchSilence(for: .nanoseconds(interval - Int64(silent))) }
    if !last.isAsked {
      liveness?.isAsked = true
      write(FrameHeader(length: 0, stream: 0, type: .ping))
      return watchSilence(for: loop.limits.pingTimeout)
    }
    guard Int64(silent) >= interval + timeout else { return watchSilence(for: .nanoseconds(interval + timeout - Int64(silent))) }
    loop.counters.silentPeers += 1
    abort()
  }

  private func watchSilence(for time: Duration) {
    loop.watchSilence(of: self, until: loop.now.advanced(byNanoseconds: time.nanosecondsClamped))
  }
}
