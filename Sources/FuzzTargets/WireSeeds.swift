internal import TTRPCCore

/// A few frames as our own ends write them; those that Go writes stand in Tests/ConformanceTests/Fixtures and join them there.
enum WireSeeds {
  static let requests = [
    request("Echo", [1, 2, 3]), request("Soon", [], timeout: 1_000_000_000, metadata: ["request-id": "00112233445566778899aabbccddeeff"]),
    request("Nothing", [], timeout: -1),
  ].map { Array($0[FrameHeader.size...]) }

  static let responses = [
    ResponseFrame.bytes(RPCError(.notFound, "no such thing"), stream: 1),
    ResponseFrame.bytes(
      RPCError(.failedPrecondition, "x", details: [StatusDetail(typeURL: "type.googleapis.com/ventanilla.v1.Refusal", value: [8, 1])]),
      stream: 3),
    reply([1, 2, 3]),
  ].map { Array($0[FrameHeader.size...]) }

  static let frames = [
    request("Echo", [1, 2, 3]) + frame(1, .data, [.remoteClosed, .noData]),
    reply([1, 2, 3]) + frame(1, .data, [], [4, 5]) + frame(0, .ping, [], [6]),
  ]

  static func request(_ method: String, _ payload: [UInt8], timeout: Int64 = 0, metadata: Metadata = [:]) -> [UInt8] {
    let frame = RequestFrame(
      MethodDescriptor(service: "f.F", method: method, kind: .unary, roles: [], writes: false), payload: payload,
      timeoutNanoseconds: timeout, metadata: metadata)
    var bytes = [UInt8](repeating: 0, count: frame.size)
    bytes.withUnsafeMutableBytes { frame.write(stream: 1, to: $0) }
    return bytes
  }

  static func reply(_ payload: [UInt8]) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: FrameHeader.size + ResponseFrame.length(ofReply: payload.count))
    bytes.withUnsafeMutableBytes { bytes in
      payload.withUnsafeBytes { ResponseFrame.write($0, stream: 1, to: bytes) }
    }
    return bytes
  }

  static func frame(_ stream: UInt32, _ type: FrameType, _ flags: FrameFlags, _ body: [UInt8] = []) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: FrameHeader.size)
    bytes.withUnsafeMutableBytes {
      FrameHeader(length: UInt32(body.count), stream: stream, type: type, flags: flags).write(to: $0)
    }
    return bytes + body
  }
}
