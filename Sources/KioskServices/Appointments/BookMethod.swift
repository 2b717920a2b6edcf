internal import ClinicDomain
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

extension AppointmentsHandlers {
  /// Makes an appointment of a hold, or of a free slot in one step.
  package func book(
    _ request: Wire.BookRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.BookResponse> {
    let what = try request.checkedWhat()
    let number = try FieldReader.person(request.person)
    let session = try counter.session(request.sessionToken, context)
    let patient = try counter.person(number, in: session, needing: .book)
    let channel = session.channel
    let rules = counter.rules
    let reply: Encoded<Wire.BookResponse> = try await counter.reserve(
      .book(
        BookAppointment(
          actor: .person(session.actor.id), patient: patient.id, what: what, channel: channel,
          folioSeed: Counter.folioSeed())),
      context,
      refused: { counter.refused($0, wish: $1) },
      reply: { Wire.BookResponse(appointment: rules.wireAppointment($0, of: patient)) })
    if case .hold(let folio) = what { counter.holds.forget(folio) }
    return reply
  }
}
