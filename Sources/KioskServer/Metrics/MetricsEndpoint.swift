internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import Synchronization
internal import TTRPCNIO

/// The page of metrics on an address of this machine: `GET /metrics` over HTTP/1, one answer for each connection.
///
/// Of a request only its first line counts. There is no password: the address is one that only this machine reaches, and the page says
/// nothing about a person.
final class MetricsEndpoint: Sendable {
  /// Bytes of a request. Prometheus sends about 300.
  static let maxRequestBytes = 8192
  /// Connections at once; more are closed unanswered. One collector and a few curious people.
  static let maxConnections = 8
  /// From its start to its end a connection may take this long, whatever it does.
  static let connectionTime = TimeAmount.seconds(5)

  let address: TTRPCAddress
  private let channel: any Channel

  private init(address: TTRPCAddress, channel: any Channel) {
    self.address = address
    self.channel = channel
  }

  /// - Parameter page: makes the page anew for each request.
  static func start(
    host: String, port: Int, group: any EventLoopGroup, page: @escaping @Sendable () async -> String
  ) async throws(ListenFault) -> MetricsEndpoint {
    let open = OpenConnections()
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .serverChannelOption(.backlog, value: 16)
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try MetricsConnectionHandler.addHandlers(to: channel, open: open, page: page)
        }
      }
    do {
      let channel = try await bootstrap.bind(host: host, port: port).get()
      return MetricsEndpoint(
        address: .tcp(host: host, port: channel.localAddress?.port ?? port), channel: channel)
    } catch let error as IOError where error.errnoCode == EADDRINUSE {
      throw .portTaken(host: host, port: port)
    } catch let error as IOError {
      throw .refused(address: "\(host):\(port)", reason: String(cString: strerror(error.errnoCode)))
    } catch {
      throw .refused(address: "\(host):\(port)", reason: "\(error)")
    }
  }

  /// Stops answering. Connections in progress end by themselves.
  func close() async { try? await channel.close() }

  /// How many there are, over all loops.
  final class OpenConnections: Sendable {
    private let count = Atomic<Int>(0)
    /// Counts one more; says whether there is room for it.
    func add() -> Bool { count.add(1, ordering: .relaxed).newValue <= MetricsEndpoint.maxConnections }
    func remove() { count.subtract(1, ordering: .relaxed) }
  }
}
