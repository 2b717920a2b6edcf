internal import NIOCore
internal import TTRPCCore
internal import TTRPCNIO
internal import VentanillaMessages

/// Makes connections: one address after the other, each with its introduction.
struct Dialer: Sendable {
  let servers: [TTRPCAddress]
  let group: any EventLoopGroup
  let timeout: Duration
  let introduction: ClientIntroduction?
  let tls: ClientTLS?
  let limits: TTRPCLimits

  /// A connection that is ready for calls.
  struct Connected: Sendable {
    /// The server's place.
    let server: Int
    let connection: TTRPCClientConnection
    /// `nil` without introduction, and from a server that does not take one: it speaks plain ttrpc.
    let session: ServerSession?
  }

  /// The first that answers. Bounded by the timeout for each.
  ///
  /// The error is UNAVAILABLE; PERMISSION_DENIED when none would do with this end's certificate or show its own: they will not next time.
  func connect(_ order: [Int]) async -> Result<Connected, RPCError> {
    var faults: [String] = []
    var areFinal = true
    for server in order {
      if Task.isCancelled { break }
      do throws(DialFault) {
        return .success(try await connect(server))
      } catch {
        faults.append("\(servers[server]): \(error.motivo)")
        areFinal = areFinal && error.isFinal
      }
    }
    let places = faults.joined(separator: "; ni en ")
    return .failure(
      areFinal && !faults.isEmpty
        ? RPCError(.permissionDenied, "No hay conexión segura con el servidor en \(places).")
        : RPCError(.unavailable, "No se pudo conectar con el servidor en \(places). Revise que esté iniciado."))
  }

  private struct DialFault: Error {
    /// Lower case, no full stop.
    let motivo: String
    var isFinal = false
  }

  private func connect(_ server: Int) async throws(DialFault) -> Connected {
    let start = ContinuousClock.now
    let connection: TTRPCClientConnection
    do throws(ConnectFault) {
      connection = try await TTRPCClientConnection.connect(to: servers[server], group: group, timeout: timeout, tls: tls, limits: limits)
    } catch { throw DialFault(motivo: error.motivo, isFinal: error.isFinal) }
    guard let introduction else { return Connected(server: server, connection: connection, session: nil) }
    do throws(RPCError) {
      let left = timeout - start.duration(to: .now)
      return Connected(server: server, connection: connection, session: try await introduce(introduction, connection, left))
    } catch {
      await connection.close()
      throw DialFault(motivo: error.spanish.phrase)
    }
  }

  /// - Throws: what says that this server cannot be used now. Any other status says that it knows no introduction (peers of ours
  ///   differ in which), and is no fault.
  private func introduce(
    _ introduction: ClientIntroduction, _ connection: TTRPCClientConnection, _ timeout: Duration
  ) async throws(RPCError) -> ServerSession? {
    guard let request = try? introduction.request.encoded() else { throw RPCError(.invalidArgument, "the introduction cannot be encoded") }
    let asked = ServerClock.now
    do throws(RPCError) {
      let bytes = try await connection.negotiate(
        MethodTable.Session.hello, payload: request, options: CallOptions(timeout: timeout)
      ) { (try? Wire.HelloResponse(decoding: $0)).map(introduction.granted) ?? [] }
      guard let reply = try? Wire.HelloResponse(decoding: bytes) else { return nil }
      let clock = ServerClock(asked: asked, answered: ServerClock.now, server: reply.clockUnixMs)
      return ServerSession(reply, introduction.granted(reply), clock)
    } catch {
      switch error.code {
      case .unavailable, .resourceExhausted, .deadlineExceeded, .cancelled: throw error
      default: return nil
      }
    }
  }
}
