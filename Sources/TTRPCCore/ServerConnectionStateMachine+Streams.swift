/// Streams and extensions: what a call's messages and the words between our own two ends are answered with.
extension ServerConnectionStateMachine {
  // MARK: Streams

  /// The dispatched call on `stream` is served as a stream; `isClientOpen` says whether its client will send messages.
  ///
  /// Without this a call is unary.
  ///
  /// - Returns: why it must not be, if there are too many; the call then waits for its answer like any other.
  package mutating func startedStream(_ stream: UInt32, isClientOpen: Bool) -> ConnectionRefusal? {
    guard streamsInFlight < maxStreamsPerConnection else { return .tooManyStreams(maximum: maxStreamsPerConnection) }
    let hasCredit = extensions.contains(.credit)
    inFlight.replace(
      stream,
      with: Call(
        client: isClientOpen ? .open : .closed, sending: hasCredit ? SendCredit() : nil,
        receiving: hasCredit ? ReceiveCredit() : nil))
    streamsInFlight += 1
    return nil
  }

  package enum OnData: Equatable, Sendable {
    /// Hand on what the frame brings: a message (an empty one is a message too), the end of the client's half, or both in this order.
    case deliver(isMessage: Bool, isEnd: Bool)
    /// The call has had its answer meanwhile.
    case ignore
    /// The call has its answer with this: stop its work.
    case refuseAndCancel(ConnectionRefusal)
    /// As `refuseAndCancel`; it was the last that was owed.
    case refuseAndClose(ConnectionRefusal)
  }

  /// The body of collected data is complete.
  ///
  /// Bytes of a frame that says it carries no message are no message. A last frame that does not say so is a message first.
  package mutating func dataArrived(_ stream: UInt32, flags: FrameFlags, length: Int) -> OnData {
    guard state != .finished, var call = inFlight.value(of: stream), call.client == .open else { return .ignore }
    let isMessage = !flags.contains(.noData)
    if isMessage, call.receiving?.received(length: length) == false {
      return replied(stream) == .sendAndClose ? .refuseAndClose(.sentWithoutCredit) : .refuseAndCancel(.sentWithoutCredit)
    }
    if flags.contains(.remoteClosed) { call.client = .closed }
    inFlight.replace(stream, with: call)
    return .deliver(isMessage: isMessage, isEnd: flags.contains(.remoteClosed))
  }

  /// Whether a message may be sent on the stream now; without credit always.
  package func maySend(on stream: UInt32) -> Bool { inFlight.value(of: stream)?.sending?.maySend ?? true }

  package mutating func sent(length: Int, on stream: UInt32) {
    _ = inFlight.update(stream) { $0.sending?.sent(length: length) }
  }

  /// The handler has consumed so much. Returns whether the client is to be told.
  package mutating func givesBack(_ bytes: UInt32, on stream: UInt32) -> Bool {
    inFlight.update(stream) { call in
      guard call.client == .open, call.receiving != nil else { return false }
      call.receiving?.gave(bytes)
      return true
    } ?? false
  }

  /// The streams whose client has not said that it sends no more.
  package var openStreams: [UInt32] { inFlight.streams(where: { $0.client == .open }) }

  // MARK: Extensions

  /// The connection speaks these from the next frame on, besides what it spoke already.
  package mutating func grant(_ granted: WireExtensions) { extensions.formUnion(granted) }

  package enum OnExtension: Equatable, Sendable {
    /// Send the bytes back in a pong.
    case pong
    /// The stream has more credit: send what waits for it.
    case resume(UInt32)
    case ignore
    /// The call has its answer with this: stop its work.
    case refuseAndCancel(ConnectionRefusal)
    /// As `refuseAndCancel`; it was the last that was owed.
    case refuseAndClose(ConnectionRefusal)
  }

  /// The body of a collected ping, pong or credit is complete.
  package mutating func extensionArrived(_ header: FrameHeader, _ body: UnsafeRawBufferPointer) -> OnExtension {
    switch header.type {
    case .ping: return state == .finished ? .ignore : .pong
    case .credit: return creditArrived(WireExtensions.number(body), on: header.stream)
    default: return .ignore
    }
  }

  private mutating func creditArrived(_ bytes: UInt32, on stream: UInt32) -> OnExtension {
    guard state != .finished, var call = inFlight.value(of: stream), call.sending != nil else { return .ignore }
    if call.sending?.given(bytes) == true {
      inFlight.replace(stream, with: call)
      return .resume(stream)
    }
    return replied(stream) == .sendAndClose ? .refuseAndClose(.creditOverflow) : .refuseAndCancel(.creditOverflow)
  }

  mutating func receivedExtension(_ header: FrameHeader) -> OnHeader {
    guard let known = WireExtensions(frame: header.type), extensions.contains(known) else { return .ignore }
    guard WireExtensions.isWellFormed(header) else { return end(.extensionMisused(header.type)) }
    switch header.type {
    case .ping, .pong, .credit: return .collect
    case .cancel: return inFlight.contains(header.stream) ? .cancel : .ignore
    default: return .ignore
    }
  }

  /// The last stream that will be served, for ``FrameType/goingAway``; `nil` when the client does not know the word.
  package var lastStreamToTell: UInt32? { extensions.contains(.goingAway) ? highestStream : nil }
}
