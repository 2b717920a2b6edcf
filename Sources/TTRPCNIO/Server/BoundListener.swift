internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import TTRPCCore

/// A listener that listens.
struct BoundListener: Sendable {
  let address: TTRPCAddress
  private let channel: any Channel
  private let socketFile: UnixSocketFile?

  static func bind(
    _ listener: Listener, limits: TTRPCLimits, group: any EventLoopGroup, loops: [LoopOfServer]
  ) async throws(ListenFault) -> BoundListener {
    let bootstrap = makeBootstrap(listener, limits: limits, group: group, loops: loops)
    switch listener.address {
    case .tcp(let host, let port): return try await bindTCP(host, port, bootstrap)
    case .unix(let path): return try await bindUnix(path, bootstrap)
    }
  }

  /// Stops accepting and removes the socket file. Once more is harmless.
  func close() async {
    socketFile?.remove()
    try? await channel.close()
  }

  private static func bindTCP(
    _ host: String, _ port: Int, _ bootstrap: ServerBootstrap
  ) async throws(ListenFault) -> BoundListener {
    do {
      let channel = try await setUpTCP(bootstrap).bind(host: host, port: port).get()
      let address = TTRPCAddress.tcp(host: host, port: channel.localAddress?.port ?? port)
      return BoundListener(address: address, channel: channel, socketFile: nil)
    } catch let error as IOError where error.errnoCode == EADDRINUSE {
      throw .portTaken(host: host, port: port)
    } catch let error as IOError {
      throw .refused(address: "\(host):\(port)", reason: String(cString: strerror(error.errnoCode)))
    } catch {
      throw .refused(address: "\(host):\(port)", reason: "\(error)")
    }
  }

  private static func bindUnix(_ path: String, _ bootstrap: ServerBootstrap) async throws(ListenFault) -> BoundListener {
    let file = try UnixSocketFile(binding: path)
    do {
      let channel = try await bootstrap.withBoundSocket(file.descriptor).get()
      return BoundListener(address: .unix(path: path), channel: channel, socketFile: file)
    } catch {
      file.remove()
      throw .refused(address: path, reason: "\(error)")
    }
  }

  private static func makeBootstrap(
    _ listener: Listener, limits: TTRPCLimits, group: any EventLoopGroup, loops: [LoopOfServer]
  ) -> ServerBootstrap {
    let watermark = ChannelOptions.Types.WriteBufferWaterMark(
      low: limits.maxBytesBufferedOut / 2, high: limits.maxBytesBufferedOut)
    return ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 4096)
      .serverChannelOption(.maxMessagesPerRead, value: 16)
      .serverChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(AcceptPause()) }
      }
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelOption(.writeBufferWaterMark, value: watermark)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          guard let loop = loops.first(where: { $0.eventLoop === channel.eventLoop }) else {
            preconditionFailure("connections are served on the loops of the server's group")
          }
          try listener.receive(channel, on: loop.state.value)
        }
      }
  }

  /// Small replies leave at once; a peer that has lost its power is noticed within two minutes although it says nothing.
  private static func setUpTCP(_ bootstrap: ServerBootstrap) -> ServerBootstrap {
    bootstrap
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelOption(.socketOption(.so_keepalive), value: 1)
      .childChannelOption(.tcpOption(.init(rawValue: TCP_KEEPIDLE)), value: 60)
      .childChannelOption(.tcpOption(.init(rawValue: TCP_KEEPINTVL)), value: 10)
      .childChannelOption(.tcpOption(.init(rawValue: TCP_KEEPCNT)), value: 6)
  }
}
