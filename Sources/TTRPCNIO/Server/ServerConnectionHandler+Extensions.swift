internal import NIOCore
internal import TTRPCCore

/// What this server says to a client that asked for more than plain ttrpc. See ``WireExtensions``.
extension ServerConnectionHandler {
  /// The reply to `Session/Hello` is written; from here on the connection speaks these too.
  func grant(_ extensions: WireExtensions) {
    machine.grant(extensions)
    guard extensions.contains(.ping), peerWatch == nil, !machine.isFinished else { return }
    peerWatch = PeerWatch(at: loop.now)
    lookForSilence()
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
  func answeredPing() { peerWatch?.heard(at: loop.readTime) }

  /// Asks a peer that was silent for a while, and closes the connection of one that did not answer.
  func lookForSilence() {
    guard !machine.isFinished else { return }
    let output = PeerWatch.Output(handedOver: bytesHandedOver, unsent: bytesUnsent)
    switch peerWatch?.looked(at: loop.now, output, isReading: !letsBytesWait, limits: loop.limits) {
    case nil: break
    case .lookAgain(let time): loop.watchSilence(of: self, until: time)
    case .ping(let time):
      write(FrameHeader(length: 0, stream: 0, type: .ping))
      loop.watchSilence(of: self, until: time)
    case .gone:
      loop.counters.silentPeers += 1
      abort()
    }
  }
}
