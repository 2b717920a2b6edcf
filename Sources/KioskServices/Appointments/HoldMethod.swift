internal import ClinicDomain
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

extension AppointmentsHandlers {
  /// Keeps a slot for the time of the channel.
  package func hold(
    _ request: Wire.HoldRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.HoldResponse> {
    let asked = try request.checkedSlot()
    let number = try FieldReader.person(request.person)
    let session = try counter.session(request.sessionToken, context)
    let patient = try counter.person(number, in: session)
    let channel = session.channel
    let rules = counter.rules
    return try await counter.reserve(
      .hold(
        HoldSlot(
          actor: session.actor.id, patient: patient.id, service: asked.service, choice: asked.choice,
          channel: channel, folioSeed: Counter.folioSeed())),
      context,
      refused: { counter.refused($0, wish: $1) },
      reply: { Wire.HoldResponse(appointment: rules.wireAppointment($0, of: patient)) })
  }
}
