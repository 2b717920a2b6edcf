internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

/// Answers ventanilla.v1.Proxies: permissions with exact rights, and what they may open.
package struct ProxiesHandlers: ProxiesService {
  let counter: Counter

  package init(_ counter: Counter) { self.counter = counter }

  /// Who writes something down in a person's session: the person, or somebody of the clinic who says why.
  func writer(
    in session: SessionRegistry.Session, _ reason: Wire.StaffReason, _ context: CallContext
  ) throws(RPCError) -> Actor {
    guard reason != .unspecified else { return .person(session.actor.id) }
    guard context.role.contains(.staff) else { throw .field("staff_reason", "solo lo dice el personal, por su propia puerta") }
    return try counter.staff(reason, context, field: "staff_reason")
  }
}

extension ProxiesHandlers {
  /// Lets another adult do exactly these things.
  package func grantProxy(
    _ request: Wire.GrantProxyRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.GrantProxyResponse> {
    let number: PatientNumber
    do { number = try PatientNumber(parsing: request.granteeNumber) } catch { throw .field("grantee_number", error.mensaje) }
    let birthDate = try FieldReader.birthDate(request.granteeBirthDate, today: counter.today)
    let rights = try request.checkedRights()
    let from = try FieldReader.optionalDate(request.fromDate, field: "from_date")
    let until = try FieldReader.optionalDate(request.untilDate, field: "until_date")
    let session = try counter.session(request.sessionToken, context)
    let actor = try writer(in: session, request.staffReason, context)
    let grantor = session.actor.id
    let grantee = try await grantee(number, born: birthDate, context)
    let rules = counter.rules
    let reply: Encoded<Wire.GrantProxyResponse> = try await counter.write(
      .proxy(.grant(
        GrantProxy(
          actor: actor, grantor: grantor, grantee: grantee.id, rights: rights, from: from, until: until, channel: session.channel))),
      context,
      encode: { outcome in
        guard case .proxy(.proxies(let proxies)) = outcome else { preconditionFailure("granted without a permission") }
        return Encoded(Wire.GrantProxyResponse(proxy: proxies.first.map { rules.wireProxy($0, to: grantee) })).bytes
      },
      refused: { refusal, _ in counter.refusedProxy(refusal) })
    // What they had before may have been more.
    counter.sessions.forget(grantor, grantee: grantee.id)
    return reply
  }

  /// Takes a permission back, or everything, also from the sessions that are open now.
  package func revokeProxy(
    _ request: Wire.RevokeProxyRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.RevokeProxyResponse> {
    guard request.proxy >= 0 else { throw .field("proxy", "escriba el número del permiso, o 0 para quitarlos todos") }
    let session = try counter.session(request.sessionToken, context)
    let actor = try writer(in: session, request.staffReason, context)
    let grantor = session.actor.id
    let reply: Encoded<Wire.RevokeProxyResponse> = try await counter.write(
      .proxy(.revoke(
        RevokeProxy(actor: actor, grantor: grantor, id: request.proxy == 0 ? nil : request.proxy, channel: session.channel))),
      context,
      encode: { outcome in
        guard case .proxy(.proxies(let gone)) = outcome else { preconditionFailure("revoked without permissions") }
        return Encoded(Wire.RevokeProxyResponse(revoked: Int32(gone.count), text: Self.text(ofRevoked: gone.count))).bytes
      },
      refused: { refusal, _ in counter.refusedProxy(refusal) })
    counter.sessions.forget(grantor, grantee: nil)
    return reply
  }

  /// What the person of the session gave.
  package func listProxies(
    _ request: Wire.ListProxiesRequest, context: CallContext
  ) async throws(RPCError) -> Wire.ListProxiesResponse {
    let grantor = try counter.session(request.sessionToken, context).actor.id
    let given = try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in
        var given: [(proxy: Proxy, grantee: Patient)] = []
        for proxy in try reader.proxies(grantor: grantor) {
          if let grantee = try reader.patient(id: proxy.grantee) { given.append((proxy, grantee)) }
        }
        return given
      }
    }
    return Wire.ListProxiesResponse(proxies: given.map { counter.rules.wireProxy($0.proxy, to: $0.grantee) })
  }

  /// Who gets a permission. A number with a birth date that is not theirs counts as a failed identification, so that nobody can try dates.
  private func grantee(
    _ number: PatientNumber, born birthDate: CivilDate, _ context: CallContext
  ) async throws(RPCError) -> Patient {
    let failure = counter.failure(.patientNumber(number), visit: nil, context)
    return try await counter.judged(failure, failing: Self.noSuchPerson) { counter async throws(RPCError) in
      let person = try await counter.reading { store throws(StoreFault) in
        try await store.read { reader throws(StoreFault) in try reader.patient(number: number) }
      }
      return person?.birthDate == birthDate ? person : nil
    }
  }

  private static let noSuchPerson = RPCError(
    .notFound, "No hay una persona con ese número de paciente y esa fecha de nacimiento. Revise los dos, por favor.")

  private static func text(ofRevoked count: Int) -> String {
    switch count {
    case 0: "No había permiso que quitar."
    case 1: "El permiso se quitó: ya no sirve, tampoco en una sesión abierta."
    default: "Se quitaron \(count) permisos: ya no sirven, tampoco en una sesión abierta."
    }
  }
}

extension Counter {
  /// The status of a permission, a birth plan or a newborn that is refused.
  func refusedProxy(_ refusal: CommandRefusal) -> RPCError {
    switch refusal {
    case .notAllowed:
      RPCError(
        .permissionDenied,
        "Eso no se puede dar así. Un permiso va de una persona adulta a otra; una menor de edad puede dejar ver su plan de parto, y nada más.")
    case .slotInThePast: refused(refusal, wish: nil, text: "El último día del permiso ya pasó, o es antes del primero.")
    case .limitReached(let allowed):
      refused(refusal, wish: nil, text: "Ya hay \(allowed), que es lo más que se puede. Quite uno antes, o pida ayuda en la ventanilla.")
    default: refused(refusal, wish: nil)
    }
  }
}

extension ProxyCommand {
  /// What is asked, without chance.
  var content: String {
    switch self {
    case .grant(let grant):
      "grant-proxy|\(grant.actor.content)|\(grant.grantor.rawValue)|\(grant.grantee.rawValue)|\(grant.rights.rawValue)"
        + "|\(grant.from?.description ?? "")|\(grant.until?.description ?? "")"
    case .revoke(let revoke): "revoke-proxy|\(revoke.actor.content)|\(revoke.grantor.rawValue)|\(revoke.id ?? 0)"
    case .plan(let plan):
      "birth-plan|\(plan.actor.content)|\(plan.patient.rawValue)|"
        + plan.lines.map { "\($0.item)=\($0.answer.rawValue)" }.joined(separator: "|")
    case .merge(let merge): "merge-newborn|\(merge.actor.content)|\(merge.child)|\(merge.row)"
    case .person(let person):
      "register-person|\(person.actor.content)|\(person.identityKey)|\(person.phone?.description ?? "")|\(person.language)"
        + person.otherThan.map { "|\($0)" }.joined()
    case .newborn(let newborn):
      "newborn|\(newborn.actor.content)|\(newborn.mother.rawValue)|\(newborn.birthDate)|\(newborn.given ?? "")"
    }
  }
}
