internal import ArgumentParser
internal import CBenchLoad
internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import TTRPCCore
internal import TTRPCNIO
internal import UnixSignals
internal import VentanillaMessages

/// Serves bench.v1 until SIGTERM or SIGINT.
struct Echo: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "echo",
    abstract: "Serve bench.v1 to interoperability clients and load generators.",
    discussion: """
      Serves Echo and Probe of Protos/bench/v1/echo.proto over plain ttrpc, to any role. Prints one line when it \
      listens. SIGTERM or SIGINT drains and ends with status 0; an address that cannot be listened on ends with 1.

      Examples:
        kiosk-dev echo --tcp 127.0.0.1:24900
        kiosk-dev echo --unix /tmp/echo.sock --async
      """)

  @Option(help: ArgumentHelp("Listen at a TCP address; port 0 takes a free one.", valueName: "host:port"))
  var tcp: HostAndPort?

  @Option(help: ArgumentHelp("Listen at a Unix socket; the path is at most 107 bytes long.", valueName: "path"))
  var unix: String?

  @Flag(name: .customLong("async"), help: "Answer Unary by an async handler instead of one that reads the message where it lies.")
  var isAsync = false

  @Flag(name: .customLong("value"), help: "Answer Unary by a synchronous handler with a Swift value.")
  var makesValue = false

  @Option(help: "Event loops, each with a thread.")
  var loops = 1

  mutating func validate() throws {
    guard (tcp == nil) != (unix == nil) else { throw ValidationError("Give one of --tcp HOST:PORT and --unix PATH.") }
    guard !(isAsync && makesValue) else { throw ValidationError("Give one of --async and --value.") }
    guard 1...64 ~= loops else { throw ValidationError("--loops is 1 to 64.") }
  }

  func run() async throws {
    bench_raise_descriptor_limit()
    let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
    let server = try await EchoServer.start(at: address, isAsync: isAsync, makesValue: makesValue, loops: loops)
    print("echo listens on \(server.address)")
    fflush(nil)
    for await _ in signals { break }
    await server.stop()
    print("echo has ended in order")
  }

  private var address: TTRPCAddress {
    if let unix { return .unix(path: unix) }
    return .tcp(host: tcp?.host ?? "", port: tcp?.port ?? 0)
  }
}

/// A running server of bench.v1.
struct EchoServer: Sendable {
  let server: TTRPCServer
  let address: TTRPCAddress
  private let group: MultiThreadedEventLoopGroup

  /// Starts on event loops of its own.
  ///
  /// - Throws: ``ListenFault``; nothing stays open then.
  static func start(at address: TTRPCAddress, isAsync: Bool, makesValue: Bool = false, loops: Int = 1) async throws -> EchoServer {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: loops)
    do {
      let server = try await TTRPCServer.start(
        listeners: [Listener(address: address, role: .kiosk)], router: EchoMethods.router(isAsync: isAsync, makesValue: makesValue),
        limits: limits,
        group: group)
      return EchoServer(server: server, address: server.addresses[0], group: group)
    } catch {
      try? await group.shutdownGracefully()
      throw error
    }
  }

  /// Every limit is kept, but a load generator is one device that calls as fast as it can, and opens as many connections as a town has.
  private static var limits: TTRPCLimits {
    var limits = TTRPCLimits.standard
    limits.callsPerSecond = CallRate(perSecond: 10_000_000, burst: 10_000_000)
    (limits.maxConnections, limits.maxConnectionsPerAddress) = (20_000, 20_000)
    return limits
  }

  /// Answers what is in flight, refuses what comes, and ends.
  func stop() async {
    await server.drain(grace: .seconds(10))
    try? await group.shutdownGracefully()
  }
}

/// `127.0.0.1:24900` or `[::1]:24900`, as an argument.
struct HostAndPort: ExpressibleByArgument, Hashable, Sendable {
  let host: String
  let port: Int

  init?(argument: String) {
    guard let colon = argument.lastIndex(of: ":"), let port = UInt16(argument[argument.index(after: colon)...]) else {
      return nil
    }
    let host = argument[..<colon]
    let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
    guard !host.isEmpty, isBracketed || !host.contains(":") else { return nil }
    self.host = String(isBracketed ? host.dropFirst().dropLast() : host)
    self.port = Int(port)
  }
}
