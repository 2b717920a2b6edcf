internal import ClinicDomain
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

extension AgendaHandlers {
  /// Books a slot beyond what the agenda allows; the history has who did it and why.
  package func override(
    _ request: Wire.OverrideRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.OverrideResponse> {
    guard let slot = request.slot else { throw .field("slot", "falta el lugar que se da") }
    let service = try FieldReader.service(slot.service, field: "slot.service")
    let choice = SlotChoice(
      resource: try FieldReader.resource(slot.resource, field: "slot.resource"), date: try FieldReader.date(slot.date, field: "slot.date"),
      start: try FieldReader.minute(slot.startMinute, field: "slot.start_minute"))
    let actor = try counter.staff(request.reason, context)
    let number = try FieldReader.person(request.person)
    let session = try counter.session(request.sessionToken, context)
    let patient = try counter.person(number, in: session)
    let rules = counter.rules
    return try await counter.reserve(
      .override(OverrideCap(actor: actor, patient: patient.id, service: service, choice: choice, folioSeed: Counter.folioSeed())), context,
      refused: { counter.refused($0, wish: $1) },
      reply: { Wire.OverrideResponse(appointment: rules.wireAppointment($0, of: patient)) })
  }
}
