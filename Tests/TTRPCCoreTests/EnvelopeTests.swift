import Testing

@testable import TTRPCCore

@Suite("The request's envelope")
struct RequestEnvelopeTests {
  /// An envelope copied out of its buffer.
  struct Request: Equatable {
    var service = ""
    var method = ""
    var payload: [UInt8] = []
    var timeout: Int64 = 0
    var metadata = Metadata()
  }

  static func decode(_ bytes: [UInt8], maxPairs: Int = 128) throws(EnvelopeFault) -> Request {
    let decoded: Result<Request, EnvelopeFault> = bytes.withUnsafeBytes { raw in
      do throws(EnvelopeFault) {
        let envelope = try RequestEnvelope(raw, maxMetadataPairs: maxPairs)
        return .success(Request(
          service: String(decoding: envelope.service, as: UTF8.self),
          method: String(decoding: envelope.method, as: UTF8.self), payload: Array(envelope.payload),
          timeout: envelope.timeoutNanoseconds, metadata: envelope.metadata))
      } catch {
        return .failure(error)
      }
    }
    return try decoded.get()
  }

  @Test("What the client writes is what the server reads")
  func roundTrip() throws {
    let method = MethodDescriptor(service: "a.B", method: "C", kind: .unary, roles: [], writes: false)
    var metadata = Metadata([.init(key: "k", value: "uno"), .init(key: "k", value: "dos")])
    metadata.append("vacío", "")
    let frame = RequestFrame(method, payload: Array(0..<200), timeoutNanoseconds: 5_000_000_000, metadata: metadata)
    var bytes = [UInt8](repeating: 0, count: frame.size)
    bytes.withUnsafeMutableBytes { frame.write(stream: 3, to: $0) }
    #expect(
      bytes.withUnsafeBytes { FrameHeader($0) }
        == FrameHeader(length: UInt32(frame.size - 10), stream: 3, type: .request))
    #expect(
      try Self.decode(Array(bytes.dropFirst(10)))
        == Request(service: "a.B", method: "C", payload: Array(0..<200), timeout: 5_000_000_000, metadata: metadata))
  }

  @Test("By proto3's rules: the last wins, unknown fields and foreign wire types are passed over")
  func rules() throws {
    let bytes: [UInt8] =
      [0x0a, 1, 0x61, 0x0a, 1, 0x62]  // service twice
      + [0x12, 1, 0x6d] + [0x1a, 2, 1, 2, 0x1a, 1, 9]
      + [0x20, 5, 0x20, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]  // timeout 5, then -1
      + [0x30, 0x96, 1] + [0x39, 1, 2, 3, 4, 5, 6, 7, 8] + [0x42, 2, 0xff, 0xff] + [0x4d, 1, 2, 3, 4]
      + [0x53, 0x58, 1, 0x5b, 0x5c, 0x54]  // group 10 holding a varint and group 11
      + [0x08, 7] + [0x25, 1, 2, 3, 4]  // service as a varint, timeout as a fixed32: unknown
    #expect(try Self.decode(bytes) == Request(service: "b", method: "m", payload: [9], timeout: -1))
  }

  @Test("An empty envelope is an envelope")
  func empty() throws { #expect(try Self.decode([]) == Request()) }

  static let deep = [UInt8](repeating: 0x53, count: 101)

  @Test("Each fault has its name", arguments: [
    ([0x0a], .truncated),
    ([0x0a, 5, 1], .truncated),
    ([0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 1], .truncated),
    ([0x20, 0x80], .truncated),
    ([0x39, 1, 2], .truncated),
    ([0x53, 0x58, 1], .truncated),
    ([0x20] + Array(repeating: 0xff, count: 10) + [1], .varintTooLong),
    ([0x20] + Array(repeating: 0xff, count: 9) + [2], .varintTooLong),
    ([0x00, 1], .invalidTag),
    ([0x06], .invalidTag),
    ([0x07], .invalidTag),
    ([0x54], .invalidTag),
    ([0x53, 0x5c], .invalidTag),
    ([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1], .invalidTag),
    ([0x0a, 2, 0xc3, 0x28], .invalidUTF8(field: "service")),
    ([0x12, 3, 0xed, 0xa0, 0x80], .invalidUTF8(field: "method")),
    ([0x2a, 3, 0x0a, 1, 0xff], .invalidUTF8(field: "key")),
    ([0x2a, 3, 0x12, 1, 0xff], .invalidUTF8(field: "value")),
    (deep, .nestedTooDeeply),
    ([0x2a, 0, 0x2a, 0, 0x2a, 0], .tooManyMetadataPairs(maximum: 2)),
  ] as [([UInt8], EnvelopeFault)])
  func faults(bytes: [UInt8], fault: EnvelopeFault) {
    #expect(throws: fault) { try Self.decode(bytes, maxPairs: 2) }
  }

  @Test("An undecodable envelope is code 3 in Go's words; too much metadata names its limit")
  func statuses() {
    #expect(
      RPCError(request: .truncated) == RPCError(.invalidArgument, "unmarshal request error: unexpected end of message"))
    #expect(
      RPCError(request: .tooManyMetadataPairs(maximum: 128))
        == RPCError(.resourceExhausted, "limit maxMetadataPairs reached: 128 metadata pairs in one request"))
  }
}

@Suite("The response's envelope")
struct ResponseEnvelopeTests {
  static func decode(_ bytes: [UInt8]) throws(EnvelopeFault) -> Result<[UInt8], RPCError> {
    let decoded: Result<Result<[UInt8], RPCError>, EnvelopeFault> = bytes.withUnsafeBytes { raw in
      do throws(EnvelopeFault) {
        let envelope = try ResponseEnvelope(raw)
        return .success(envelope.error.map { .failure($0) } ?? .success(Array(envelope.payload)))
      } catch {
        return .failure(error)
      }
    }
    return try decoded.get()
  }

  @Test("An error reads back with its details", arguments: [
    RPCError(.notFound, ""),
    RPCError(.unavailable, "más tarde"),
    RPCError(.failedPrecondition, "x", details: [
      StatusDetail(typeURL: "type.googleapis.com/a.B", value: Array(0..<150)),
      StatusDetail(typeURL: "", value: []),
    ]),
  ])
  func errors(error: RPCError) throws {
    let frame = ResponseFrame.bytes(error, stream: 9)
    #expect(
      frame.withUnsafeBytes { FrameHeader($0) }
        == FrameHeader(length: UInt32(frame.count - 10), stream: 9, type: .response))
    #expect(try Self.decode(Array(frame.dropFirst(10))) == .failure(error))
  }

  @Test("A reply reads back, and an empty one is a frame without data", arguments: [0, 1, 127, 128, 20_000])
  func replies(count: Int) throws {
    let reply = [UInt8](repeating: 0x5a, count: count)
    let length = ResponseFrame.length(ofReply: count)
    var frame = [UInt8](repeating: 0, count: 10 + length)
    frame.withUnsafeMutableBytes { frame in reply.withUnsafeBytes { ResponseFrame.write($0, stream: 5, to: frame) } }
    #expect((count == 0) == (length == 0))
    #expect(try Self.decode(Array(frame.dropFirst(10))) == .success(reply))
  }

  @Test("Success is a status left out or of code 0; an unknown code is UNKNOWN and keeps its number")
  func codes() throws {
    #expect(try Self.decode([]) == .success([]))
    #expect(try Self.decode([0x0a, 0, 0x12, 1, 7]) == .success([7]))
    #expect(try Self.decode([0x0a, 2, 0x08, 0]) == .success([]))
    #expect(try Self.decode([0x0a, 2, 0x08, 99]) == .failure(RPCError(.unknown, "status code 99: ")))
    #expect(
      try Self.decode([0x0a, 2, 0x08, 5, 0x0a, 3, 0x12, 1, 0x78]) == .failure(RPCError(.notFound, "x")),
      "two statuses are merged")
    #expect(throws: EnvelopeFault.truncated) { try Self.decode([0x0a, 4, 0x08]) }
  }
}
