internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

extension PatientsHandlers {
  /// Lets another adult of the same NSS act for the person of this session.
  package func grantConsent(
    _ request: Wire.GrantConsentRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.GrantConsentResponse> {
    let grantor = try counter.session(request.sessionToken, context).actor
    let birthDate = try FieldReader.birthDate(request.birthDate, today: counter.today)
    guard !counter.isMinor(grantor) else {
      throw RPCError(.failedPrecondition, "Una persona menor de edad no da este permiso: sus padres ya pueden hacer sus citas.")
    }
    let grantees = try await adults(of: grantor, born: birthDate)
    guard let grantee = grantees.first, grantees.count == 1 else { throw Self.noSuchAdult(grantees.count) }
    let reply = Encoded(Wire.GrantConsentResponse())
    return try await counter.write(
      .grantConsent(GrantConsent(grantor: grantor.id, grantee: grantee.id)), context,
      encode: { _ in reply.bytes }, refused: { refusal, _ in RPCError(refusal) })
  }

  /// Takes a consent back, also from the sessions that are open now.
  package func revokeConsent(
    _ request: Wire.RevokeConsentRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.RevokeConsentResponse> {
    let grantor = try counter.session(request.sessionToken, context).actor
    var grantee: Patient?
    if !request.birthDate.isEmpty {
      let birthDate = try FieldReader.birthDate(request.birthDate, today: counter.today)
      let grantees = try await adults(of: grantor, born: birthDate)
      guard grantees.count == 1 else { throw Self.noSuchAdult(grantees.count) }
      grantee = grantees[0]
    }
    let reply = Encoded(Wire.RevokeConsentResponse())
    let answer: Encoded<Wire.RevokeConsentResponse> = try await counter.write(
      .revokeConsent(RevokeConsent(grantor: grantor.id, grantee: grantee?.id)), context,
      encode: { _ in reply.bytes }, refused: { refusal, _ in RPCError(refusal) })
    counter.sessions.forget(grantor.id, grantee: grantee?.id)
    return answer
  }

  /// The other adults of a person's NSS with that birth date.
  private func adults(of person: Patient, born birthDate: CivilDate) async throws(RPCError) -> [Patient] {
    guard let nss = person.nss else { return [] }
    let people = try await counter.reading { store throws(StoreFault) in
      try await store.patients(nss: nss, birthDate: birthDate)
    }
    return people.filter { $0.id != person.id && !counter.isMinor($0) }
  }

  private static func noSuchAdult(_ count: Int) -> RPCError {
    count == 0
      ? RPCError(.notFound, "Ninguna otra persona adulta de su familia tiene esa fecha de nacimiento. Revísela, por favor.")
      : RPCError(.failedPrecondition, "Varias personas de su familia tienen esa fecha de nacimiento. Pida el permiso en la ventanilla.")
  }
}

extension Counter {
  func isMinor(_ patient: Patient) -> Bool {
    patient.isMinor(on: today, adultAge: rules.clinic.policy.adultAge)
  }
}
