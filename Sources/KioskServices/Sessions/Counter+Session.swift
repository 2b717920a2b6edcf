internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
internal import TTRPCCore

extension Counter {
  /// The session of a request.
  ///
  /// - Throws: UNAUTHENTICATED when it has ended, never was, or belongs to another channel; one answer for all.
  func session(_ text: String, _ context: CallContext) throws(RPCError) -> SessionRegistry.Session {
    guard let token = SessionToken(text: text),
      let session = sessions.use(token, channel: Channel(role: context.role), connection: context.connectionID, at: clock.monotonic())
    else { throw Self.sessionEnded }
    return session
  }

  static var sessionEnded: RPCError {
    RPCError(.unauthenticated, "Su sesión terminó. Identifíquese de nuevo, por favor.")
  }

  /// Who bears a number in a session.
  ///
  /// - Parameter right: what the method takes; what nobody has thought of takes everything about the agenda.
  /// - Throws: PERMISSION_DENIED for a number the session does not have, or not with that right, or whose right ended with a day: the same
  ///   answer.
  func person(
    _ number: Int, in session: SessionRegistry.Session, needing right: ProxyRights = .agenda
  ) throws(RPCError) -> Patient {
    guard var patient = session.person(number, needing: right, on: today) else { throw Self.notForThisPerson }
    // A session outlives many a change of the padrón; where somebody is cared for is asked of what is so now.
    patient.elsewhere = store.snapshot.elsewhere(patient.id)
    return patient
  }

  static var notForThisPerson: RPCError {
    RPCError(
      .permissionDenied,
      "Usted no puede hacer citas para esta persona. Ella puede identificarse con su propia fecha de nacimiento, o darle permiso.")
  }

  /// What somebody is bound to now, so that a search leaves it out, as far as the session's person may know of it: who may not book for them,
  /// or not see an appointment, learns nothing from what is missing.
  func commitments(of patient: Patient, in session: SessionRegistry.Session, at now: Instant) async throws(RPCError) -> [Appointment] {
    guard try await mayAct(session.actor, for: patient, needing: .book) else { return [] }
    let (rules, actor) = (rules, session.actor.id)
    return try await reading { store throws(StoreFault) in
      try await store.appointments(of: patient.id, includePast: false, now: now)
    }.filter { $0.status.isActive && rules.maySee($0, actor) }
  }

  /// Whether the person of a session may do that for somebody, asked of the store now: a consent or a permission can be taken back and a
  /// person can leave an NSS at any time.
  func mayAct(_ actor: Patient, for patient: Patient, needing right: ProxyRights = .agenda) async throws(RPCError) -> Bool {
    if actor.id == patient.id { return true }
    let ids = (actor: actor.id, patient: patient.id)
    let known = try await reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in
        (
          actor: try reader.patient(id: ids.actor), patient: try reader.patient(id: ids.patient),
          consent: try reader.consents(grantee: ids.actor).contains { $0.grantor == ids.patient },
          proxies: try reader.proxies(grantee: ids.actor)
        )
      }
    }
    guard let actor = known.actor, let patient = known.patient else { return false }
    let rights = proxyRights(
      of: actor, for: patient, consent: known.consent, proxies: known.proxies, today: today, adultAge: rules.clinic.policy.adultAge)
    return rights.isSuperset(of: right)
  }

  /// Reads from the store; what goes wrong there becomes a status.
  func reading<Value: Sendable>(
    _ body: (ClinicStore) async throws(StoreFault) -> Value
  ) async throws(RPCError) -> Value {
    do { return try await body(store) } catch { throw RPCError(error) }
  }
}
