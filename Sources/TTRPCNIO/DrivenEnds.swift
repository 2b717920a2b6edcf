package import NIOCore
package import TTRPCCore

/// A server's end of a connection on a channel that its maker drives by hand: what fuzzing runs instead of a socket.
package struct DrivenServerEnd {
  private let handler: ServerConnectionHandler
  private let loop: ServerLoop

  /// Puts the end into the channel's pipeline, where it is the only handler; on the channel's event loop.
  package init(on channel: any Channel, router: RPCRouter, limits: TTRPCLimits, role: RoleSet) throws {
    loop = ServerLoop(eventLoop: channel.eventLoop, router: router, limits: limits, connectionCount: ConnectionCount())
    handler = ServerConnectionHandler(loop: loop, role: role)
    try channel.pipeline.syncOperations.addHandler(handler)
  }

  package var callsInFlight: Int { handler.machine.callsInFlight }
  package var counters: ServerCounters { loop.counters }
  /// Bytes that are counted for half-received frames and for messages that wait.
  package var keptBytes: Int { loop.connectionCount.keptBytes }
  package var extensions: WireExtensions { handler.machine.extensions }
  package func drain() { handler.drain() }
}

/// A client's end, likewise; its calls have numbers, from 0.
package final class DrivenClientEnd {
  private enum Call {
    case unary(ClientCall)
    case stream(ClientStreamCall)

    var isOver: Bool {
      switch self {
      case .unary(let call): call.isOver
      case .stream(let call): call.isOver
      }
    }
  }

  private let handler: ClientConnectionHandler
  private let limits: TTRPCLimits
  private var calls: [Call] = []

  package init(on channel: any Channel, limits: TTRPCLimits, firstStream: UInt32) throws {
    self.limits = limits
    handler = ClientConnectionHandler(eventLoop: channel.eventLoop, limits: limits, firstStream: firstStream)
    try channel.pipeline.syncOperations.addHandler(handler)
  }

  package var callsInFlight: Int { handler.machine.callsInFlight }
  /// Calls that have been made.
  package var callCount: Int { calls.count }
  /// Calls that have had no end.
  package var callsWaiting: Int { calls.count { !$0.isOver } }

  package func call(_ method: MethodDescriptor, payload: [UInt8]) {
    if method.kind == .unary {
      let call = ClientCall(method, payload: payload, metadata: Metadata(), deadline: nil)
      calls.append(.unary(call))
      handler.take([.start(call)])
    } else {
      let call = ClientStreamCall(
        method, request: payload, metadata: Metadata(), deadline: nil, maxBytesQueued: limits.maxBytesQueuedPerStream)
      calls.append(.stream(call))
      handler.take([.open(call, nil)])
    }
  }

  /// In force from the next frame on, as after the answer to a Hello.
  package func grant(_ extensions: WireExtensions) { handler.granted(extensions) }

  /// The reader of a stream has consumed so much.
  package func giveBack(_ amount: UInt32, on stream: UInt32) { handler.take([.giveBack(stream: stream, amount)]) }

  /// Sends a message; `nil` says that no further one comes. Nothing happens on a unary call.
  package func send(_ message: [UInt8]?, on number: Int) {
    guard case .stream(let call) = calls[number] else { return }
    handler.take([message.map { .send(call, $0, nil) } ?? .finishSending(call, nil)])
  }

  package func cancel(_ number: Int) {
    switch calls[number] {
    case .unary(let call): handler.take([.cancel(call)])
    case .stream(let call): handler.take([.abandon(call)])
    }
  }
}
