internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

extension AppointmentsHandlers {
  /// One appointment by folio, of the people this session may act for now.
  package func get(
    _ request: Wire.GetRequest, context: CallContext
  ) async throws(RPCError) -> Wire.GetResponse {
    let folio = try FieldReader.folio(request.folio, field: "folio")
    let session = try counter.session(request.sessionToken, context)
    let found = try await counter.reading { store throws(StoreFault) in try await store.appointment(folio: folio) }
    let notFound = counter.refused(.appointmentNotFound, wish: nil)
    guard let appointment = found, counter.rules.maySee(appointment, session.actor.id) else { throw notFound }
    let id = appointment.patient
    let patient = try await counter.reading { store throws(StoreFault) in try await store.patient(id: id) }
    guard let patient, try await counter.mayAct(session.actor, for: patient, needing: .see) else { throw notFound }
    let standing = appointment.standing(at: counter.now)
    return Wire.GetResponse(appointment: counter.rules.wireAppointment(standing, of: patient))
  }
}
