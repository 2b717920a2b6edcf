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
    let session = try counter.session(request.sessionToken, context)
    let actor = session.actor
    var others: [Patient] = []
    if let nss = actor.nss {
      let family = try await counter.reading { store throws(StoreFault) in try await store.family(of: nss) }
      let consents = try await counter.reading { store throws(StoreFault) in
        Set(try await store.consents(grantee: actor.id).map(\.grantor))
      }
      let today = counter.today
      let adultAge = counter.rules.clinic.policy.adultAge
      others = family.filter { person in
        person.id != actor.id
          && mayActFor(
            actor: actor, patient: person, consent: consents.contains(person.id), today: today, adultAge: adultAge)
      }
      // Children first, then the adults who consent; within each by the store's order.
      others = others.filter { $0.isMinor(on: today, adultAge: adultAge) }
        + others.filter { !$0.isMinor(on: today, adultAge: adultAge) }
    }
    guard let token = SessionToken(text: request.sessionToken) else { throw Counter.sessionEnded }
    let numbered = counter.sessions.setOthers(others, of: token)
    return Wire.ListFamilyResponse(
      people: [wirePerson(actor, number: 0)] + numbered.map { wirePerson($0.patient, number: $0.number) })
  }
}
