internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

extension AppointmentsHandlers {
  /// Cancels an appointment, or gives a hold back.
  package func cancel(
    _ request: Wire.CancelRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.CancelResponse> {
    let folio = try FieldReader.folio(request.folio, field: "folio")
    let session = try counter.session(request.sessionToken, context)
    let actor = session.actor
    let channel = session.channel
    let rules = counter.rules
    return try await counter.write(
      .cancel(
        CancelAppointment(
          actor: actor.id, folio: folio, reason: Appointment.CancellationReason(request.reason),
          channel: channel)),
      context,
      encode: { outcome in
        guard case .appointment(let appointment) = outcome else { return [] }
        return Encoded(Wire.CancelResponse(appointment: rules.wireAppointment(appointment, of: actor))).bytes
      },
      refused: { counter.refused($0, wish: $1) })
  }
}
