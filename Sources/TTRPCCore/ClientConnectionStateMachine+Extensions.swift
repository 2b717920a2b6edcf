/// What a client does with the frames of ``WireExtensions``. One of an extension that was not granted is an unknown frame: ignored.
extension ClientConnectionStateMachine {
  /// The server has granted these, besides what it granted before; in force from the next frame on.
  package mutating func granted(_ granted: WireExtensions) { extensions.formUnion(granted) }

  // MARK: Out

  /// Whether a message may be sent on the stream now, as far as the server's credit goes.
  package func hasCredit(on stream: UInt32) -> Bool {
    inFlight.value(of: stream)?.sending?.maySend ?? true
  }

  /// A message is about to be written.
  package mutating func sent(length: Int, on stream: UInt32) {
    _ = inFlight.update(stream) { $0.sending?.sent(length: length) }
  }

  /// The reader of a stream has consumed so much. Returns whether that is to be given back: not on a stream that is over, nor
  /// without the extension.
  package mutating func consumed(_ amount: UInt32, on stream: UInt32) -> Bool {
    inFlight.update(stream) { call in
      guard !call.isCancelled, call.reading != nil else { return false }
      call.reading?.gave(amount)
      return true
    } ?? false
  }

  // MARK: In

  mutating func receivedControl(_ header: FrameHeader) -> OnHeader {
    // A cancel is the client's word: a server that says it says nothing.
    guard let known = WireExtensions(frame: header.type), extensions.contains(known), header.type != .cancel else { return .ignore }
    guard WireExtensions.isWellFormed(header) else { return .close(.brokenExtension(header)) }
    return switch header.type {
    case .ping, .goingAway: .collect
    case .credit: receivedCredit(header)
    default: .skip
    }
  }

  private func receivedCredit(_ header: FrameHeader) -> OnHeader {
    // For a call that is over they crossed on the wire.
    guard let call = inFlight.value(of: header.stream), !call.isCancelled else { return .skip }
    return call.sending == nil ? .skip : .collect
  }

  package enum OnControl: Equatable, Sendable {
    /// They crossed on the wire.
    case nothing
    /// Send the same bytes back.
    case pong
    /// Messages that wait on the stream may go on.
    case resume(UInt32)
    /// The server broke a rule on that stream: its call has failed.
    case fail(RPCError, Farewell)
    /// These calls, in order, were not begun; the others go on, and no new one is made here.
    case leave(notBegun: [UInt32])
  }

  /// A collected frame of an extension is complete; its header was judged.
  package mutating func controlArrived(_ header: FrameHeader, _ body: UnsafeRawBufferPointer) -> OnControl {
    guard state != .closed else { return .nothing }
    return switch header.type {
    case .ping: .pong
    case .credit: creditArrived(WireExtensions.number(body), header)
    case .goingAway: goingAwayArrived(lastStream: WireExtensions.number(body))
    default: .nothing
    }
  }

  private mutating func creditArrived(_ amount: UInt32, _ header: FrameHeader) -> OnControl {
    guard var call = inFlight.value(of: header.stream), !call.isCancelled, var sending = call.sending else { return .nothing }
    guard sending.given(amount) else { return .fail(.tooMuchCredit, leave(header.stream, call)) }
    call.sending = sending
    inFlight.replace(header.stream, with: call)
    return .resume(header.stream)
  }

  private mutating func goingAwayArrived(lastStream: UInt32) -> OnControl {
    state = .finishing(.notBegun)
    let above = inFlight.streams(above: lastStream)
    // Those that were given up are over, too: their last frame will not come.
    return .leave(notBegun: above.filter { inFlight.remove($0)?.isCancelled == false })
  }
}
