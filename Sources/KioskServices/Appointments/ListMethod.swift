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
    let session = try counter.session(request.sessionToken, context)
    let patient = try counter.person(request.person, in: session)
    guard try await counter.mayAct(session.actor, for: patient) else { throw Counter.notForThisPerson }
    let now = counter.clock.now()
    let appointments = try await counter.reading { store throws(StoreFault) in
      try await store.appointments(of: patient.id, includePast: request.includePast, now: now)
    }
    let shown = request.includePast ? appointments : appointments.filter { $0.status.isActive && $0.occupies(at: now) }
    return Wire.ListResponse(
      appointments: shown.map { counter.rules.wireAppointment($0, of: patient) })
  }
}
