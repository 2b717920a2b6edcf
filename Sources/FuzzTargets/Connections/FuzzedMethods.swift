internal import Synchronization
internal import TTRPCCore

/// What a fuzzed server answers: at once, from work that never waits, from work that never ends, with a refusal, and in streams.
enum FuzzedMethods {
  static let role = RoleSet(rawValue: 1)

  static func descriptor(_ method: String, _ kind: MethodKind = .unary) -> MethodDescriptor {
    MethodDescriptor(service: "f.F", method: method, kind: kind, roles: role, writes: false)
  }

  static let names = ["Echo", "Soon", "Never", "Fail", "Nothing", "Hello", "Copy", "Count", "Sum", "Deaf"]

  static let router = RPCRouter([
    RegisteredMethod(descriptor("Echo"), .synchronous { payload, _, reply throws(RPCError) in
      reply.append(payload.count) { $0.copyMemory(from: payload) }
    }),
    RegisteredMethod(descriptor("Soon"), .asynchronous { payload, _ throws(RPCError) in
      let bytes = Array(payload)
      return { () async throws(RPCError) in bytes }
    }),
    RegisteredMethod(descriptor("Never"), .asynchronous { _, _ throws(RPCError) in
      { () async throws(RPCError) in
        try await HeldJobs.counted { () async throws(RPCError) in await Cancellation.wait() }
        throw RPCError(.cancelled, "nobody waits any more")
      }
    }),
    RegisteredMethod(descriptor("Fail"), .synchronous { _, _, reply throws(RPCError) in
      reply.append(3) { $0.copyBytes(from: [1, 2, 3]) }
      throw RPCError(.notFound, "no such thing")
    }),
    RegisteredMethod(descriptor("Hello"), .negotiating { payload, _, _ throws(RPCError) in
      WireExtensions(rawValue: payload.first.map { $0 & 15 } ?? 15)
    }),
    RegisteredMethod(descriptor("Copy", .bidirectional), .streaming { messages, _ throws(RPCError) in
      try await HeldJobs.counted { () async throws(RPCError) in
        while let message = try await messages.next() { try await messages.send(message) }
        return .done
      }
    }),
    RegisteredMethod(descriptor("Count", .serverStreaming), .streaming { messages, _ throws(RPCError) in
      try await HeldJobs.counted { () async throws(RPCError) in
        let count = try await messages.next()?.first ?? 3
        for number in 0..<count % 8 { try await messages.send([number]) }
        if count >= 128 { throw RPCError(.aborted, "enough") }
        return .done
      }
    }),
    RegisteredMethod(descriptor("Sum", .clientStreaming), .streaming { messages, _ throws(RPCError) in
      try await HeldJobs.counted { () async throws(RPCError) in
        var sum: UInt8 = 0
        while let message = try await messages.next() { sum &+= message.reduce(0, &+) }
        return .reply([sum])
      }
    }),
    RegisteredMethod(descriptor("Deaf", .bidirectional), .streaming { messages, _ throws(RPCError) in
      try await HeldJobs.counted { () async throws(RPCError) in
        await Cancellation.wait()
        try await messages.send([0])
        return .done
      }
    }),
  ])
}

/// A wait that ends when its task is cancelled, and not before.
private final class Cancellation: Sendable {
  private enum State {
    case idle
    case waiting(UnsafeContinuation<Void, Never>)
    case cancelled
  }

  private let state = Mutex(State.idle)

  static func wait() async {
    let cancellation = Cancellation()
    await withTaskCancellationHandler {
      await withUnsafeContinuation { continuation in
        let isCancelled = cancellation.state.withLock { state in
          if case .cancelled = state { return true }
          state = .waiting(continuation)
          return false
        }
        if isCancelled { continuation.resume() }
      }
    } onCancel: {
      let continuation = cancellation.state.withLock { state -> UnsafeContinuation<Void, Never>? in
        defer { state = .cancelled }
        if case .waiting(let continuation) = state { return continuation }
        return nil
      }
      continuation?.resume()
    }
  }
}
