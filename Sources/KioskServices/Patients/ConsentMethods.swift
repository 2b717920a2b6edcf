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
    let birthDate = try FieldReader.birthDate(request.birthDate, today: counter.today)
    let grantor = try counter.session(request.sessionToken, context).actor
    guard !counter.isMinor(grantor) else {
      throw RPCError(.failedPrecondition, "Una persona menor de edad no da este permiso: sus padres ya pueden hacer sus citas.")
    }
    let grantees = try await adults(of: grantor, born: birthDate, context)
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
    let birthDate = request.birthDate.isEmpty ? nil : try FieldReader.birthDate(request.birthDate, today: counter.today)
    let grantor = try counter.session(request.sessionToken, context).actor
    var grantee: PatientID?
    if let birthDate { grantee = try await receiver(of: grantor, born: birthDate, context) }
    let reply = Encoded(Wire.RevokeConsentResponse())
    let answer: Encoded<Wire.RevokeConsentResponse> = try await counter.write(
      .revokeConsent(RevokeConsent(grantor: grantor.id, grantee: grantee)), context,
      encode: { _ in reply.bytes }, refused: { refusal, _ in RPCError(refusal) })
    counter.sessions.forget(grantor.id, grantee: grantee)
    return answer
  }

  /// Whose consent ends: of several with that birth date, who has one. Taking back must not fail where granting would.
  private func receiver(
    of grantor: Patient, born birthDate: CivilDate, _ context: CallContext
  ) async throws(RPCError) -> PatientID {
    let grantees = try await adults(of: grantor, born: birthDate, context)
    let receivers = try await counter.reading { store throws(StoreFault) in
      Set(try await store.consents(grantor: grantor.id).map(\.grantee))
    }
    return (grantees.first { receivers.contains($0.id) } ?? grantees[0]).id
  }

  /// The other adults of a person's NSS with that birth date, at least one.
  ///
  /// A birth date is what somebody else is identified by: one that nobody has counts as a failure with the NSS, so that no member of a
  /// family can try the dates of another.
  private func adults(
    of person: Patient, born birthDate: CivilDate, _ context: CallContext
  ) async throws(RPCError) -> [Patient] {
    guard let nss = person.nss else { throw Self.noSuchAdult(0) }
    let failure = counter.failure(.nss(nss), visit: nil, context)
    return try await counter.judged(failure, failing: Self.noSuchAdult(0)) { counter async throws(RPCError) in
      let people = try await counter.reading { store throws(StoreFault) in
        try await store.patients(nss: nss, birthDate: birthDate)
      }
      let adults = people.filter { $0.id != person.id && !counter.isMinor($0) }
      return adults.isEmpty ? nil : adults
    }
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
