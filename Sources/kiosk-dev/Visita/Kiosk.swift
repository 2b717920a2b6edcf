internal import KioskClient
internal import NIOPosix
internal import TTRPCCore
internal import TTRPCNIO
internal import TerminalText
internal import VentanillaMessages

/// A kiosk of the walk-through: its own connection, every call told with its time.
struct Kiosk: Sendable {
  private static let patience = Duration.seconds(10)

  private let client: KioskClient
  let narrator: Narrator

  init(_ address: TTRPCAddress, narrator: Narrator) {
    client = KioskClient(address, group: MultiThreadedEventLoopGroup.singleton)
    self.narrator = narrator
  }

  func close() async { await client.close() }

  /// A call, and what it answered.
  ///
  /// - Parameter id: the request id of a write that may be repeated.
  /// - Parameter quiet: does not tell it.
  func ask<Request: WireMessage, Reply: WireMessage>(
    _ method: MethodDescriptor, _ request: Request, id: RequestIdentifier? = nil, quiet: Bool = false,
    as _: Reply.Type = Reply.self
  ) async -> Result<Reply, RPCError> {
    let options = id.map { .write($0, timeout: Self.patience) } ?? CallOptions(timeout: Self.patience)
    let start = ContinuousClock.now
    let result: Result<Reply, RPCError>
    do throws(RPCError) { result = .success(try await client.call(method, request, options)) } catch { result = .failure(error) }
    if !quiet { tell(method, ContinuousClock.now - start, result) }
    return result
  }

  /// The reply of a call that must be granted.
  func granted<Request: WireMessage, Reply: WireMessage>(
    _ method: MethodDescriptor, _ request: Request, id: RequestIdentifier? = nil, quiet: Bool = false,
    as _: Reply.Type = Reply.self
  ) async throws(VisitFault) -> Reply {
    switch await ask(method, request, id: id, quiet: quiet, as: Reply.self) {
    case .success(let reply): return reply
    case .failure(let error): throw VisitFault("\(method.method) debía cumplirse y contestó \(error.code.name): \(error.message)")
    }
  }

  /// The status of a call that must be refused.
  func refused<Request: WireMessage, Reply: WireMessage>(
    _ method: MethodDescriptor, _ request: Request, _ code: StatusCode, as _: Reply.Type
  ) async throws(VisitFault) -> RPCError {
    switch await ask(method, request, as: Reply.self) {
    case .success: throw VisitFault("\(method.method) debía rechazarse con \(code.name) y se cumplió.")
    case .failure(let error) where error.code == code: return error
    case .failure(let error):
      throw VisitFault("\(method.method) debía rechazarse con \(code.name) y contestó \(error.code.name): \(error.message)")
    }
  }

  private func tell<Reply>(_ method: MethodDescriptor, _ took: Duration, _ result: Result<Reply, RPCError>) {
    let name = "\(method.service.split(separator: ".").last ?? "")/\(method.method)"
    switch result {
    case .success: narrator.call(name, took, narrator.style.green("OK"))
    case .failure(let error):
      narrator.call(name, took, "\(narrator.style.yellow(error.code.name)): \(error.message)")
    }
  }
}
