internal import NIOCore
internal import TTRPCCore

/// What is spoken with a server besides plain ttrpc, once it has granted it.
extension ClientConnectionHandler {
  /// In force from the next frame on.
  func granted(_ extensions: WireExtensions) {
    machine.granted(extensions)
    status.extensions = machine.extensions
    guard machine.extensions.contains(.ping), peerWatch == nil else { return }
    peerWatch = PeerWatch(at: MonotonicTime(eventLoop.now))
    look()
  }

  // MARK: In

  func controlArrived(_ header: FrameHeader, _ body: UnsafeRawBufferPointer) {
    switch machine.controlArrived(header, body) {
    case .nothing: break
    case .pong:
      write(FrameHeader(length: header.length, stream: 0, type: .pong))
      output.writeBytes(body)
    case .resume(let stream): if let call = streams.value(of: stream) { writeWaiting(of: call) }
    case .fail(let error, let farewell):
      say(farewell, on: header.stream)
      end(stream: header.stream, .failed(error))
    case .leave(let notBegun): leave(notBegun)
    }
  }

  private func leave(_ notBegun: [UInt32]) {
    status.departed(.goingAway)
    failUnsent(.notBegun)
    // All of them before the connection may close: its end would tell them something else.
    for stream in notBegun { takeCall(stream)?.finish(.failure(.notBegun)) }
    for stream in notBegun { streams.remove(stream)?.finish(.failed(.notBegun)) }
    closeIfUsedUp()
  }

  // MARK: Out

  func say(_ farewell: ClientConnectionStateMachine.Farewell, on stream: UInt32) {
    switch farewell {
    case .silence: break
    case .close: writeClose(of: stream)
    case .cancel: write(FrameHeader(length: 0, stream: stream, type: .cancel))
    }
  }

  /// The reader of a stream has consumed so much.
  func giveBack(_ amount: UInt32, on stream: UInt32) {
    if machine.consumed(amount, on: stream) {
      output.writeBytes(WireExtensions.frame(.credit, stream: stream, number: amount))
    }
  }

  // MARK: Silence

  private func look(at time: MonotonicTime) {
    lookTimer = eventLoop.assumeIsolated().scheduleTask(deadline: NIODeadline(time)) { [weak self] in self?.look() ?? () }
  }

  private func look() {
    let output = PeerWatch.Output(handedOver: bytesHandedOver, unsent: bytesUnsent)
    switch peerWatch?.looked(at: MonotonicTime(eventLoop.now), output, limits: limits) {
    case nil: break
    case .lookAgain(let time): look(at: time)
    case .ping(let time):
      write(FrameHeader(length: 0, stream: 0, type: .ping))
      flush()
      look(at: time)
    case .gone: broken(.serverSilent)
    }
  }

  private var bytesUnsent: Int { (try? context?.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0 }
}
