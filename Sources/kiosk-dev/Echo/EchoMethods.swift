internal import CBenchProtos
internal import TTRPCCore
internal import TTRPCNIO
internal import VentanillaMessages

/// What answers the methods of bench.v1.
enum EchoMethods {
  /// - Parameters:
  ///   - isAsync: whether Unary makes a Swift value and may wait, or packs the borrowed C message again.
  ///   - makesValue: whether Unary makes a Swift value and answers at once, as the methods of a service do.
  static func router(isAsync: Bool, makesValue: Bool = false) -> RPCRouter {
    RPCRouter(registeredMethods(isAsync: isAsync, makesValue: makesValue))
  }

  /// As ``router(isAsync:makesValue:)``, for a server that is made elsewhere.
  static func registeredMethods(isAsync: Bool, makesValue: Bool = false) -> [RegisteredMethod] {
    let methods = EchoStreams().registeredMethods + Probe().registeredMethods
    if makesValue { return methods }
    return [isAsync ? waitingUnary : borrowingUnary] + methods.filter { $0.descriptor != BenchMethodTable.Echo.unary }
  }

  private static let borrowingUnary = RegisteredMethod.borrowing(
    BenchMethodTable.Echo.unary, Wire.EchoMsg.self
  ) { (message, _, reply) throws(RPCError) in
    Wire.EchoMsg.pack(message, into: &reply)
  }

  private static let waitingUnary = RegisteredMethod.waiting(
    BenchMethodTable.Echo.unary
  ) { (request: Wire.EchoMsg, _) async throws(RPCError) -> Wire.EchoMsg in
    request
  }
}

/// Gives back messages, once for each kind of stream.
struct EchoStreams: EchoService {
  /// Bytes of bodies in Collect's one message: the largest frame, less what stands around them in the reply.
  static let largestBody = TTRPCLimits.standard.maxFrameLength - 64

  func unary(_ request: Wire.EchoMsg, context: CallContext) throws(RPCError) -> Wire.EchoMsg { request }

  func collect(_ requests: RequestStream<Wire.EchoMsg>, context: CallContext) async throws(RPCError) -> Wire.EchoMsg {
    var collected = Wire.EchoMsg(name: "collected")
    while let request = try await requests.next() {
      guard collected.body.count + request.body.count <= Self.largestBody else {
        throw RPCError(.resourceExhausted, "the bodies joined are longer than \(Self.largestBody) bytes")
      }
      collected.id += 1
      collected.body += request.body
    }
    return collected
  }

  func expand(
    _ request: Wire.EchoMsg, replies: ReplyStream<Wire.EchoMsg>, context: CallContext
  ) async throws(RPCError) {
    for number in 0..<request.id {
      try await replies.send(Wire.EchoMsg(id: number, name: request.name, body: request.body))
    }
  }

  func chat(
    _ requests: RequestStream<Wire.EchoMsg>, replies: ReplyStream<Wire.EchoMsg>, context: CallContext
  ) async throws(RPCError) {
    while let request = try await requests.next() { try await replies.send(request) }
  }
}

/// Shows how the server treats time, errors and metadata.
struct Probe: ProbeService {
  /// A day: longer than anybody waits, short enough for every clock.
  private static let longestSleep: UInt64 = 86_400_000

  func sleep(_ request: Wire.EchoMsg, context: CallContext) async throws(RPCError) -> Wire.EchoMsg {
    do {
      try await Task.sleep(for: .milliseconds(Int64(min(request.id, Self.longestSleep))))
    } catch {
      throw RPCError(.cancelled, "the call has ended")
    }
    return request
  }

  /// Code 0 is success, as in Go; a number that is no code is the caller's mistake.
  func fail(_ request: Wire.EchoMsg, context: CallContext) throws(RPCError) -> Wire.EchoMsg {
    guard let code = Int32(exactly: request.id).flatMap(StatusCode.init(rawValue:)) else {
      throw RPCError(.invalidArgument, "id: \(request.id) is no status code; they are 0 to 16")
    }
    guard code == .ok else { throw RPCError(code, request.name) }
    return Wire.EchoMsg()
  }

  func meta(_ request: Wire.EchoMsg, context: CallContext) throws(RPCError) -> Wire.EchoMsg {
    Wire.EchoMsg(name: Self.text(of: context.metadata), body: Array("deadline=\(Self.timeLeft(until: context.deadline))".utf8))
  }

  /// `key=v1,v2;key=v`: keys in order, the values of a key as they came.
  private static func text(of metadata: Metadata) -> String {
    Set(metadata.pairs.map(\.key)).sorted()
      .map { key in "\(key)=\(metadata.all(key).joined(separator: ","))" }
      .joined(separator: ";")
  }

  private static func timeLeft(until deadline: MonotonicTime?) -> String {
    guard let deadline else { return "none" }
    let now = MonotonicTime.now.nanoseconds
    let left = deadline.nanoseconds > now ? deadline.nanoseconds - now : 0
    return "\(Duration.nanoseconds(Int64(clamping: left)))"
  }
}
