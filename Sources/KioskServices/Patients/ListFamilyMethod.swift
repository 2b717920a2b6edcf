internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

extension PatientsHandlers {
  /// For whom the session may book: oneself, the minors of the NSS, the adults who consent.
  package func listFamily(
    _ request: Wire.ListFamilyRequest, context: CallContext
  ) async throws(RPCError) -> Wire.ListFamilyResponse {
    let actor = try counter.session(request.sessionToken, context).actor
    guard let token = SessionToken(text: request.sessionToken) else { throw Counter.sessionEnded }
    let numbered = try await numberedFamily(of: actor, token)
    return Wire.ListFamilyResponse(
      people: [wirePerson(actor, number: 0)] + numbered.map { wirePerson($0.patient, number: $0.number) })
  }

  /// Read again while somebody takes a consent back, so that none is shown that was gone when it was shown.
  private func numberedFamily(
    of actor: Patient, _ token: SessionToken
  ) async throws(RPCError) -> [(number: Int, patient: Patient)] {
    while true {
      let revocations = counter.sessions.revocations
      let others = try await familyOpen(to: actor)
      if let numbered = counter.sessions.setOthers(others, of: token, readAt: revocations) { return numbered }
    }
  }

  /// As the store knows them now: minors first, then the adults who consent; within each by the store's order.
  private func familyOpen(to actor: Patient) async throws(RPCError) -> [Patient] {
    let id = actor.id
    let known = try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in
        let actor = try reader.patient(id: id)
        return (
          actor: actor, family: try actor?.nss.map(reader.family) ?? [],
          consents: Set(try reader.consents(grantee: id).map(\.grantor))
        )
      }
    }
    guard let actor = known.actor else { return [] }
    let others = known.family.filter { person in
      person.id != actor.id
        && mayActFor(
          actor: actor, patient: person, consent: known.consents.contains(person.id), today: counter.today,
          adultAge: counter.rules.clinic.policy.adultAge)
    }
    return others.filter(counter.isMinor) + others.filter { !counter.isMinor($0) }
  }
}
