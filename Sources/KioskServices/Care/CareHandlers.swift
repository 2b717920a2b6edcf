internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

/// Answers ventanilla.v1.Care; what a pregnant person is answered is in a file of its own.
package struct CareHandlers: CareService {
  let counter: Counter

  package init(_ counter: Counter) { self.counter = counter }

  package func setNeeds(_ request: Wire.SetNeedsRequest, context: CallContext) async throws(RPCError) -> Encoded<Wire.SetNeedsResponse> {
    let number = try FieldReader.person(request.person)
    let (added, removed) = try request.checked()
    let actor = try counter.staff(request.reason, context)
    let patient = try counter.person(number, in: try counter.session(request.sessionToken, context))
    return try await counter.write(
      .care(.needs(SetNeeds(actor: actor, patient: patient.id, added: added, removed: removed))), context,
      encode: { outcome in
        guard case .needs(let needs) = outcome else { preconditionFailure("needs were written with another outcome") }
        return Encoded(Wire.SetNeedsResponse(needs: needs)).bytes
      },
      refused: { counter.refused($0, wish: $1) })
  }

  package func setInstitution(
    _ request: Wire.SetInstitutionRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.SetInstitutionResponse> {
    let number = try FieldReader.person(request.person)
    guard let institution = Institution(request.institution) else {
      throw .field("institution", "IMSS, IMSS-Bienestar, ISSSTE, Pemex, Sedena, Semar o ninguna")
    }
    let session = try counter.session(request.sessionToken, context)
    let patient = try counter.person(number, in: session, needing: .change)
    let set = SetInstitution(
      actor: .person(session.actor.id), patient: patient.id, institution: institution, channel: session.channel)
    return try await counter.write(
      .care(.institution(set)), context, encode: { _ in Encoded(Wire.SetInstitutionResponse()).bytes },
      refused: { counter.refused($0, wish: $1) })
  }
}
