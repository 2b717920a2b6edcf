import ClinicDomain
import ClinicStore
import KioskServices
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("Failed identifications are limited, uses are not")
struct IdentificationLimitTests {
  static func request(_ born: String, nss: String = "00809012347", visit: String = "") -> Wire.IdentifyRequest {
    Wire.IdentifyRequest(identifier: .nss(nss), birthDate: born, visit: visit)
  }

  /// NSS that are nobody's.
  static func unknown(_ number: Int) -> String { NSS(firstTenDigits: 70_000_000 + number)!.description }

  /// The limit that refused; `nil` when the attempt was looked at.
  func limit(_ clinic: TestClinic, _ request: Wire.IdentifyRequest, at role: RoleSet = .kiosk) async -> Wire.IdentificationLimit? {
    do throws(RPCError) { _ = try await clinic.patients(role).identify(request) } catch {
      guard error.code == .failedPrecondition else { return nil }
      let detail = error.details.lazy.compactMap { try? $0.decoded(as: Wire.IdentificationRefusal.self) }.first
      #expect(detail?.text == error.message)
      return detail?.limit
    }
    return nil
  }

  @Test("The fourth try of a visit that failed three times is refused, and the next person's visit is not", arguments: Depth.allCases)
  func visit(depth: Depth) async throws {
    try await withClinic(depth) { clinic in
      for role in [RoleSet.kiosk, .ivr] {
        for number in 1...3 { #expect(await limit(clinic, Self.request("1985-04-30", nss: Self.unknown(number), visit: "a"), at: role) == nil) }
        #expect(await limit(clinic, Self.request("1985-04-30", visit: "a"), at: role) == .visit)
        _ = try await clinic.patients(role).identify(Self.request("1985-04-30", visit: "b"))
      }
    }
  }

  @Test("After five failures of one identifier its own person is refused at that door, today, and served at every other", arguments: Depth.allCases)
  func pair(depth: Depth) async throws {
    try await withClinic(depth) { clinic in
      for day in 1...5 { #expect(await limit(clinic, Self.request("1985-05-0\(day)"), at: .ivr) == nil) }
      #expect(await limit(clinic, Self.request("1985-04-30"), at: .ivr) == .person)
      for role in [RoleSet.kiosk, .staff] { _ = try await clinic.patients(role).identify(Self.request("1985-04-30")) }
      // Somebody else through the same bridge.
      _ = try await clinic.session(.dario, at: .ivr)
      clinic.clock.advance(.seconds(24 * 3600))
      _ = try await clinic.patients(.ivr).identify(Self.request("1985-04-30"))
    }
  }

  @Test("Three wrong folios are all that one call may try, of appointments and of referrals together; the next caller's begins anew", arguments: Depth.allCases)
  func foliosOfOneCall(depth: Depth) async throws {
    try await withClinic(depth) { clinic in
      let born = Patient.ana.birthDate.description
      let mine = try await clinic.book("C1 2026-11-24 08:15", try await clinic.session(.ana)).folio
      func code(_ folio: String, _ visit: String) async throws -> RPCError {
        try await status { () throws(RPCError) in try await clinic.appointments(.ivr).prove(.init(folio: folio, birthDate: born, visit: visit)) }
      }
      for number in 1...2 { #expect(try await code(Folio.fixture(UInt64(70 + number)).description, "una").code == .notFound) }
      let third = try await status { () throws(RPCError) in
        try await clinic.referrals(.ivr).getStatus(.init(folio: Folio.fixture(73).description, birthDate: born, visit: "una"))
      }
      #expect(third.code == .notFound)
      let refused = try await code(mine, "una")
      #expect(refused.code == .failedPrecondition && refused.message.hasPrefix("Los datos no coincidieron varias veces."))
      #expect(try await code(Folio.fixture(74).description, String(repeating: "x", count: 65)).message == "visit: de 1 a 64 bytes, o vacío")
      _ = try await clinic.appointments(.ivr).prove(.init(folio: mine, birthDate: born, visit: "otra"))
    }
  }

  @Test("A folio's birth dates are not tried either: after five wrong ones the right one waits for tomorrow, at that door", arguments: Depth.allCases)
  func folios(depth: Depth) async throws {
    try await withClinic(depth) { clinic in
      let mine = try await clinic.book("C1 2026-11-24 08:15", try await clinic.session(.ana)).folio
      let unknown = Folio.fixture(77).description
      var answers: [String: [RPCError]] = [:]
      for folio in [mine, unknown] {
        for day in 1...6 {
          answers[folio, default: []].append(try await status {
            () throws(RPCError) in try await clinic.appointments(.ivr).prove(.init(folio: folio, birthDate: "1990-01-0\(day)"))
          })
        }
      }
      #expect(answers[mine] == answers[unknown])
      #expect(answers[mine]?.map(\.code) == Array(repeating: .notFound, count: 5) + [.failedPrecondition])
      let late = try await status { () throws(RPCError) in
        try await clinic.appointments(.ivr).prove(.init(folio: mine, birthDate: Patient.ana.birthDate.description))
      }
      #expect(late.code == .failedPrecondition && late.message.contains("Por hoy ya no se puede probar con ese número por este medio."))
      for role in [RoleSet.kiosk, .staff] {
        _ = try await clinic.appointments(role).prove(.init(folio: mine, birthDate: Patient.ana.birthDate.description))
      }
      // Her own identification was nobody's business.
      _ = try await clinic.session(.ana, at: .ivr)
    }
  }

  @Test("An unknown identifier is limited as a known one is, with the same bytes before and after")
  func unknownIsLimitedToo() async throws {
    try await withClinic { clinic in
      var answers: [[RPCError]] = []
      for nss in ["00809012347", Self.unknown(1)] {
        var errors: [RPCError] = []
        for _ in 1...7 {
          errors.append(try await status { () throws(RPCError) in try await clinic.patients(.ivr).identify(Self.request("1999-09-09", nss: nss)) })
        }
        answers.append(errors)
      }
      #expect(answers[0] == answers[1])
      #expect(answers[0].map(\.code) == Array(repeating: .unauthenticated, count: 5) + [.failedPrecondition, .failedPrecondition])
    }
  }

  @Test("A use is never counted: a thousand right identifications refuse nobody")
  func uses() async throws {
    try await withClinic { clinic in
      for _ in 1...1000 { #expect(await limit(clinic, Self.request("1985-04-30", visit: "a")) == nil) }
      let state = try await clinic.counter.identificationState()
      #expect(state.failuresLastHour == 0)
    }
  }

  @Test("Forty tries at once are five tries", arguments: Depth.allCases)
  func atOnce(depth: Depth) async throws {
    try await withClinic(depth) { clinic in
      let limits = await withTaskGroup(of: Wire.IdentificationLimit?.self) { group in
        for number in 0..<40 {
          group.addTask { await limit(clinic, Self.request("19\(40 + number)-01-01"), at: .ivr) }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      #expect(limits.count { $0 == nil } == 5 && limits.count { $0 == .person } == 35)
      let state = try await clinic.counter.identificationState()
      #expect(state.failuresLastHour == 5)
    }
  }

  @Test("A kiosk that has failed twenty times identifies nobody until staff unlock it; the desk, the telephone and searches go on", arguments: Depth.allCases)
  func kiosk(depth: Depth) async throws {
    try await withClinic(depth) { clinic in
      let limits = await withTaskGroup(of: Wire.IdentificationLimit?.self) { group in
        for number in 0..<60 { group.addTask { await limit(clinic, Self.request("1985-04-30", nss: Self.unknown(number))) } }
        return await group.reduce(into: []) { $0.append($1) }
      }
      #expect(limits.count { $0 == nil } == 20 && limits.count { $0 == .device } == 40)
      #expect(await limit(clinic, Self.request("1985-04-30")) == .device)
      for role in [RoleSet.ivr, .staff] { _ = try await clinic.session(.ana, at: role) }
      #expect(try await clinic.appointments().find(Wire.FindRequest(service: "medicina_familiar")).slots.isEmpty == false)

      let state = try await clinic.identification(.technician).getState(.init())
      #expect(state.locked.count == 1 && state.failuresLastHour == 20 && !state.alarm)
      let device = try #require(state.locked.first?.device)
      #expect(device.hasPrefix("kiosk/"))
      _ = try await clinic.identification().unlock(
        Wire.UnlockIdentificationRequest(what: .device(device), reason: .deviceChecked), options: .write())
      _ = try await clinic.session(.ana)
      let after = try await clinic.identification().getState(.init())
      #expect(after.locked == [])
      #expect(after.events.map(\.kind) == ["unlock-device", "lock"] && after.events[0].reason == .deviceChecked)
      #expect(after.events[0].by.hasPrefix("staff/"))
    }
  }

  @Test("Staff let a person begin again, by any of their identifiers, and it is recorded without saying whom")
  func unlockPerson() async throws {
    try await withClinic { clinic in
      for day in 1...5 { _ = await limit(clinic, Self.request("1985-05-0\(day)"), at: .ivr) }
      #expect(await limit(clinic, Self.request("1985-04-30"), at: .ivr) == .person)
      _ = try await clinic.identification().unlock(
        Wire.UnlockIdentificationRequest(what: .nss("0080 901 2347"), reason: .identityShown), options: .write())
      _ = try await clinic.patients(.ivr).identify(Self.request("1985-04-30"))
      let event = try #require(try await clinic.identification().getState(.init()).events.first)
      #expect(event.kind == "unlock-person" && event.device == "" && event.reason == .identityShown)
    }
  }

  @Test("The desk is never refused, and its mistakes are counted for the alarm; at a hundred in an hour everybody is told")
  func alarm() async throws {
    try await withClinic { clinic in
      for number in 0..<99 { #expect(await limit(clinic, Self.request("1985-05-01", visit: "\(number % 7)"), at: .staff) == nil) }
      #expect(try await clinic.identification().getState(.init()).alarm == false)
      _ = await limit(clinic, Self.request("1985-05-01"), at: .staff)
      let state = try await clinic.identification().getState(.init())
      #expect(state.alarm && state.failuresLastHour == 100 && state.events.map(\.kind) == ["alarm"])
      #expect(clinic.counter.gate.figures.alarms == 1)
      clinic.clock.advance(.seconds(3601))
      #expect(try await clinic.identification().getState(.init()).alarm == false)
    }
  }

  @Test("A member of a family who tries birth dates of another, to give a consent, is limited like a stranger")
  func consents() async throws {
    try await withClinic { clinic in
      let token = try await clinic.session(.elias)
      var codes: [StatusCode] = []
      for day in 1...6 {
        let error = try await status { () throws(RPCError) in
          try await clinic.patients().grantConsent(
            Wire.GrantConsentRequest(sessionToken: token, birthDate: "1985-05-0\(day)"), options: .write())
        }
        codes.append(error.code)
      }
      #expect(codes == Array(repeating: .notFound, count: 5) + [.failedPrecondition])
    }
  }

  @Test("What cannot be unlocked is named", arguments: [
    (nil, .deviceChecked, "what"), (.device(""), .deviceChecked, "device"), (.nss("12"), .identityShown, "nss"),
    (.device("kiosk/uno"), .unspecified, "reason"),
  ] as [(Wire.UnlockIdentificationRequest.What?, Wire.UnlockReason, String)])
  func wrongUnlock(what: Wire.UnlockIdentificationRequest.What?, reason: Wire.UnlockReason, field: String) async throws {
    try await withClinic { clinic in
      let error = try await status { () throws(RPCError) in
        try await clinic.identification().unlock(Wire.UnlockIdentificationRequest(what: what, reason: reason), options: .write())
      }
      #expect(error.code == .invalidArgument && error.message.hasPrefix("\(field): "))
    }
  }
}
