internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
internal import Synchronization
package import TTRPCCore
package import VentanillaMessages

extension TelephoneHandlers {
  /// A code to go on by telephone with a hold or an appointment. A hold does not end with the session any more.
  package func makeCode(_ request: Wire.MakeCodeRequest, context: CallContext) async throws(RPCError) -> Encoded<Wire.MakeCodeResponse> {
    let folio = try FieldReader.folio(request.folio, field: "folio")
    let session = try counter.session(request.sessionToken, context)
    // Of the intention's own id, so that a repeat gets its code although no kept reply has it.
    let id = try Counter.requestID(of: context)
    let codes = (0..<Self.candidates).map { counter.resumeCode(id, $0) }
    let command = MakeResumeCode(
      actor: .person(session.actor.id), folio: folio, candidates: codes.map { counter.gate.key.index("code", $0) },
      channel: session.channel)
    let kept: Encoded<Wire.MakeCodeResponse> = try await counter.telephone(
      .makeCode(command), context, content: "code|\(folio)|\(session.actor.id.rawValue)"
    ) { outcome in
      guard case .code(let code, let candidate) = outcome else { preconditionFailure("a code's command gave something else") }
      return Encoded(Wire.MakeCodeResponse(code: "\(candidate)", expiresAtUnixMs: code.expiresAt.milliseconds)).bytes
    }
    guard var reply = try? Wire.MakeCodeResponse(decoding: kept.bytes), let candidate = Int(reply.code), codes.indices.contains(candidate) else {
      return kept
    }
    counter.holds.forget(folio)
    reply.code = codes[candidate]
    return Encoded(reply)
  }

  /// A million codes of which a clinic has a few hundred: eight in a row are taken once in 10²⁸ times.
  private static let candidates = 8

  /// Goes on with what a code stands for; whoever has it must know the birth date too. Whatever is wrong, the answer is one.
  package func resume(_ request: Wire.ResumeRequest, context: CallContext) async throws(RPCError) -> Wire.ResumeResponse {
    guard request.code.utf8.count == 6, request.code.utf8.allSatisfy({ 48...57 ~= $0 }) else {
      throw .field("code", "escriba los seis dígitos del código")
    }
    let visit = try FieldReader.visit(request.visit)
    let birthDate = try FieldReader.birthDate(request.birthDate, today: counter.today)
    let failure = counter.failure(
      subject: counter.gate.key.index("code", request.code), visit: visit, context)
    let found = try await counter.judged(failure, failing: Self.noSuchCode) {
      counter async throws(RPCError) in try await counter.resumable(failure.subject, born: birthDate)
    }
    guard let token = leases.take(found.code.id, { counter.sessions.stands($0, at: counter.clock.monotonic()) }, open: {
      counter.sessions.open(
        for: found.patient, channel: Channel(role: context.role), connection: context.connectionID, at: counter.clock.monotonic())
    }) else {
      throw RPCError(.failedPrecondition, "Ese código se está usando en este momento. Espere un minuto, o pida que le atienda una persona.")
    }
    do throws(RPCError) { try await counter.use(found.code, context) } catch {
      counter.sessions.end(token)
      throw error
    }
    return Wire.ResumeResponse(
      sessionToken: token.description, idleSeconds: Int32(counter.sessions.idleSeconds),
      appointment: counter.rules.wireAppointment(found.appointment, of: found.patient))
  }

  static var noSuchCode: RPCError {
    RPCError(.unauthenticated, "No hay nada con ese código y esa fecha de nacimiento. Revise los dos, o pida ayuda en la ventanilla.")
  }
}

/// Which session goes on with which code: one at a time. In memory, as sessions are.
final class ResumeLeases: Sendable {
  private let leases = Mutex<[Int64: SessionToken]>([:])

  /// Opens a session for a code, unless one that still stands has it.
  ///
  /// - Returns: `nil` when the code is in use, or when there is no room for a session.
  func take(_ code: Int64, _ stands: (SessionToken) -> Bool, open: () -> SessionToken?) -> SessionToken? {
    leases.withLock { leases in
      leases = leases.filter { stands($0.value) }
      guard leases[code] == nil, let token = open() else { return nil }
      leases[code] = token
      return token
    }
  }
}

extension Counter {
  /// Six digits that only this clinic's key makes of an intention.
  fileprivate func resumeCode(_ id: RequestID, _ attempt: Int) -> String {
    let bytes = gate.key.index("resume", "\(Hexadecimal.text(of: id.bytes))|\(attempt)")
    let number = bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) } % 1_000_000
    let digits = String(number)
    return String(repeating: "0", count: 6 - digits.count) + digits
  }

  /// What a code stands for, when the birth date is its person's.
  fileprivate func resumable(
    _ index: [UInt8], born birthDate: CivilDate
  ) async throws(RPCError) -> (code: ResumeCode, appointment: Appointment, patient: Patient)? {
    let now = now
    let found = try await reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in
        // All three are always read, so that one answer takes as long as the other.
        let code = try reader.resumeCode(index)
        let appointment = try code.map { code throws(StoreFault) in try reader.appointment(folio: code.folio) } ?? nil
        let patient = try reader.patient(id: appointment?.patient ?? PatientID(rawValue: 0))
        return (code: code, appointment: appointment, patient: patient)
      }
    }
    guard let code = found.code, code.stands(at: now), let appointment = found.appointment?.standing(at: now), let patient = found.patient,
      patient.birthDate == birthDate, appointment.status == .pending || appointment.status == .booked
    else { return nil }
    return (code, appointment, patient)
  }

  /// Notes the use, so that the history has it; what stands a moment ago may not any more.
  fileprivate func use(_ code: ResumeCode, _ context: CallContext) async throws(RPCError) {
    let command = StoreCommand(
      requestID: nil, digest: [], command: .telephone(.useCode(UseResumeCode(code: code.id, channel: Channel(role: context.role)))),
      door: CommandDoor(context), encodeReply: { _ in [] })
    let outcome: StoreOutcome
    do { outcome = try await store.submit(command) } catch { throw RPCError(error) }
    guard case .granted = outcome else { throw TelephoneHandlers.noSuchCode }
  }
}
