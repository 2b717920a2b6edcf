internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

extension AppointmentsHandlers {
  /// A person's appointments, soonest first.
  package func list(
    _ request: Wire.ListRequest, context: CallContext
  ) async throws(RPCError) -> Wire.ListResponse {
    let number = try FieldReader.person(request.person)
    let session = try counter.session(request.sessionToken, context)
    let patient = try counter.person(number, in: session, needing: .see)
    guard try await counter.mayAct(session.actor, for: patient, needing: .see) else { throw Counter.notForThisPerson }
    let now = counter.now
    let appointments = try await counter.reading { store throws(StoreFault) in
      try await store.appointments(of: patient.id, includePast: request.includePast, now: now)
    }.map { $0.standing(at: now) }
    let (actor, rules) = (session.actor.id, counter.rules)
    let seen = appointments.filter { rules.maySee($0, actor) }
    let shown = request.includePast ? seen : seen.filter(\.status.isActive)
    let changes = try await counter.changes(of: patient, seenBy: actor)
    return Wire.ListResponse(
      appointments: shown.map { counter.rules.wireAppointment($0, of: patient) }, notice: changes.map(\.text).joined(separator: " "))
  }
}
