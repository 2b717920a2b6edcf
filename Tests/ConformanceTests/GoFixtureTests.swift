import Glibc
import NIOCore
import NIOEmbedded
import TTRPCCore
import Testing

@testable import TTRPCNIO

/// Facts from outside the project: see README.md beside this file.
@Suite("What containerd's Go implementation writes")
struct GoFixtureTests {
  static let kiosk = RoleSet(rawValue: 1)

  static func method(_ method: String, service: String = "test.v1.Probe") -> MethodDescriptor {
    MethodDescriptor(service: service, method: method, kind: .unary, roles: kiosk, writes: false)
  }

  static let router = RPCRouter([
    RegisteredMethod(method("Echo"), .synchronous { payload, _, reply throws(RPCError) in
      reply.append(payload.count) { $0.copyMemory(from: payload) }
    }),
    RegisteredMethod(method("Fail"), .synchronous { _, _, _ throws(RPCError) in
      throw RPCError(.notFound, "no such thing")
    }),
  ])

  @Test("Our server answers the Go client as the Go server did", arguments: [
    "echo", "empty", "fail", "unknown-service", "unknown-method", "metadata", "timeout",
  ])
  func server(name: String) throws {
    let channel = EmbeddedChannel()
    let loop = ServerLoop(
      eventLoop: channel.eventLoop, router: Self.router, limits: .standard, connectionCount: ConnectionCount())
    try channel.pipeline.syncOperations.addHandler(ServerConnectionHandler(loop: loop, role: Self.kiosk))
    try channel.writeInbound(ByteBuffer(bytes: Fixture.bytes("\(name).request")))
    let answer = try channel.readOutbound(as: ByteBuffer.self)
    #expect(answer.map { [UInt8](buffer: $0) } == (try Fixture.bytes("\(name).response")))
  }

  @Test("Our client writes what the Go client wrote", arguments: [
    ("echo", 1, method("Echo"), [0x0a, 5] + Array("clave".utf8) + [0x12, 4] + Array("año".utf8), [:]),
    ("empty", 3, method("Echo"), [], [:]),
    ("fail", 5, method("Fail"), [0x0a, 1, 0x78], [:]),
    ("unknown-service", 7, method("Echo", service: "no.Such"), [], [:]),
    ("unknown-method", 9, method("Nothing"), [], [:]),
    ("metadata", 11, method("Echo"), [0x0a, 1, 0x6b], ["request-id": "00112233445566778899aabbccddeeff"]),
  ] as [(String, UInt32, MethodDescriptor, [UInt8], Metadata)])
  func client(name: String, stream: UInt32, method: MethodDescriptor, payload: [UInt8], metadata: Metadata) throws {
    let frame = RequestFrame(method, payload: payload, timeoutNanoseconds: 0, metadata: metadata)
    var bytes = [UInt8](repeating: 0, count: frame.size)
    bytes.withUnsafeMutableBytes { frame.write(stream: stream, to: $0) }
    #expect(bytes == (try Fixture.bytes(name + ".request")))
  }

  @Test("The Go client's hour is an hour, less the moment it took to send")
  func timeout() throws {
    let bytes = try Fixture.bytes("timeout.request").dropFirst(FrameHeader.size)
    let nanoseconds = try Array(bytes).withUnsafeBytes { try RequestEnvelope($0).timeoutNanoseconds }
    #expect((3_599_000_000_000...3_600_000_000_000).contains(nanoseconds))
  }

  @Test("The Go server's answers read as what they say", arguments: [
    ("fail", RPCError(.notFound, "no such thing")),
    ("unknown-service", RPCError(.unimplemented, "service no.Such")),
    ("unknown-method", RPCError(.unimplemented, "method Nothing")),
  ])
  func answers(name: String, error: RPCError) throws {
    let bytes = try Fixture.bytes("\(name).response").dropFirst(FrameHeader.size)
    #expect(try Array(bytes).withUnsafeBytes { try ResponseEnvelope($0).error } == error)
  }
}

/// A file of Fixtures/: hexadecimal digits and a newline.
enum Fixture {
  struct Unreadable: Error { let path: String }

  static func bytes(_ name: String, _ here: String = #filePath) throws -> [UInt8] {
    let folder = here.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    let path = "\(folder)/Fixtures/\(name).hex"
    guard let file = fopen(path, "r") else { throw Unreadable(path: path) }
    defer { fclose(file) }
    var digits: [UInt8] = []
    while case let character = getc(file), character != EOF {
      guard let digit = Character(UnicodeScalar(UInt8(character))).hexDigitValue else { continue }
      digits.append(UInt8(digit))
    }
    return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }
}
