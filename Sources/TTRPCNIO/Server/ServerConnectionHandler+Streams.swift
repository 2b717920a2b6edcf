internal import NIOCore
internal import TTRPCCore

/// Calls that stream.
extension ServerConnectionHandler {
  typealias StreamingMethod = @Sendable (any RPCServerStream, CallContext) async throws(RPCError) -> StreamEnd

  /// Starts the method here on the loop; it leaves it where it first waits.
  ///
  /// The client's half is open when its request says so. The request carries the first message, or the only one; an open client of
  /// ours, Go's or Rust's that has none to send with it leaves it empty.
  /// Source: containerd/ttrpc PROTOCOL.md, "Streaming", and what its peers send (design/WIRE.md §1.3, §1.7).
  func startStream(
    _ number: UInt32, _ flags: FrameFlags, _ payload: UnsafeRawBufferPointer, _ call: CallContext,
    _ method: @escaping StreamingMethod
  ) throws(RPCError) {
    let isClientOpen = flags.contains(.remoteOpen) && !flags.contains(.remoteClosed)
    if let refusal = machine.startedStream(number, isClientOpen: isClientOpen) { throw reached(refusal) }
    let stream = ServerStream(number, call.method, of: self, hasCredit: machine.extensions.contains(.credit))
    let isUnaryRequest = flags.isDisjoint(with: [.remoteOpen, .remoteClosed])
    let hasFirst = !call.method.kind.clientStreams || isUnaryRequest || !payload.isEmpty
    if let refusal = stream.open(with: hasFirst ? Array(payload) : nil) {
      stream.end(RPCError(refusal))
      throw reached(refusal)
    }
    streams.append(stream, for: number)
    if !isClientOpen { stream.inbox.finish(.well) }
    let task = Task.immediate {
      let outcome: Result<StreamEnd, RPCError>
      do throws(RPCError) {
        outcome = .success(try await method(stream, call))
      } catch {
        outcome = .failure(error)
      }
      stream.ended(outcome)
    }
    keep(task, for: number, until: call.deadline)
  }

  // MARK: In

  /// A data frame, or one of an extension, is complete.
  func streamFrameArrived(_ header: FrameHeader, _ body: UnsafeRawBufferPointer) {
    if header.type != .data { return extensionArrived(header, body) }
    switch machine.dataArrived(header.stream, flags: header.flags, length: body.count) {
    case .ignore: break
    case .deliver(let isMessage, let isEnd): deliver(isMessage ? body : nil, isEnd: isEnd, to: header.stream)
    case .refuseAndCancel(let refusal): refuseAndCancel(header.stream, refusal)
    case .refuseAndClose(let refusal): refuseAndClose(header.stream, refusal)
    }
  }

  private func deliver(_ message: UnsafeRawBufferPointer?, isEnd: Bool, to number: UInt32) {
    guard let stream = streams.value(of: number) else { return }
    if let message, let refusal = stream.method.refusal(ofMessage: message.count) {
      loop.reached(.maxRequestBytes)
      return giveUp(number, refusal)
    }
    if let message, let refusal = stream.inbox.deliver(Array(message)) { return giveUp(number, reached(refusal)) }
    if isEnd { stream.inbox.finish(.well) }
  }

  /// Counts the bound that was reached, and makes the status that says so.
  private func reached(_ refusal: ConnectionRefusal) -> RPCError {
    if let limit = refusal.limit { loop.reached(limit) }
    return RPCError(refusal)
  }

  // MARK: Out

  /// Sends what the client has credit and room for, and this loop's turn; the last frame too, once nothing is before it.
  func sendWaiting(of stream: ServerStream) {
    let number = stream.number
    while isWritable, machine.maySend(on: number) {
      if loop.turns.isOver { return loop.turns.wait(stream) }
      guard let message = stream.takeUnsent() else { break }
      loop.turns.wrote(message: message.count)
      machine.sent(length: message.count, on: number)
      writeData(message, on: number)
    }
    if let outcome = stream.outcome, !stream.hasUnsent { finish(stream, outcome) }
  }

  /// The stream's handler has been told so already, and may have ended with it.
  func noRoom(for stream: ServerStream, _ refusal: ConnectionRefusal) {
    let error = reached(refusal)
    if streams.contains(stream.number) { giveUp(stream.number, error) }
  }

  /// The stream has credit again.
  func resume(_ number: UInt32) {
    if let stream = streams.value(of: number) { sendWaiting(of: stream) }
  }

  /// The client has read: what waits for that goes out, stream by stream; none keeps more than
  /// ``TTRPCLimits/maxBytesUnsentPerStream`` and a message.
  func sendWaiting() {
    for stream in streams.values where isWritable { sendWaiting(of: stream) }
  }

  /// The handler has returned; late if the call has had its answer already.
  func ended(_ stream: ServerStream, _ outcome: Result<StreamEnd, RPCError>) {
    guard streams.contains(stream.number) else { return }
    stream.outcome = outcome
    sendWaiting(of: stream)
  }

  private func finish(_ stream: ServerStream, _ outcome: Result<StreamEnd, RPCError>) {
    let number = stream.number
    guard streams.remove(number) != nil else { return }
    if let call = takeRunning(number) { loop.meter.current = call.mark }
    switch outcome {
    case .success(.reply(let reply)): reply.withUnsafeBytes { succeed(number, $0) }
    case .success(.done): answer(number, .ok) { writeData(nil, on: number) }
    case .failure(let error): fail(number, error)
    }
    stream.end(.callIsOver)
  }
}
