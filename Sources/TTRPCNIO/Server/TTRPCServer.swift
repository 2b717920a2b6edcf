internal import Glibc
package import NIOCore
internal import NIOPosix
package import TTRPCCore

/// A running server: its listeners and the loops that serve their connections.
package final class TTRPCServer: Sendable {
  /// Where it listens, in the order of the listeners; a port that was 0 is the one the system gave.
  package let addresses: [TTRPCAddress]

  private let bound: [BoundListener]
  let loops: [LoopOfServer]
  /// The router's, in its order.
  let methods: [MethodDescriptor]

  private init(bound: [BoundListener], loops: [LoopOfServer], methods: [MethodDescriptor]) {
    addresses = bound.map(\.address)
    self.bound = bound
    self.methods = methods
    self.loops = loops
  }

  /// Starts to listen at every listener, or at none.
  ///
  /// - Parameters:
  ///   - onClientGone: told the id of each connection from which nothing more will come, and again when the connection ends; on
  ///     its event loop: it must not wait.
  ///   - observer: told of connections and of calls that failed or were slow.
  /// - Throws: the fault of the first listener that cannot; those before it are closed again.
  package static func start(
    listeners: [Listener], router: RPCRouter, limits: TTRPCLimits = .standard, group: any EventLoopGroup,
    onClientGone: @escaping @Sendable (UInt64) -> Void = { _ in }, observer: (any ServerObserver)? = nil
  ) async throws(ListenFault) -> TTRPCServer {
    let loops = LoopOfServer.all(of: group, router: router, limits: limits, onClientGone: onClientGone, observer: observer)
    var bound: [BoundListener] = []
    for listener in listeners {
      do throws(ListenFault) {
        bound.append(try await BoundListener.bind(listener, limits: limits, group: group, loops: loops))
      } catch {
        for earlier in bound { await earlier.close() }
        throw error
      }
    }
    return TTRPCServer(bound: bound, loops: loops, methods: router.descriptors)
  }

  /// Stops accepting, answers what is in flight, refuses what comes (UNAVAILABLE), and closes every connection.
  ///
  /// Returns when the last connection is closed, and at the latest a moment after `grace`; calls that still run then are cut.
  /// A second drain waits for the first.
  package func drain(grace: Duration) async {
    for listener in bound { await listener.close() }
    let drained = loops.map { loop in loop.eventLoop.flatSubmit { loop.state.value.drain(grace: TimeAmount(grace)) } }
    for future in drained { try? await future.get() }
  }

  /// Ends the connections that this TLS side has let in and would not now: its deny-list has grown, or their certificate is over.
  package func endDenied(of tls: ServerTLS) async {
    tls.forgetEnds()
    for loop in loops { try? await loop.eventLoop.submit { loop.state.value.endDenied(by: tls) }.get() }
  }

  /// What all loops together have done so far.
  package func counters() async -> ServerCounters {
    var sum = ServerCounters()
    for loop in loops {
      let counters = try? await loop.eventLoop.submit { loop.state.value.counters }.get()
      sum = sum + (counters ?? ServerCounters())
    }
    return sum
  }
}

/// A ``ServerLoop`` as other threads may hold it.
struct LoopOfServer: Sendable {
  let eventLoop: any EventLoop
  let state: NIOLoopBoundBox<ServerLoop>

  static func all(
    of group: any EventLoopGroup, router: RPCRouter, limits: TTRPCLimits, onClientGone: @escaping @Sendable (UInt64) -> Void,
    observer: (any ServerObserver)?
  ) -> [LoopOfServer] {
    let connectionCount = ConnectionCount()
    return group.makeIterator().map { eventLoop in
      let state = NIOLoopBoundBox.makeBoxSendingValue(
        ServerLoop(
          eventLoop: eventLoop, router: router, limits: limits, connectionCount: connectionCount, onClientGone: onClientGone,
          observer: observer),
        eventLoop: eventLoop)
      return LoopOfServer(eventLoop: eventLoop, state: state)
    }
  }
}
