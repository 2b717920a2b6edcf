import Foundation
import KioskTestSupport
import NIOPosix
import Synchronization
import TTRPCCore
import Testing

@testable import TTRPCNIO

/// A TLS server for one test, and what it has said about those it did not let in.
struct TLSServerFixture: Sendable {
  static let roles: [(name: String, role: RoleSet)] = [
    ("kiosk", Probe.kiosk), ("staff", RoleSet(rawValue: 2)), ("display", RoleSet(rawValue: 4)),
  ]

  let authority: TestAuthority
  let server: TTRPCServer
  let tls: ServerTLS
  private let said: Said

  private final class Said: Sendable {
    let refusals = Mutex<[TLSRefusal]>([])
  }

  var address: TTRPCAddress { server.addresses[0] }

  var port: Int { if case .tcp(_, let port) = address { port } else { 0 } }

  /// Serves as `server` of the authority, and lets kiosks and staff in.
  static func with(
    _ methods: [RegisteredMethod] = Probe.methods + [whoAmI], authority: TestAuthority? = nil, denied: String? = nil,
    limits: TTRPCLimits = .standard, now: @escaping @Sendable () -> Int64 = { CalendarTime.now }, _ body: (TLSServerFixture) async throws -> Void
  ) async throws {
    let authority = try authority ?? TestAuthority()
    try authority.issue("server", role: "server")
    if let denied { try authority.write(denied, to: "denied.txt") }
    let said = Said()
    let tls = try ServerTLS(
      files: authority.files("server", denyList: denied == nil ? nil : "denied.txt"),
      admission: CertificateAdmission(clinic: TestAuthority.clinic, roles: roles, admitted: [Probe.kiosk, RoleSet(rawValue: 2)]), now: now,
      onRefusal: { refusal in said.refusals.withLock { $0.append(refusal) } })
    let server = try await TTRPCServer.start(
      listeners: [Listener(host: "127.0.0.1", port: 0, tls: tls)], router: RPCRouter(methods), limits: limits,
      group: MultiThreadedEventLoopGroup.singleton)
    do {
      try await body(TLSServerFixture(authority: authority, server: server, tls: tls, said: said))
    } catch {
      await server.drain(grace: .zero)
      throw error
    }
    await server.drain(grace: .zero)
  }

  /// Answers who the server takes the caller for.
  static let whoAmI = RegisteredMethod(Probe.descriptor("WhoAmI"), .synchronous { _, call, reply throws(RPCError) in
    let text = Array("\(call.caller.device?.description ?? "nobody") \(call.caller.certificate?.serial.description ?? "-")".utf8)
    reply.append(text.count) { $0.copyBytes(from: text) }
  })

  /// Connects with a certificate of the fixture's authority, or of another.
  func connect(_ file: String, of other: TestAuthority? = nil, root: String? = nil) async throws -> TTRPCClientConnection {
    let files = (other ?? authority).files(file, root: root ?? authority.root)
    return try await TTRPCClientConnection.connect(
      to: address, group: MultiThreadedEventLoopGroup.singleton, timeout: .seconds(20),
      tls: ClientTLS(files: files, roles: Self.roles.map(\.name)))
  }

  /// What the technician has been told so far, once there is as much as is waited for.
  func refusals(_ count: Int = 1) async throws -> [TLSRefusal] {
    try await eventually { said.refusals.withLock { $0.count } >= count }
    return said.refusals.withLock { $0 }
  }

  /// Requests that were taken as calls.
  var calls: Int { get async { await server.counters().calls } }
}

extension TTRPCClientConnection {
  /// The reply as text; the status where there is none.
  func ask(_ method: String, _ payload: [UInt8] = []) async -> Result<String, RPCError> {
    do throws(RPCError) {
      let reply = try await unary(Probe.descriptor(method), payload: payload, options: CallOptions(timeout: .seconds(20)))
      return .success(String(decoding: reply, as: UTF8.self))
    } catch { return .failure(error) }
  }
}

