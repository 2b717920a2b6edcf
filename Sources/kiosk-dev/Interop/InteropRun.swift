internal import Foundation
internal import NIOPosix
internal import TTRPCCore
internal import TTRPCNIO

/// What one run found.
struct InteropResult: Sendable {
  var passed = 0
  /// A sentence for each check that failed.
  var failures: [String] = []
  var took = Duration.zero
}

/// One peer, one way, one transport.
struct InteropRun: Sendable {
  let peersFolder: String
  /// Messages echoed, and how many at once, on one connection.
  var calls = 20_000
  var concurrency = 16

  private static let longestStart = Duration.seconds(20)
  /// What a peer waits for an answer before it gives up.
  private static let patienceSeconds = 120

  /// - Throws: when the run cannot be made; a failed check is a result.
  func run(_ peer: InteropPeer, _ way: InteropWay, over transport: InteropTransport) async throws -> InteropResult {
    let program = "\(peersFolder)/\(peer.program)"
    guard FileManager.default.isExecutableFile(atPath: program) else {
      throw CampaignFault("\(program) is missing: run `make interop` first")
    }
    let folder = try CampaignFolder()
    let began = ContinuousClock.now
    var result =
      switch way {
      case .peerCalls: try await calledBy(peer, program, transport, folder)
      case .peerServes: try await calling(peer, program, transport, folder)
      }
    result.took = began.duration(to: .now)
    return result
  }

  /// The peer's own program makes the checks, and prints a line for each.
  private func calledBy(
    _ peer: InteropPeer, _ program: String, _ transport: InteropTransport, _ folder: CampaignFolder
  ) async throws -> InteropResult {
    let address: TTRPCAddress =
      switch transport {
      case .unix: .unix(path: folder.path("e.sock"))
      case .tcp: .tcp(host: "127.0.0.1", port: 0)
      }
    let server = try await EchoServer.start(at: address, isAsync: false)
    let run: ProgramRun
    do {
      let patience = peer == .go ? "\(Self.patienceSeconds)s" : "\(Self.patienceSeconds)"
      run = try await ProgramRun.of(
        program,
        [
          "echo", "--addr", server.address.loadText, "--calls", "\(calls)", "--concurrency", "\(concurrency)",
          "--connections", "1", "--patience", patience,
        ])
    } catch {
      await server.stop()
      throw error
    }
    await server.stop()
    let failures = run.lines.filter { $0.hasPrefix("FAILED ") }.map { String($0.dropFirst(7)) }
    let passed = run.lines.count { $0.hasPrefix("ok ") }
    guard run.lines.last == "\(passed) passed, \(failures.count) failed", run.status == (failures.isEmpty ? 0 : 1) else {
      throw CampaignFault("\(program) ended with status \(run.status): \(run.text)")
    }
    return InteropResult(passed: passed, failures: failures)
  }

  private func calling(
    _ peer: InteropPeer, _ program: String, _ transport: InteropTransport, _ folder: CampaignFolder
  ) async throws -> InteropResult {
    let address: TTRPCAddress =
      switch transport {
      case .unix: .unix(path: folder.path("p.sock"))
      case .tcp: .tcp(host: "127.0.0.1", port: try Sockets.freePort())
      }
    try folder.write("", to: "log")
    let server = try await ChildProcess.start(program, ["serve", "--addr", address.loadText], log: folder.path("log"))
    do {
      let connection = try await connect(to: address, of: server)
      let result = await EchoProgramme(connection: connection, manners: peer.manners, calls: calls, concurrency: concurrency).run()
      await connection.close()
      _ = await server.stop(within: Self.longestStart)
      return result
    } catch {
      _ = await server.stop(within: Self.longestStart)
      throw error
    }
  }

  private func connect(to address: TTRPCAddress, of server: ChildProcess) async throws -> TTRPCClientConnection {
    let began = ContinuousClock.now
    while true {
      do throws(ConnectFault) {
        return try await TTRPCClientConnection.connect(to: address, group: MultiThreadedEventLoopGroup.singleton)
      } catch {
        guard !server.hasEnded, began.duration(to: .now) < Self.longestStart else { throw error }
      }
      try await Task.sleep(for: .milliseconds(10))
    }
  }
}
