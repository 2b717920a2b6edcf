internal import ClinicDomain
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

extension AppointmentsHandlers {
  /// Keeps a slot for the time of the channel; on a connection that was granted `holds`, no longer than that lasts.
  package func hold(
    _ request: Wire.HoldRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.HoldResponse> {
    let asked = try request.checkedSlot()
    let number = try FieldReader.person(request.person)
    let session = try counter.session(request.sessionToken, context)
    let patient = try counter.person(number, in: session, needing: .book)
    let channel = session.channel
    let rules = counter.rules
    let endsWithConnection = counter.holds.isGranted(to: context.connectionID)
    let reply: Encoded<Wire.HoldResponse> = try await counter.reserve(
      .hold(
        HoldSlot(
          actor: .person(session.actor.id), patient: patient.id, service: asked.service, choice: asked.choice,
          channel: channel, folioSeed: Counter.folioSeed())),
      context,
      refused: { counter.refused($0, wish: $1) },
      reply: { Wire.HoldResponse(appointment: rules.wireAppointment($0, of: patient)) })
    if endsWithConnection, let token = SessionToken(text: request.sessionToken) { counter.remember(reply, of: token, context) }
    return reply
  }
}
