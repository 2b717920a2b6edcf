import TTRPCCore

/// A frame as a test writes it or finds it.
struct WireFrame: Hashable, CustomStringConvertible {
  var stream: UInt32
  var type: FrameType
  var flags: FrameFlags = []
  var body: [UInt8] = []
  /// What the header says, where that is not the body's own length.
  var length: UInt32?

  var bytes: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: FrameHeader.size)
    bytes.withUnsafeMutableBytes {
      FrameHeader(length: length ?? UInt32(body.count), stream: stream, type: type, flags: flags).write(to: $0)
    }
    return bytes + body
  }

  var description: String { "\(type.rawValue)/\(stream)/\(flags.rawValue)+\(body.count)" }

  /// A request to a method of ``Probe``.
  static func request(
    _ stream: UInt32, _ method: String, _ payload: [UInt8] = [], service: String = Probe.service,
    flags: FrameFlags = [], timeout: Int64 = 0
  ) -> WireFrame {
    let frame = RequestFrame(
      Probe.descriptor(method, service: service), payload: payload, timeoutNanoseconds: timeout, metadata: Metadata())
    var bytes = [UInt8](repeating: 0, count: frame.size)
    bytes.withUnsafeMutableBytes { frame.write(stream: stream, to: $0) }
    return WireFrame(stream: stream, type: .request, flags: flags, body: Array(bytes.dropFirst(FrameHeader.size)))
  }

  static func data(_ stream: UInt32, _ body: [UInt8] = [], _ flags: FrameFlags = []) -> WireFrame {
    WireFrame(stream: stream, type: .data, flags: flags, body: body)
  }
}

/// What a server said: one response frame, read.
enum Reply: Hashable, CustomStringConvertible {
  case ok(UInt32, [UInt8])
  case failed(UInt32, StatusCode, String)
  /// A message of a stream.
  case message(UInt32, [UInt8])
  /// The end of a stream.
  case end(UInt32)
  /// A frame that no server should send.
  case unexpected(WireFrame)

  var description: String {
    switch self {
    case .ok(let stream, let body): "\(stream): \(body.count > 40 ? "\(body.count) bytes" : "\(body)")"
    case .failed(let stream, let code, let message): "\(stream): \(code) “\(message)”"
    case .message(let stream, let body): "\(stream): message \(body.count > 40 ? "of \(body.count) bytes" : "\(body)")"
    case .end(let stream): "\(stream): end"
    case .unexpected(let frame): "unexpected \(frame)"
    }
  }

  var stream: UInt32 {
    switch self {
    case .ok(let stream, _), .failed(let stream, _, _), .message(let stream, _), .end(let stream): stream
    case .unexpected(let frame): frame.stream
    }
  }

  init(_ frame: WireFrame) {
    if frame.type == .data {
      self =
        switch (frame.flags, frame.body.isEmpty) {
        case ([], _): .message(frame.stream, frame.body)
        case ([.remoteClosed, .noData], true): .end(frame.stream)
        case _: .unexpected(frame)
        }
      return
    }
    guard frame.type == .response, frame.flags.isEmpty else {
      self = .unexpected(frame)
      return
    }
    self = frame.body.withUnsafeBytes { bytes in
      guard let envelope = try? ResponseEnvelope(bytes) else { return .unexpected(frame) }
      if let error = envelope.error { return .failed(frame.stream, error.code, error.message) }
      return .ok(frame.stream, Array(envelope.payload))
    }
  }

  /// Reads every complete frame from the front of `bytes` and takes it out.
  static func readAll(_ bytes: inout [UInt8]) -> [Reply] {
    var replies: [Reply] = []
    while bytes.count >= FrameHeader.size {
      let header = bytes.withUnsafeBytes { FrameHeader($0) }
      let size = FrameHeader.size + Int(header.length)
      guard bytes.count >= size else { break }
      let body = Array(bytes[FrameHeader.size..<size])
      replies.append(Reply(WireFrame(stream: header.stream, type: header.type, flags: header.flags, body: body)))
      bytes.removeFirst(size)
    }
    return replies
  }
}

/// The methods that the tests call.
enum Probe {
  static let service = "test.v1.Probe"
  static let kiosk = RoleSet(rawValue: 1)
  static let nobody = RoleSet(rawValue: 1 << 31)

  static func descriptor(_ method: String, service: String = Probe.service) -> MethodDescriptor {
    MethodDescriptor(service: service, method: method, kind: .unary, roles: kiosk, writes: false)
  }

  /// Returns the request, at once.
  static let echo = RegisteredMethod(descriptor("Echo"), .synchronous { payload, _, reply throws(RPCError) in
    reply.append(payload.count) { $0.copyMemory(from: payload) }
  })
  /// Returns the request from asynchronous work that never waits.
  static let soon = RegisteredMethod(descriptor("Soon"), .asynchronous { payload, _ throws(RPCError) in
    let bytes = Array(payload)
    return { () async throws(RPCError) in bytes }
  })
  /// Returns as many bytes as the request's first four say.
  static let grow = RegisteredMethod(descriptor("Grow"), .synchronous { payload, _, reply throws(RPCError) in
    let count = Int(payload.loadUnaligned(as: UInt32.self))
    reply.append(count) { _ = $0.initializeMemory(as: UInt8.self, repeating: 0x47) }
  })
  /// Refuses, having written half of a reply.
  static let fail = RegisteredMethod(descriptor("Fail"), .synchronous { _, _, reply throws(RPCError) in
    reply.append(3) { $0.copyBytes(from: [1, 2, 3]) }
    throw RPCError(.notFound, "no such thing")
  })
  /// Takes nothing but an empty payload.
  static let picky = RegisteredMethod(descriptor("Picky"), .asynchronous { payload, _ throws(RPCError) in
    guard payload.isEmpty else { throw .undecodablePayload("field 9 is not known") }
    return { () async throws(RPCError) in [] }
  })
  /// May be called by nobody.
  static let denied = RegisteredMethod(
    MethodDescriptor(service: service, method: "Denied", kind: .unary, roles: [], writes: false), echo.handler)

  static let methods = [echo, soon, grow, fail, picky, denied]
}

extension TTRPCLimits {
  /// The standard ones for tests that make thousands of calls in no time.
  static let unhurried: TTRPCLimits = {
    var limits = TTRPCLimits.standard
    limits.callsPerSecond = CallRate(perSecond: 1_000_000, burst: 1_000_000)
    return limits
  }()
}
