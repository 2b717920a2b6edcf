internal import NIOCore
internal import TTRPCCore

/// A call that outlasts its read cycle.
struct RunningTask {
  let task: Task<Void, Never>
  let mark: CallMeter.Mark
}

/// From a complete request to its one answer.
extension ServerConnectionHandler {
  @inline(__always)
  func dispatch(_ header: FrameHeader, _ body: UnsafeRawBufferPointer) {
    let stream = header.stream
    switch machine.requestArrived(stream) {
    case .ignore: return
    case .refuse(let refusal): return refuse(stream, refusal)
    case .dispatch: break
    }
    loop.counters.calls += 1
    loop.meter.arrived()
    do throws(RPCError) {
      try start(stream, header.flags, body)
    } catch {
      fail(stream, error)
    }
  }

  @inline(__always)
  private func start(_ stream: UInt32, _ flags: FrameFlags, _ body: UnsafeRawBufferPointer) throws(RPCError) {
    try takeCall()
    let request: RequestEnvelope
    do throws(EnvelopeFault) {
      request = try RequestEnvelope(body, maxMetadataPairs: loop.limits.maxMetadataPairs)
    } catch {
      if let limit = error.limit { loop.reached(limit) }
      throw RPCError(request: error)
    }
    let registered = try loop.router.route(service: request.service, method: request.method, role: caller.role)
    loop.meter.current.row = registered.row
    try checkLength(request.payload.count, registered.descriptor)
    let call = CallContext(
      method: registered.descriptor, caller: caller,
      deadline: try deadline(after: request.timeoutNanoseconds), metadata: request.metadata)
    switch registered.handler {
    case .synchronous(let handle):
      loop.reply.removeAll()
      try handle(request.payload, call, &loop.reply)
      loop.reply.withBytes { succeed(stream, $0) }
      if loop.reply.count > loop.limits.maxBurstOut { loop.reply = ReplyBuffer() }
    case .negotiating(let handle):
      loop.reply.removeAll()
      let extensions = try handle(request.payload, call, &loop.reply)
      loop.reply.withBytes { succeed(stream, $0) }
      grant(extensions)
    case .streaming(let handle):
      loop.remember(call.metadata)
      try startStream(stream, flags, request.payload, call, handle)
    case .asynchronous(let decode):
      loop.remember(call.metadata)
      run(try decode(request.payload, call), on: stream, until: call.deadline)
    }
  }

  @inline(__always)
  private func checkLength(_ length: Int, _ method: MethodDescriptor) throws(RPCError) {
    guard let refusal = method.refusal(ofMessage: length) else { return }
    loop.reached(.maxRequestBytes)
    throw refusal
  }

  /// The time counts from the read that brought the call. Without a timeout no clock is read.
  private func deadline(after timeoutNanoseconds: Int64) throws(RPCError) -> MonotonicTime? {
    if timeoutNanoseconds == 0 { return nil }
    if timeoutNanoseconds < 0 { throw .deadlineExceeded }
    return loop.readTime.advanced(byNanoseconds: timeoutNanoseconds)
  }

  /// Starts the work here on the loop; if it never waits it is answered here too, and no task or timer is kept.
  private func run(_ pending: @escaping PendingReply, on stream: UInt32, until deadline: MonotonicTime?) {
    let eventLoop = loop.eventLoop
    let orders = loop.orders!
    let connection = NIOLoopBound(self, eventLoop: eventLoop)
    let task = Task.immediate {
      let outcome: Result<[UInt8], RPCError>
      do throws(RPCError) {
        outcome = .success(try await pending())
      } catch {
        outcome = .failure(error)
      }
      // Only this connection cancels its tasks, and only after their calls have had another answer.
      if Task.isCancelled { return }
      if eventLoop.inEventLoop {
        connection.value.completed(stream, outcome)
      } else {
        orders.post(.completed(connection, stream, outcome))
      }
    }
    keep(task, for: stream, until: deadline)
  }

  /// The work goes on after this read: its end, its deadline or the connection's end will find it here.
  func keep(_ task: Task<Void, Never>, for stream: UInt32, until deadline: MonotonicTime?) {
    guard machine.isInFlight(stream) else { return }
    running.append(RunningTask(task: task, mark: loop.meter.current), for: stream)
    loop.counters.running += 1
    if let deadline { loop.watch(stream, of: self, until: deadline) }
  }

  // MARK: Ends

  func isRunning(_ stream: UInt32) -> Bool { running.contains(stream) }

  /// The work of an asynchronous call is done; late if the call has had its answer already.
  func completed(_ stream: UInt32, _ outcome: Result<[UInt8], RPCError>) {
    if let ended = takeRunning(stream) { loop.meter.current = ended.mark }
    switch outcome {
    case .success(let reply): reply.withUnsafeBytes { succeed(stream, $0) }
    case .failure(let error): fail(stream, error)
    }
  }

  func deadlinePassed(_ stream: UInt32) {
    guard isRunning(stream) else { return }
    loop.counters.deadlinesExceeded += 1
    giveUp(stream, .deadlineExceeded)
  }

  /// The call has had its answer; nobody waits for its work. Its handler is told why, if it streams.
  func cancelRunning(_ stream: UInt32, _ reason: RPCError) {
    if let call = takeRunning(stream) { drop(call) }
    streams.remove(stream)?.end(reason)
  }

  func cancelRunning() {
    let calls = running.removeAll()
    loop.counters.running -= calls.count
    for call in calls { drop(call) }
    for stream in streams.removeAll() { stream.end(.connectionClosed) }
  }

  private func drop(_ call: RunningTask) {
    call.task.cancel()
    loop.meter.lost(call.mark)
  }

  /// Takes the call out, to be answered or dropped.
  func takeRunning(_ stream: UInt32) -> RunningTask? {
    let call = running.remove(stream)
    if call != nil { loop.counters.running -= 1 }
    return call
  }

  @inline(__always)
  func succeed(_ stream: UInt32, _ reply: UnsafeRawBufferPointer) {
    let length = ResponseFrame.length(ofReply: reply.count)
    guard length <= loop.limits.maxFrameLength else {
      return fail(stream, .messageTooLong(length, maximum: loop.limits.maxFrameLength))
    }
    answer(stream, .ok) { write(reply, on: stream) }
  }

  func fail(_ stream: UInt32, _ error: RPCError) {
    answer(stream, error.code) { write(error, on: stream) }
  }

  /// As ``fail(_:_:)``, for a call whose work still runs: stops it, and tells its handler why, if it streams.
  func giveUp(_ stream: UInt32, _ error: RPCError) {
    if let call = takeRunning(stream) {
      call.task.cancel()
      loop.meter.current = call.mark
    }
    streams.remove(stream)?.end(error)
    fail(stream, error)
  }

  @inline(__always)
  func answer(_ stream: UInt32, _ code: StatusCode, _ write: () -> Void) {
    switch machine.replied(stream) {
    case .drop: break
    case .send:
      loop.answered(code, to: caller)
      write()
    case .sendAndClose:
      loop.answered(code, to: caller)
      write()
      endConnection()
    }
  }
}
