import CBenchLoad
import Foundation
import NIOPosix
import TTRPCCore
import TTRPCNIO
import Testing
import VentanillaMessages

@testable import kiosk_dev

@Suite("kiosk-dev echo")
struct EchoTests {
  /// A server on a socket of its own, and a connection to it, for one test.
  static func withEcho(
    isAsync: Bool = false, _ body: (EchoServer, TTRPCClientConnection) async throws -> Void
  ) async throws {
    let path = "/tmp/kiosk-dev-\(UUID().uuidString.prefix(8)).sock"
    let server = try await EchoServer.start(at: .unix(path: path), isAsync: isAsync)
    let connection = try await TTRPCClientConnection.connect(to: server.address, group: .singletonMultiThreadedEventLoopGroup)
    do {
      try await body(server, connection)
    } catch {
      await connection.close()
      await server.stop()
      throw error
    }
    await connection.close()
    await server.stop()
  }

  @Test("Unary gives back what it gets, with either handler", arguments: [false, true])
  func unary(isAsync: Bool) async throws {
    let message = Wire.EchoMsg(id: 7, name: "ñandú", sentAt: -3, body: [0, 255])
    try await Self.withEcho(isAsync: isAsync) { _, connection in
      let reply1 = try await EchoClient(connection).unary(message)
      #expect(reply1 == message)
      let reply2 = try await EchoClient(connection).unary(Wire.EchoMsg())
      #expect(reply2 == Wire.EchoMsg())
    }
  }

  @Test("Meta tells the metadata by key, each key's values in order, and whether there is a deadline")
  func meta() async throws {
    try await Self.withEcho { _, connection in
      let metadata: Metadata = ["b": "2", "a": "1", "b": "1"]
      let plain = try await ProbeClient(connection).meta(Wire.EchoMsg(), options: CallOptions(metadata: metadata))
      #expect(plain == Wire.EchoMsg(name: "a=1;b=2,1", body: Array("deadline=none".utf8)))
      let hurried = try await ProbeClient(connection).meta(Wire.EchoMsg(), options: CallOptions(timeout: .seconds(60)))
      #expect(String(decoding: hurried.body, as: UTF8.self).hasPrefix("deadline=5"))
    }
  }

  @Test("Fail fails as it is told; 0 is success, and what is no status code is the caller's mistake")
  func fail() async throws {
    try await Self.withEcho { _, connection in
      let probe = ProbeClient(connection)
      await #expect(throws: RPCError(.notFound, "no está")) { try await probe.fail(Wire.EchoMsg(id: 5, name: "no está")) }
      let reply3 = try await probe.fail(Wire.EchoMsg(id: 0, name: "bien"))
      #expect(reply3 == Wire.EchoMsg())
      for id: UInt64 in [17, .max] {
        await #expect(throws: RPCError(.invalidArgument, "id: \(id) is no status code; they are 0 to 16")) {
          try await probe.fail(Wire.EchoMsg(id: id))
        }
      }
    }
  }

  @Test("Sleep is cut short by the deadline, and returns the request when there is time")
  func sleep() async throws {
    try await Self.withEcho { _, connection in
      let probe = ProbeClient(connection)
      await #expect(throws: RPCError.self) {
        try await probe.sleep(Wire.EchoMsg(id: .max), options: CallOptions(timeout: .milliseconds(20)))
      }
      let reply4 = try await probe.sleep(Wire.EchoMsg(id: 1, name: "ya"))
      #expect(reply4.name == "ya")
    }
  }

  @Test("64 requests that came together are not answered with 64 writes")
  func flushesPerBurst() async throws {
    try await Self.withEcho { server, _ in
      let result = try await Self.load(server.address, connections: 1, inFlight: 64, calls: 6400)
      #expect(result.calls >= 6400)
      #expect(result.errors + result.mismatches + result.strays + result.lost == 0)
      let counters = await server.server.counters()
      #expect(counters.flushes <= counters.reads)
      #expect(counters.flushes * 16 <= counters.calls)
    }
  }

  /// Calls from a thread of its own, since the generator blocks.
  static func load(_ address: TTRPCAddress, connections: UInt32, inFlight: UInt32, calls: UInt64) async throws -> bench_load_result {
    try await NIOThreadPool.singleton.runIfActive {
      address.loadText.withCString { text in
        var config = bench_load_defaults()
        (config.address, config.connections, config.in_flight) = (text, connections, inFlight)
        (config.warmup_ms, config.duration_ms, config.calls) = (0, 0, calls)
        var result = bench_load_result()
        _ = bench_load_run(&config, &result)
        return result
      }
    }
  }
}

@Suite("kiosk-dev echo as a process")
struct EchoProcessTests {
  /// The program that was built with these tests.
  static let program = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "kiosk-dev").path
  /// Built by `make interop`.
  static let mallocs = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../.build-interop/libmallocs.so").standardized.path

  @Test("It says where it listens, and ends in order with status 0 on SIGTERM")
  func sigterm() throws {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: Self.program)
    process.arguments = ["echo", "--tcp", "127.0.0.1:0"]
    process.standardOutput = output
    try process.run()
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    #expect(line.hasPrefix("echo listens on 127.0.0.1:"))
    process.terminate()
    let rest = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(rest == "echo has ended in order\n")
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == 0)
  }

  /// What the load's message itself allocates as a Swift value: its text, which is long, and its bytes.
  static let ofMessage = 2.0

  /// Optimised, a handler on the borrowed view allocates nothing; a synchronous one with a Swift value once at most, an async one six
  /// times, each besides ``ofMessage``. Unoptimised it is one more a call (two of an async one), and six for each burst of 64.
  static let mostMallocs: (borrowing: Double, synchronous: Double, asynchronous: Double) = {
    #if DEBUG
      (1.2, ofMessage + 1.2, 6 + ofMessage + 2.2)
    #else
      (0, 1 + ofMessage, 6 + ofMessage)
    #endif
  }()

  @Test(
    "Allocations per call stay in their bounds", .enabled(if: FileManager.default.fileExists(atPath: mallocs)),
    arguments: [
      (["echo"], mostMallocs.borrowing), (["echo", "--value"], mostMallocs.synchronous), (["echo", "--async"], mostMallocs.asynchronous),
    ])
  func allocations(arguments: [String], most: Double) throws {
    let path = "/tmp/kiosk-dev-\(UUID().uuidString.prefix(8))"
    let counts = "\(path).mallocs"
    defer { try? FileManager.default.removeItem(atPath: counts) }
    let address = TTRPCAddress.unix(path: "\(path).sock")
    let server = try ServerProcess(
      "echo", at: address, executable: Self.program, arguments: arguments + address.listenArguments,
      environment: ["LD_PRELOAD": Self.mallocs, "MALLOC_COUNT_FILE": counts])
    defer { server.stop() }
    try server.waitUntilReady { Load.answers(at: address) }
    let result = try Load.run(on: server, LoadShape(connections: 1, inFlight: 64), milliseconds: 200, mallocCounts: counts)
    let mallocs = try #require(result.mallocs)
    // What NIO allocates now and then for itself is spread over thousands of calls.
    #expect(mallocs <= most + 0.05)
  }
}
