import ClinicDomain
import ClinicStore
import KioskServices
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("Going on by telephone with what was begun elsewhere")
struct ResumeTests {
  /// A hold at a kiosk, and its code; the session at the kiosk is over.
  func begun(_ clinic: TestClinic, book: Bool = false) async throws -> (folio: String, code: Wire.MakeCodeResponse) {
    let token = try await clinic.session(.ana)
    let appointment = book ? try await clinic.book("C1 2026-11-24 08:15", token) : try await clinic.hold("C1 2026-11-24 08:15", token)
    let code = try await clinic.telephone(.kiosk).makeCode(.init(sessionToken: token, folio: appointment.folio), options: .write())
    _ = try await clinic.patients().endSession(.init(sessionToken: token))
    return (appointment.folio, code)
  }

  func resume(_ clinic: TestClinic, _ code: String, born: String = "1985-04-30", visit: String = "") async throws -> Wire.ResumeResponse {
    try await clinic.telephone().resume(.init(code: code, birthDate: born, visit: visit))
  }

  @Test("A hold of a kiosk is booked by telephone with its code and the birth date, minutes after the kiosk's own time", arguments: Depth.allCases)
  func hold(depth: Depth) async throws {
    try await withClinic(depth) { clinic in
      let (folio, code) = try await begun(clinic)
      #expect(code.code.utf8.count == 6 && code.expiresAtUnixMs == Instant.fixture.adding(seconds: 900).milliseconds)
      clinic.clock.advance(.seconds(600))
      let resumed = try await resume(clinic, code.code)
      #expect(resumed.appointment?.folio == folio && resumed.appointment?.status == .pending)
      let booked = try await clinic.appointments(.ivr).book(
        .init(sessionToken: resumed.sessionToken, what: .holdFolio(folio)), options: .write())
      #expect(booked.appointment?.folio == folio && booked.appointment?.status == .booked)
      _ = try await clinic.patients(.ivr).endSession(.init(sessionToken: resumed.sessionToken))
      // The code now tells of the appointment.
      #expect(try await resume(clinic, code.code).appointment?.status == .booked)
    }
  }

  @Test("A code stands for an appointment for a day, and for a hold for a quarter of an hour; then it is nobody's", arguments: [
    (true, 86_399, true), (true, 86_400, false), (false, 899, true), (false, 900, false),
  ])
  func expires(book: Bool, seconds: Int, stands: Bool) async throws {
    try await withClinic { clinic in
      // An appointment of the day after is further away than a day.
      let (_, code) = try await begun(clinic, book: book)
      clinic.clock.advance(.seconds(seconds))
      if stands { _ = try await resume(clinic, code.code) } else {
        let error = try await status { () async throws(RPCError) in
          try await clinic.telephone().resume(.init(code: code.code, birthDate: "1985-04-30"))
        }
        #expect(error.code == .unauthenticated)
      }
    }
  }

  @Test("A wrong code and a wrong birth date are one answer; the sixth try of a code is not looked at, nor the fourth of a call")
  func limits() async throws {
    try await withClinic { clinic in
      let (_, code) = try await begun(clinic)
      let other = code.code == "000000" ? "000001" : "000000"
      func error(_ code: String, _ born: String, visit: String) async throws -> RPCError {
        try await status { () async throws(RPCError) in
          try await clinic.telephone().resume(.init(code: code, birthDate: born, visit: visit))
        }
      }
      let wrongBirth = try await error(code.code, "1985-05-01", visit: "a")
      #expect(try await error(other, "1985-04-30", visit: "a") == wrongBirth && wrongBirth.code == .unauthenticated)
      _ = try await error(other, "1985-04-30", visit: "a")
      #expect(try await error(code.code, "1985-04-30", visit: "a").code == .failedPrecondition)
      for day in 2...5 { #expect(try await error(code.code, "1985-05-0\(day)", visit: "b\(day)").code == .unauthenticated) }
      #expect(try await error(code.code, "1985-04-30", visit: "c").code == .failedPrecondition)
    }
  }

  @Test("One call at a time goes on with a code; when it has ended the next one may")
  func oneAtATime() async throws {
    try await withClinic { clinic in
      let (_, code) = try await begun(clinic)
      let first = try await resume(clinic, code.code)
      let second = try await status { () async throws(RPCError) in
        try await clinic.telephone().resume(.init(code: code.code, birthDate: "1985-04-30"))
      }
      #expect(second.code == .failedPrecondition && second.message.hasPrefix("Ese código se está usando"))
      _ = try await clinic.patients(.ivr).endSession(.init(sessionToken: first.sessionToken))
      _ = try await resume(clinic, code.code)
    }
  }

  @Test("A repeated request is the same code; another one takes its place and gives no more time; no kept answer has the digits")
  func again() async throws {
    try await withClinic { clinic in
      let token = try await clinic.session(.ana)
      let folio = try await clinic.hold("C1 2026-11-24 08:15", token).folio
      let request = Wire.MakeCodeRequest(sessionToken: token, folio: folio)
      let first = try await clinic.telephone(.kiosk).makeCode(request, options: .write(someID))
      #expect(try await clinic.telephone(.kiosk).makeCode(request, options: .write(someID)) == first)
      clinic.clock.advance(.seconds(50))
      let second = try await clinic.telephone(.kiosk).makeCode(request, options: .write())
      #expect(second.code != first.code && second.expiresAtUnixMs == first.expiresAtUnixMs)
      let old = try await status { () async throws(RPCError) in
        try await clinic.telephone().resume(.init(code: first.code, birthDate: "1985-04-30"))
      }
      #expect(old.code == .unauthenticated)
      _ = try await resume(clinic, second.code)
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("Nobody gets a code for what is not theirs, or is over")
  func refused() async throws {
    try await withClinic { clinic in
      let (folio, _) = try await begun(clinic, book: true)
      let stranger = try await clinic.session(.dario)
      let error = try await status { () async throws(RPCError) in
        try await clinic.telephone(.kiosk).makeCode(.init(sessionToken: stranger, folio: folio), options: .write())
      }
      #expect(error.code == .failedPrecondition)
      let ana = try await clinic.session(.ana)
      try await clinic.cancel(folio, ana)
      let over = try await status { () async throws(RPCError) in
        try await clinic.telephone(.kiosk).makeCode(.init(sessionToken: ana, folio: folio), options: .write())
      }
      #expect(over == error)
    }
  }
}
