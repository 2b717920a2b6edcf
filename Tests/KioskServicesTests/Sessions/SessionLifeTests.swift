import ClinicDomain
import KioskServices
import KioskTestSupport
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("The life of a session")
struct SessionLifeTests {
  @Test("It lasts 60 idle seconds and not a millisecond more; each use begins them anew", arguments: Depth.allCases)
  func idle(depth: Depth) async throws {
    try await withClinic(depth) { clinic in
      let token = try await clinic.session(.ana)
      for _ in 0..<3 {
        clinic.clock.advance(.seconds(60))
        _ = try await clinic.appointments().list(Wire.ListRequest(sessionToken: token))
      }
      clinic.clock.advance(.milliseconds(60_001))
      let error = try await status { () throws(RPCError) in
        try await clinic.appointments().list(Wire.ListRequest(sessionToken: token))
      }
      #expect(error == .sessionEnded)
    }
  }

  @Test("Who is warned and wants to go on goes on, as often as they please; who does not is identified anew", arguments: Depth.allCases)
  func goesOn(depth: Depth) async throws {
    try await withClinic(depth) { clinic in
      let token = try await clinic.session(.ana)
      // An hour at one screen, with nothing but the button of the warning.
      for _ in 0..<90 {
        clinic.clock.advance(.seconds(40))
        let reply = try await clinic.patients().continueSession(Wire.ContinueSessionRequest(sessionToken: token))
        #expect(reply == Wire.ContinueSessionResponse(idleSeconds: 60, warningSeconds: 20))
      }
      clinic.clock.advance(.seconds(61))
      let error = try await status { () throws(RPCError) in
        try await clinic.patients().continueSession(Wire.ContinueSessionRequest(sessionToken: token))
      }
      #expect(error == .sessionEnded)
    }
  }

  @Test("A wall clock that is set back keeps nobody's session")
  func wallClockSetBack() async throws {
    try await withClinic { clinic in
      let token = try await clinic.session(.ana)
      clinic.clock.set(clinic.clock.now.adding(seconds: -3600))
      clinic.clock.advance(.seconds(61))
      let error = try await status { () throws(RPCError) in
        try await clinic.appointments().list(Wire.ListRequest(sessionToken: token))
      }
      #expect(error == .sessionEnded)
    }
  }

  @Test("Every call that asks for a session refuses a token that is none, ended, or of another channel")
  func everyCallAsks() async throws {
    try await withClinic { clinic in
      let ended = try await clinic.session(.ana)
      _ = try await clinic.patients().endSession(Wire.EndSessionRequest(sessionToken: ended))
      let phones = try await clinic.session(.ana, at: .ivr)
      let folio = Folio.fixture(1).description
      let slot = Wire.SlotChoice("C1 2026-11-24 08:15")
      for token in ["", "no", String(repeating: "0", count: 32), ended, phones] {
        let errors = [
          try await status { () throws(RPCError) in
            try await clinic.patients().listFamily(Wire.ListFamilyRequest(sessionToken: token))
          },
          try await status { () throws(RPCError) in
            try await clinic.patients().grantConsent(
              Wire.GrantConsentRequest(sessionToken: token, birthDate: "29021984"), options: .write())
          },
          try await status { () throws(RPCError) in
            try await clinic.patients().revokeConsent(Wire.RevokeConsentRequest(sessionToken: token), options: .write())
          },
          try await status { () throws(RPCError) in
            try await clinic.appointments().hold(Wire.HoldRequest(sessionToken: token, slot: slot), options: .write())
          },
          try await status { () throws(RPCError) in
            try await clinic.appointments().book(
              Wire.BookRequest(sessionToken: token, what: .slot(slot)), options: .write())
          },
          try await status { () throws(RPCError) in
            try await clinic.appointments().cancel(
              Wire.CancelRequest(sessionToken: token, folio: folio), options: .write())
          },
          try await status { () throws(RPCError) in
            try await clinic.appointments().get(Wire.GetRequest(sessionToken: token, folio: folio))
          },
          try await status { () throws(RPCError) in
            try await clinic.appointments().list(Wire.ListRequest(sessionToken: token))
          },
          try await status { () throws(RPCError) in
            try await clinic.patients().continueSession(Wire.ContinueSessionRequest(sessionToken: token))
          },
        ]
        #expect(errors == Array(repeating: .sessionEnded, count: 9))
      }
      let found = try await status { () throws(RPCError) in
        try await clinic.appointments().find(Wire.FindRequest(sessionToken: ended, service: "medicina_familiar"))
      }
      #expect(found == .sessionEnded)
    }
  }

  @Test("A token stays good at its own channel after another channel has tried it")
  func otherChannel() async throws {
    try await withClinic { clinic in
      let token = try await clinic.session(.ana, at: .ivr)
      _ = try await status { () throws(RPCError) in
        try await clinic.appointments(.staff).list(Wire.ListRequest(sessionToken: token))
      }
      #expect(try await clinic.appointments(.ivr).list(Wire.ListRequest(sessionToken: token)).appointments == [])
    }
  }

  @Test("Ending a session twice, or one that never was, is no error", arguments: Depth.allCases)
  func endTwice(depth: Depth) async throws {
    try await withClinic(depth) { clinic in
      let token = try await clinic.session(.ana)
      for text in [token, token, "never"] {
        #expect(
          try await clinic.patients().endSession(Wire.EndSessionRequest(sessionToken: text)) == Wire.EndSessionResponse())
      }
      #expect(clinic.counter.sessions.count == 0)
    }
  }

  @Test("A sweep forgets who is idle and nobody else")
  func sweep() async throws {
    try await withClinic { clinic in
      _ = try await clinic.session(.ana)
      clinic.clock.advance(.seconds(40))
      let later = try await clinic.session(.beto)
      clinic.clock.advance(.seconds(30))
      clinic.counter.sessions.sweep(at: clinic.clock.monotonic)
      #expect(clinic.counter.sessions.count == 1)
      #expect(try await clinic.appointments().list(Wire.ListRequest(sessionToken: later)).appointments == [])
    }
  }

  @Test("A role that the contract does not name for a method is turned away before any field is read")
  func roles() async throws {
    try await withClinic { clinic in
      let display = try await status { () throws(RPCError) in
        try await clinic.patients(.display).identify(Wire.IdentifyRequest())
      }
      let phone = try await status { () throws(RPCError) in
        try await clinic.patients(.ivr).grantConsent(Wire.GrantConsentRequest(), options: .write())
      }
      let technician = try await status { () throws(RPCError) in
        try await clinic.operations(.technician).importPatients(Wire.ImportPatientsRequest(), options: .write())
      }
      #expect([display, phone, technician].map(\.code) == Array(repeating: .permissionDenied, count: 3))
    }
  }
}
