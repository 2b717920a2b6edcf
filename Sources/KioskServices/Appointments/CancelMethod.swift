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
    let who = try counter.actor(request.sessionToken, request.staffReason, context)
    let patient = try await counter.holder(of: folio)
    let rules = counter.rules
    let reply: Encoded<Wire.CancelResponse> = try await counter.reserve(
      .cancel(
        CancelAppointment(
          actor: who.actor, folio: folio, reason: Appointment.CancellationReason(request.reason), channel: who.channel,
          onlyHold: request.onlyHold)),
      context,
      refused: { refusal, wish in
        counter.refused(refusal, wish: wish, text: refusal == .slotInThePast ? Self.tooLateToCancel : nil)
      },
      reply: { appointment in
        guard let patient else { preconditionFailure("an appointment without a person was cancelled") }
        return Wire.CancelResponse(appointment: rules.wireAppointment(appointment, of: patient))
      })
    counter.holds.forget(folio)
    return reply
  }

  private static let tooLateToCancel =
    "La hora de esa cita ya llegó y no se puede cancelar. Si no alcanzó a venir, pregunte en la ventanilla."
}
