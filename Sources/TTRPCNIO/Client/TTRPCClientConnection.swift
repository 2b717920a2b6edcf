package import NIOCore
internal import NIOPosix
package import TTRPCCore

/// A connection to a server: any number of calls at once, from any task.
///
/// When it is lost every call in flight fails with UNAVAILABLE and every later one too: to connect again is its owner's affair.
package final class TTRPCClientConnection: RPCTransport {
  package let address: TTRPCAddress
  private let channel: any Channel
  private let handler: NIOLoopBound<ClientConnectionHandler>
  private let limits: TTRPCLimits
  private let status: ClientConnectionStatus
  private let orders: LoopMailbox<ClientConnectionHandler.Order>

  init(
    address: TTRPCAddress, channel: any Channel, handler: NIOLoopBound<ClientConnectionHandler>,
    status: ClientConnectionStatus, limits: TTRPCLimits
  ) {
    self.address = address
    self.channel = channel
    self.handler = handler
    self.limits = limits
    self.status = status
    orders = LoopMailbox(eventLoop: channel.eventLoop) { handler.value.take($0) }
  }

  deinit { channel.close(promise: nil) }

  /// Connects within `timeout`; with `tls` only to a server that shows that it is the clinic's, and only over TCP.
  package static func connect(
    to address: TTRPCAddress, group: any EventLoopGroup, timeout: Duration = .seconds(5), tls: ClientTLS? = nil,
    limits: TTRPCLimits = .standard
  ) async throws(ConnectFault) -> TTRPCClientConnection {
    if case .unix(let path) = address, path.utf8.count > TTRPCAddress.maxPathLength {
      throw ConnectFault(address: address, .pathTooLong)
    }
    let bootstrap = makeBootstrap(group, timeout: timeout, limits: limits)
    do {
      if let tls, case .tcp(let host, let port) = address {
        return try await connect(host: host, port: port, tls: tls, bootstrap: bootstrap, timeout: timeout, limits: limits)
      }
      let channel =
        switch address {
        case .tcp(let host, let port):
          try await setUpTCP(bootstrap).connect(host: host, port: port).get()
        case .unix(let path): try await bootstrap.connect(unixDomainSocketPath: path).get()
        }
      return try await make(address, on: channel, limits: limits)
    } catch { throw ConnectFault(address: address, ConnectFault.Cause(error, after: timeout)) }
  }

  static func setUpTCP(_ bootstrap: ClientBootstrap) -> ClientBootstrap {
    bootstrap.channelOption(.tcpOption(.tcp_nodelay), value: 1).channelOption(.socketOption(.so_keepalive), value: 1)
  }

  private static func makeBootstrap(
    _ group: any EventLoopGroup, timeout: Duration, limits: TTRPCLimits
  ) -> ClientBootstrap {
    ClientBootstrap(group: group)
      .connectTimeout(TimeAmount(timeout))
      .channelOption(
        .writeBufferWaterMark, value: .init(low: limits.maxBytesBufferedOut / 2, high: limits.maxBytesBufferedOut))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            ClientConnectionHandler(eventLoop: channel.eventLoop, limits: limits))
        }
      }
  }

  /// The connection on a channel that has a ``ClientConnectionHandler``.
  static func make(
    _ address: TTRPCAddress, on channel: any Channel, limits: TTRPCLimits = .standard
  ) async throws -> TTRPCClientConnection {
    let (handler, status) = try await channel.eventLoop.submit {
      let handler = try channel.pipeline.syncOperations.handler(type: ClientConnectionHandler.self)
      return (NIOLoopBound(handler, eventLoop: channel.eventLoop), handler.status)
    }.get()
    return TTRPCClientConnection(address: address, channel: channel, handler: handler, status: status, limits: limits)
  }

  package func unary(
    _ method: MethodDescriptor, payload: [UInt8], options: CallOptions
  ) async throws(RPCError) -> [UInt8] {
    try await unary(method, payload: payload, options: options, granting: nil)
  }

  /// Makes the call whose reply says what is spoken besides plain ttrpc; in force from the frame after the reply on.
  ///
  /// - Parameter granting: reads the reply. It runs on the event loop and must not wait.
  package func negotiate(
    _ method: MethodDescriptor, payload: [UInt8], options: CallOptions,
    granting: @escaping @Sendable (_ reply: [UInt8]) -> WireExtensions
  ) async throws(RPCError) -> [UInt8] {
    try await unary(method, payload: payload, options: options, granting: granting)
  }

  private func unary(
    _ method: MethodDescriptor, payload: [UInt8], options: CallOptions,
    granting: (@Sendable ([UInt8]) -> WireExtensions)?
  ) async throws(RPCError) -> [UInt8] {
    let timeout = options.timeout?.nanosecondsClamped
    if let timeout, timeout <= 0 { throw .deadlineExceeded }
    // The loop of a closed connection may be gone too, and would never answer.
    guard channel.isActive else { throw .notSent }
    let call = ClientCall(
      method, payload: payload, metadata: options.metadata,
      deadline: timeout.map { MonotonicTime.now.advanced(byNanoseconds: $0) }, granting: granting)
    let outcome = await withTaskCancellationHandler {
      await withUnsafeContinuation { continuation in
        orders.post(.start(call, continuation))
      }
    } onCancel: {
      orders.post(.cancel(call))
    }
    return try outcome.get()
  }

  /// Opens a call that streams; returns when its request is written, so that UNAVAILABLE means that it was not sent.
  ///
  /// - Throws: INTERNAL for a unary method, and for a request where the client streams or none where it does not.
  package func stream(
    _ method: MethodDescriptor, request: [UInt8]?, options: CallOptions
  ) async throws(RPCError) -> any RPCClientStream {
    guard method.kind != .unary, method.kind.clientStreams == (request == nil) else {
      throw RPCError(.internal, "\(method.service)/\(method.method) cannot be opened \(request == nil ? "without" : "with") a request")
    }
    let timeout = options.timeout?.nanosecondsClamped
    if let timeout, timeout <= 0 { throw .deadlineExceeded }
    guard channel.isActive else { throw .notSent }
    let call = ClientStreamCall(
      method, request: request, metadata: options.metadata,
      deadline: timeout.map { MonotonicTime.now.advanced(byNanoseconds: $0) },
      maxBytesQueued: limits.maxBytesQueuedPerStream, creditOrders: extensions.contains(.credit) ? orders : nil)
    let outcome = await withTaskCancellationHandler {
      await withUnsafeContinuation { post(.open(call, $0)) }
    } onCancel: {
      abandon(call)
    }
    try outcome.get()
    return ClientStream(call, on: self)
  }

  /// The caller has lost interest: it is told CANCELLED at once, the server what there is to tell.
  func abandon(_ call: ClientStreamCall) {
    if call.isOver { return }
    call.inbox.finish(.failed(.cancelled), dropsMessages: true)
    post(.abandon(call))
  }

  func post(_ order: ClientConnectionHandler.Order) { orders.post(order) }

  /// Whether calls can still be made.
  package var isOpen: Bool { departed == nil }

  /// Why it takes no further call; `nil` while it does.
  package var departed: Departure? {
    status.known ?? (channel.isActive ? nil : .closed(.connectionClosed))
  }

  /// What is spoken besides plain ttrpc.
  package var extensions: WireExtensions { status.extensions }

  /// How to wait, without holding the connection, until it takes no further call.
  package var departure: @Sendable () async -> Departure { { [status] in await status.departure() } }

  /// Closes the connection; calls in flight fail with UNAVAILABLE. Once more is harmless.
  package func close() async {
    channel.eventLoop.execute { [handler] in handler.value.close() }
    await closed()
  }

  /// Returns when the connection has ended, whoever ended it.
  package func closed() async { try? await channel.closeFuture.get() }

  package func counters() async -> ClientCounters {
    (try? await channel.eventLoop.submit { [handler] in handler.value.counters }.get()) ?? ClientCounters()
  }
}
