import ClinicDomain
import ClinicStore
import KioskTestSupport
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("Giving and taking back a consent")
struct ConsentMethodsTests {
  func grant(_ clinic: TestClinic, _ grantor: Patient, _ birthDate: String) async throws -> RPCError {
    let token = try await clinic.session(grantor)
    return try await status { () throws(RPCError) in
      try await clinic.patients().grantConsent(
        Wire.GrantConsentRequest(sessionToken: token, birthDate: birthDate), options: .write())
    }
  }

  @Test("Each refusal of a consent, with its words", arguments: [
    (
      Patient.ana, "1999-01-01", RPCError(
        .notFound, "Ninguna otra persona adulta de su familia tiene esa fecha de nacimiento. Revísela, por favor.")
    ),
    // Her own birth date, a minor's, and a stranger's.
    (
      .ana, "1985-04-30", RPCError(
        .notFound, "Ninguna otra persona adulta de su familia tiene esa fecha de nacimiento. Revísela, por favor.")
    ),
    (
      .ana, "2015-09-10", RPCError(
        .notFound, "Ninguna otra persona adulta de su familia tiene esa fecha de nacimiento. Revísela, por favor.")
    ),
    (
      .noe, "1985-04-30", RPCError(
        .failedPrecondition, "Una persona menor de edad no da este permiso: sus padres ya pueden hacer sus citas.")
    ),
    (
      .ana, "", RPCError(
        .invalidArgument,
        "birth_date: Escriba la fecha de nacimiento con 8 dígitos: día, mes y año. Por ejemplo, 05021990.")
    ),
  ])
  func refusals(grantor: Patient, birthDate: String, expected: RPCError) async throws {
    try await withClinic { clinic in
      let error = try await grant(clinic, grantor, birthDate)
      #expect(error == expected)
    }
  }

  @Test("Two adults born the same day cannot be told apart at a kiosk: the counter helps")
  func twins() async throws {
    let family = [Patient.rosa, .irma, .named(40, "Luz", born: "1960-06-06", nss: "00129800421")]
    try await withClinic(people: family) { clinic in
      let error = try await grant(clinic, family[2], "1990-10-10")
      #expect(
        error == RPCError(
          .failedPrecondition, "Varias personas de su familia tienen esa fecha de nacimiento. Pida el permiso en la ventanilla."))
    }
  }

  @Test("Granting twice is one consent; revoking what was never granted changes nothing", arguments: Depth.allCases)
  func twice(depth: Depth) async throws {
    try await withClinic(depth) { clinic in
      try await clinic.grant(.ana, to: .beto)
      try await clinic.grant(.ana, to: .beto)
      #expect(try await clinic.store.counts().consents == 1)
      let token = try await clinic.session(.elias)
      for birthDate in ["", "30041985"] {
        _ = try await clinic.patients().revokeConsent(
          Wire.RevokeConsentRequest(sessionToken: token, birthDate: birthDate), options: .write())
      }
      #expect(try await clinic.store.counts().consents == 1)
    }
  }

  @Test("Without a birth date every consent the person gave is gone, and none that they were given")
  func revokeAll() async throws {
    try await withClinic { clinic in
      try await clinic.grant(.ana, to: .beto)
      try await clinic.grant(.ana, to: .elias)
      try await clinic.grant(.beto, to: .ana)
      let token = try await clinic.session(.ana)
      _ = try await clinic.patients().revokeConsent(Wire.RevokeConsentRequest(sessionToken: token), options: .write())
      #expect(try await clinic.store.consents(grantor: Patient.ana.id) == [])
      #expect(try await clinic.store.consents(grantee: Patient.ana.id).map(\.grantor) == [Patient.beto.id])
    }
  }

  @Test("A consent can be taken back although a second adult born that day has joined the family")
  func revokeBesideTwin() async throws {
    let family = [Patient.rosa, .named(40, "Luz", born: "1960-06-06", nss: "00129800421")]
    try await withClinic(people: family) { clinic in
      try await clinic.grant(family[1], to: .rosa)
      try await clinic.admit(.irma)
      let token = try await clinic.session(family[1])
      _ = try await clinic.patients().revokeConsent(
        Wire.RevokeConsentRequest(sessionToken: token, birthDate: "10101990"), options: .write())
      #expect(try await clinic.store.counts().consents == 0)
    }
  }

  @Test("A birth date that no adult of the family has is told: nobody may believe a consent gone that is not")
  func revokeMistyped() async throws {
    try await withClinic { clinic in
      try await clinic.grant(.ana, to: .beto)
      let token = try await clinic.session(.ana)
      let error = try await status { () throws(RPCError) in
        try await clinic.patients().revokeConsent(
          Wire.RevokeConsentRequest(sessionToken: token, birthDate: "29021988"), options: .write())
      }
      #expect(error.code == .notFound)
      #expect(try await clinic.store.counts().consents == 1)
    }
  }
}
