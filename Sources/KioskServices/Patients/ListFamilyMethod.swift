internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

extension PatientsHandlers {
  /// For whom the session may book: oneself, the minors of the NSS, the adults who consent, and who gave them a right.
  package func listFamily(
    _ request: Wire.ListFamilyRequest, context: CallContext
  ) async throws(RPCError) -> Wire.ListFamilyResponse {
    let actor = try counter.session(request.sessionToken, context).actor
    guard let token = SessionToken(text: request.sessionToken) else { throw Counter.sessionEnded }
    let numbered = try await numberedFamily(of: actor, token)
    return Wire.ListFamilyResponse(
      people: [wirePerson(actor, number: 0)] + numbered.map { wirePerson($0.patient, number: $0.number, rights: $0.rights) })
  }

  /// Read again while somebody takes a consent back, so that none is shown that was gone when it was shown.
  private func numberedFamily(
    of actor: Patient, _ token: SessionToken
  ) async throws(RPCError) -> [(number: Int, patient: Patient, rights: ProxyRights)] {
    while true {
      let revocations = counter.sessions.revocations
      let others = try await familyOpen(to: actor)
      let rights = Dictionary(uniqueKeysWithValues: others.map { ($0.patient.id, $0.rights) })
      let lastDays = Dictionary(uniqueKeysWithValues: others.map { ($0.patient.id, $0.lastDay) })
      let kept = counter.sessions.setOthers(others.map(\.patient), rights: rights, lastDays: lastDays, of: token, readAt: revocations)
      if let numbered = kept {
        return numbered.map { ($0.number, $0.patient, rights[$0.patient.id] ?? []) }
      }
    }
  }

  /// As the store knows them now: minors first, then adults; within each the family by the store's order, then who gave a right.
  private func familyOpen(to actor: Patient) async throws(RPCError) -> [(patient: Patient, rights: ProxyRights, lastDay: CivilDate)] {
    let id = actor.id
    let known = try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in
        let actor = try reader.patient(id: id)
        let family = try actor?.nss.map(reader.family) ?? []
        let proxies = try reader.proxies(grantee: id)
        var people = family
        for proxy in proxies where !people.contains(where: { $0.id == proxy.grantor }) {
          if let person = try reader.patient(id: proxy.grantor) { people.append(person) }
        }
        return (actor: actor, people: people, consents: Set(try reader.consents(grantee: id).map(\.grantor)), proxies: proxies)
      }
    }
    guard let actor = known.actor else { return [] }
    let today = counter.today
    let adultAge = counter.rules.clinic.policy.adultAge
    let others = known.people.filter { $0.id != actor.id }.map { person in
      let consent = known.consents.contains(person.id)
      let rights = proxyRights(of: actor, for: person, consent: consent, proxies: known.proxies, today: today, adultAge: adultAge)
      let lastDay = lastDayOfRights(of: actor, for: person, consent: consent, proxies: known.proxies, today: today, adultAge: adultAge)
      return (patient: person, rights: rights, lastDay: lastDay)
    }.filter { !$0.rights.isEmpty }
    return others.filter { counter.isMinor($0.patient) } + others.filter { !counter.isMinor($0.patient) }
  }
}
