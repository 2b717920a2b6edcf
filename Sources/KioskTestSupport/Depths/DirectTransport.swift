internal import TTRPCCore

/// Calls that reach the methods without a socket: what the server's loop does with a request, and nothing more.
struct DirectTransport: RPCTransport {
  let router: RPCRouter
  let role: RoleSet
  let clock: @Sendable () -> MonotonicTime

  func unary(
    _ method: MethodDescriptor, payload: [UInt8], options: CallOptions
  ) async throws(RPCError) -> [UInt8] {
    let registered = try route(method)
    let context = context(registered, options)
    switch registered.handler {
    case .streaming: throw RPCError(.internal, "\(method.method) streams and was called as a unary method")
    case .negotiating(let answer):
      return try answered({ (bytes, context, reply) throws(RPCError) in _ = try answer(bytes, context, &reply) }, payload, context)
    case .synchronous(let answer): return try answered(answer, payload, context)
    case .asynchronous(let begin): return try await begun(begin, payload, context)()
    }
  }

  /// The handler runs in a task of its own until it ends, the time is over or the client cancels.
  func stream(
    _ method: MethodDescriptor, request: [UInt8]?, options: CallOptions
  ) async throws(RPCError) -> any RPCClientStream {
    let registered = try route(method)
    guard case .streaming(let answer) = registered.handler else {
      throw RPCError(.internal, "\(method.method) is unary and was called as a stream")
    }
    let context = context(registered, options)
    let stream = DirectStream(request: request)
    stream.start(timeout: options.timeout) { (messages) async throws(RPCError) in try await answer(messages, context) }
    return ClientEnd(stream: stream)
  }

  private func context(_ registered: RoutedMethod, _ options: CallOptions) -> CallContext {
    CallContext(
      method: registered.descriptor, caller: Caller(role: role, connectionID: 0), deadline: options.timeout.map(deadline),
      metadata: options.metadata)
  }

  private func deadline(after timeout: Duration) -> MonotonicTime {
    let (seconds, attoseconds) = timeout.components
    return MonotonicTime(nanoseconds: clock().nanoseconds + UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000))
  }

  private func route(_ method: MethodDescriptor) throws(RPCError) -> RoutedMethod {
    let outcome: Result<RoutedMethod, RPCError> = Array(method.service.utf8).withUnsafeBytes { service in
      Array(method.method.utf8).withUnsafeBytes { name in
        Result { () throws(RPCError) in try router.route(service: service, method: name, role: role) }
      }
    }
    return try outcome.get()
  }

  private func answered(
    _ answer: (UnsafeRawBufferPointer, CallContext, inout ReplyBuffer) throws(RPCError) -> Void,
    _ payload: [UInt8], _ context: CallContext
  ) throws(RPCError) -> [UInt8] {
    var reply = ReplyBuffer()
    let outcome = payload.withUnsafeBytes { bytes in
      Result { () throws(RPCError) in try answer(bytes, context, &reply) }
    }
    try outcome.get()
    return reply.withBytes { Array($0) }
  }

  private func begun(
    _ begin: (UnsafeRawBufferPointer, CallContext) throws(RPCError) -> PendingReply,
    _ payload: [UInt8], _ context: CallContext
  ) throws(RPCError) -> PendingReply {
    let outcome = payload.withUnsafeBytes { bytes in
      Result { () throws(RPCError) in try begin(bytes, context) }
    }
    return try outcome.get()
  }
}
