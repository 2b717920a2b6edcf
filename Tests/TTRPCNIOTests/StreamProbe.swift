import Synchronization
import TTRPCCore

@testable import TTRPCNIO

/// Streaming methods that the tests call.
enum StreamProbe {
  static func method(
    _ name: String, _ kind: MethodKind,
    _ answer: @escaping @Sendable (any RPCServerStream, CallContext) async throws(RPCError) -> StreamEnd
  ) -> RegisteredMethod {
    RegisteredMethod(
      MethodDescriptor(service: Probe.service, method: name, kind: kind, roles: Probe.kiosk, writes: false), .streaming(answer))
  }

  /// Joins what the client sends, each message with its length before it.
  static let collect = method("Collect", .clientStreaming) { (stream, _) async throws(RPCError) in
    var joined: [UInt8] = []
    while let message = try await stream.next() { joined += [UInt8(truncatingIfNeeded: message.count)] + message }
    return .reply(joined)
  }
  /// Sends the request's first byte as so many messages, each with its number in the request's length.
  static let expand = method("Expand", .serverStreaming) { (stream, _) async throws(RPCError) in
    let request = try await stream.next() ?? []
    for number in 0..<(request.first ?? 0) { try await stream.send(Array(repeating: number, count: request.count)) }
    return .done
  }
  /// Sends each message back; refuses one that begins with 0xFF, and ends early after one that begins with 0xFE.
  static let chat = method("Chat", .bidirectional) { (stream, _) async throws(RPCError) in
    while let message = try await stream.next() {
      if message.first == 0xFF { throw RPCError(.aborted, "no more of this") }
      try await stream.send(message)
      if message.first == 0xFE { break }
    }
    return .done
  }
  /// Sends messages of 1,000 bytes for ever.
  static let flood = method("Flood", .serverStreaming) { (stream, _) async throws(RPCError) in
    while true { try await stream.send(Array(repeating: 0x46, count: 1000)) }
  }
  /// `Session/Hello`: its payload is the extensions to grant.
  static let hello = RegisteredMethod(Probe.descriptor("Hello"), .negotiating { (payload, _, _) throws(RPCError) in
    WireExtensions(rawValue: payload.first ?? 0)
  })

  static let methods = Probe.methods + [collect, expand, chat, flood, hello]
}

/// A method that reads nothing until the test lets it, and says how it ended.
final class SlowReader: Sendable {
  let gate = Gate()
  private let seen = Mutex<[Result<Int, RPCError>]>([])

  /// The messages that were read, or why there were no more; one for each call that ended.
  var ends: [Result<Int, RPCError>] { seen.withLock { $0 } }

  var method: RegisteredMethod {
    StreamProbe.method("Slow", .bidirectional) { [self] (stream, _) async throws(RPCError) in
      await gate.pass()
      var count = 0
      do throws(RPCError) {
        while try await stream.next() != nil { count += 1 }
        seen.withLock { $0.append(.success(count)) }
      } catch {
        seen.withLock { $0.append(.failure(error)) }
        throw error
      }
      return .reply([UInt8(truncatingIfNeeded: count)])
    }
  }

  var methods: [RegisteredMethod] { StreamProbe.methods + [method] }
}
