import Glibc
import NIOCore
import NIOPosix
import Synchronization
import TTRPCCore
import Testing

@testable import TTRPCNIO

enum Transport: String, CaseIterable, Sendable { case unix, tcp }

/// A real server for one test, on a socket of its own, gone when `body` returns.
func withServer(
  _ transport: Transport = .unix, methods: [RegisteredMethod] = Probe.methods, limits: TTRPCLimits = .unhurried,
  _ body: (TTRPCServer, TTRPCAddress) async throws -> Void
) async throws {
  let address: TTRPCAddress =
    switch transport {
    case .unix: .unix(path: SocketPath.fresh())
    case .tcp: .tcp(host: "127.0.0.1", port: 0)
    }
  let server = try await TTRPCServer.start(
    listeners: [Listener(address: address, role: Probe.kiosk)], router: RPCRouter(methods), limits: limits,
    group: MultiThreadedEventLoopGroup.singleton)
  do {
    try await body(server, server.addresses[0])
  } catch {
    await server.drain(grace: .zero)
    throw error
  }
  await server.drain(grace: .zero)
}

func connect(_ address: TTRPCAddress, limits: TTRPCLimits = .standard) async throws -> TTRPCClientConnection {
  try await TTRPCClientConnection.connect(to: address, group: MultiThreadedEventLoopGroup.singleton, limits: limits)
}

enum SocketPath {
  private static let last = Atomic<Int>(0)

  /// A path in /tmp that nothing stands at.
  static func fresh() -> String {
    "/tmp/ttrpc-test-\(getpid())-\(last.add(1, ordering: .relaxed).newValue).sock"
  }
}

/// A door that asynchronous methods wait at until the test opens it.
final class Gate: Sendable {
  private struct State {
    var isOpen = false
    var waiting: [CheckedContinuation<Void, Never>] = []
    var arrived = 0
    var cancelled = 0
    var watchers: [(Int, Int, CheckedContinuation<Void, Never>)] = []
  }

  private let state = Mutex(State())

  /// Waits for the door; deaf to cancellation, which it only counts.
  func pass() async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let goOn = state.withLock { state in
          state.arrived += 1
          if !state.isOpen { state.waiting.append(continuation) }
          return state.isOpen
        }
        notify()
        if goOn { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.cancelled += 1 }
      notify()
    }
  }

  func open() {
    let waiting = state.withLock { state in
      state.isOpen = true
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  /// Returns when so many have come to the door and so many of them were cancelled there.
  func until(arrived: Int, cancelled: Int = 0) async {
    await withCheckedContinuation { continuation in
      state.withLock { $0.watchers.append((arrived, cancelled, continuation)) }
      notify()
    }
  }

  private func notify() {
    let ready = state.withLock { state in
      let (arrived, cancelled) = (state.arrived, state.cancelled)
      let ready = state.watchers.filter { $0.0 <= arrived && $0.1 <= cancelled }
      state.watchers.removeAll { $0.0 <= arrived && $0.1 <= cancelled }
      return ready
    }
    for watcher in ready { watcher.2.resume() }
  }

  /// A method that waits at this door and then returns its request.
  var method: RegisteredMethod {
    RegisteredMethod(Probe.descriptor("Wait"), .asynchronous { payload, _ throws(RPCError) in
      let bytes = Array(payload)
      return { [self] () async throws(RPCError) in
        await pass()
        return bytes
      }
    })
  }

  var methods: [RegisteredMethod] { Probe.methods + [method] }
}

/// Waits until `condition` holds; the test's own time limit is the bound.
func eventually(_ condition: () async throws -> Bool) async throws {
  while try await !condition() { try await Task.sleep(for: .milliseconds(2)) }
}
