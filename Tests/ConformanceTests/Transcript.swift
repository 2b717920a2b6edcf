import Glibc
import NIOPosix
import TTRPCCore
import Testing

@testable import TTRPCNIO

/// A conversation of Fixtures/Streams, frame by frame: see README.md beside this file.
struct Transcript: Sendable, CustomTestStringConvertible {
  /// What one end says before the other does.
  struct Turn: Hashable, Sendable {
    let isClients: Bool
    var frames: [[UInt8]]
  }

  let name: String
  let turns: [Turn]

  var testDescription: String { name }

  init(_ name: String, _ here: String = #filePath) throws {
    self.name = name
    let folder = here.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    let path = "\(folder)/Fixtures/Streams/\(name).transcript"
    guard let file = fopen(path, "r") else { throw Fixture.Unreadable(path: path) }
    defer { fclose(file) }
    var turns: [Turn] = []
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { free(line) }
    while getline(&line, &capacity, file) > 0, let text = line.map({ String(cString: $0) }) {
      let isClients = text.hasPrefix("> ")
      let frame = Self.bytes(text.dropFirst(2))
      guard frame.count >= FrameHeader.size, isClients || text.hasPrefix("< ") else { throw Fixture.Unreadable(path: path) }
      if turns.last?.isClients == isClients {
        turns[turns.count - 1].frames.append(frame)
      } else {
        turns.append(Turn(isClients: isClients, frames: [frame]))
      }
    }
    self.turns = turns
  }

  private static func bytes(_ text: Substring) -> [UInt8] {
    let digits = text.compactMap(\.hexDigitValue).map { UInt8($0) }
    return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }
}

/// One frame taken apart.
struct Frame: Hashable {
  let header: FrameHeader
  let body: [UInt8]

  init(_ bytes: [UInt8]) {
    header = bytes.withUnsafeBytes { FrameHeader($0) }
    body = Array(bytes.dropFirst(FrameHeader.size))
  }
}

/// The methods that the captured Go server had, on the bytes of their messages.
enum CapturedMethods {
  private static let gone = RPCError(.notFound, "no such thing")

  /// `ttrpc.KeyValue`, encoded.
  private static func keyValue(_ key: String, _ value: String) -> [UInt8] {
    [0x0A, UInt8(key.utf8.count)] + Array(key.utf8) + [0x12, UInt8(value.utf8.count)] + Array(value.utf8)
  }

  private static func method(
    _ name: String, _ kind: MethodKind,
    _ answer: @escaping @Sendable (any RPCServerStream) async throws(RPCError) -> StreamEnd
  ) -> RegisteredMethod {
    let descriptor = MethodDescriptor(
      service: "test.v1.Probe", method: name, kind: kind, roles: GoFixtureTests.kiosk, writes: false)
    return RegisteredMethod(descriptor, .streaming { (stream, _) async throws(RPCError) in try await answer(stream) })
  }

  static let all = [
    RegisteredMethod(GoFixtureTests.method("Echo"), .synchronous { payload, _, reply throws(RPCError) in
      reply.append(payload.count) { $0.copyMemory(from: payload) }
    }),
    method("Collect", .clientStreaming) { (stream) async throws(RPCError) in
      var count = 0
      while let message = try await stream.next() {
        if message == keyValue("fail", "año") { throw gone }
        count += 1
      }
      return .reply(keyValue("collected", "\(count)"))
    },
    method("Expand", .serverStreaming) { (stream) async throws(RPCError) in
      let request = try await stream.next() ?? []
      if request == keyValue("nothing", "año") { return .done }
      try await stream.send(request)
      if request == keyValue("fail", "año") { throw gone }
      try await stream.send([])
      try await stream.send(request)
      return .done
    },
    method("Chat", .bidirectional) { (stream) async throws(RPCError) in
      while let message = try await stream.next() {
        if message == keyValue("fail", "año") { throw gone }
        try await stream.send(message)
        if message == keyValue("end", "año") { return .done }
      }
      return .done
    },
  ]
}
