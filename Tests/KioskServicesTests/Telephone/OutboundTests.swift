import ClinicDomain
import ClinicStore
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("The clinic calls those who wait")
struct OutboundTests {
  static func callable(_ count: Int) -> [Patient] {
    strangers(count).enumerated().map { number, person in
      var person = person
      person.phone = PhoneNumber("551234567\(number)")
      return person
    }
  }

  /// 07:00; Darío has left the nine o'clock of C1, and the people have been asked.
  func withOffers(
    _ depth: Depth = .direct, people: [Patient] = callable(2), _ change: @escaping (inout Clinic) -> Void = { _ in },
    _ body: (TestClinic, _ tokens: [String]) async throws -> Void
  ) async throws {
    let rules = ClinicRules.waiting { clinic in
      clinic.waitlist?.calls = CallingHours(days: Weekday.allCases, hours: .hours(6, 20))
      clinic.waitlist?.offersAtOnce = people.count
      change(&clinic)
    }
    try await withClinic(depth, people: Patient.household + people, rules: rules) { clinic in
      let dario = try await clinic.session(.dario)
      let booked = try await clinic.book("C1 2026-11-23 09:00", dario)
      var sessions: [String] = []
      for person in people {
        sessions.append(try await clinic.session(person))
        try await clinic.join(sessions[sessions.count - 1])
      }
      try await clinic.cancel(booked.folio, dario)
      try await clinic.settle()
      try await body(clinic, sessions)
    }
  }

  func take(_ clinic: TestClinic, _ limit: Int32 = 20, _ id: CallOptions = .write()) async throws -> [Wire.CallToMake] {
    try await clinic.outbound().takeCalls(.init(limit: limit), options: id).calls
  }

  @Test("Each of those who were asked is called once; what the bridge is told is a number and a name without meaning", arguments: Depth.allCases)
  func once(depth: Depth) async throws {
    try await withOffers(depth) { clinic, _ in
      let calls = try await take(clinic)
      #expect(calls.map(\.phone) == ["5512345670", "5512345671"])
      #expect(Set(calls.map(\.token)).count == 2 && calls.allSatisfy { $0.token.utf8.count == 32 })
      #expect(try await take(clinic).isEmpty)
      for call in calls { _ = try await clinic.outbound().noteCall(.init(token: call.token, news: .placed), options: .write()) }
      clinic.clock.advance(.seconds(120))
      #expect(try await take(clinic).isEmpty)
      let notice = try await clinic.outbound().readNotice(.init(token: calls[0].token))
      #expect(notice == Wire.ReadNoticeResponse(open: true, date: "2026-11-23", startMinute: 540, kind: .offer))
      for role in [RoleSet.kiosk, .staff] {
        let denied = await #expect(throws: RPCError.self) { try await clinic.outbound(role).takeCalls(.init(limit: 1), options: .write()) }
        #expect(denied?.code == .permissionDenied)
      }
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("A call that a bridge took and never placed is given again under its name when its time is over, and to one bridge")
  func forsaken() async throws {
    try await withOffers(people: Self.callable(1)) { clinic, _ in
      let id = CallOptions.write()
      let first = try await take(clinic, 1, id)
      #expect(first.count == 1)
      // A request that is repeated is the same request.
      #expect(try await take(clinic, 1, id) == first)
      clinic.clock.advance(.seconds(OutboundBounds.leaseSeconds - 1))
      #expect(try await take(clinic, 1).isEmpty)
      clinic.clock.advance(.seconds(1))
      #expect(try await take(clinic, 1) == first)
      #expect(try await take(clinic, 1).isEmpty)
      _ = try await clinic.outbound().noteCall(.init(token: first[0].token, news: .noAnswer), options: .write())
      clinic.clock.advance(.seconds(OutboundBounds.leaseSeconds))
      #expect(try await take(clinic, 1).isEmpty)
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("Of two who press 1 the first has the place; the other is told so, and keeps their place in line", arguments: [Depth.direct, .socket])
  func race(depth: Depth) async throws {
    try await withOffers(depth) { clinic, sessions in
      let calls = try await take(clinic)
      let outcomes = await withTaskGroup(of: Wire.RefusalReason?.self) { group in
        for call in calls {
          group.addTask {
            do throws(RPCError) {
              let reply = try await clinic.outbound().answerNotice(.init(token: call.token, take: true), options: .write())
              return reply.date == "2026-11-23" && reply.startMinute == 540 ? nil : .unspecified
            } catch {
              return error.details.first.flatMap { try? Wire.Refusal(decoding: $0.value) }?.reason ?? .unspecified
            }
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      #expect(outcomes.count { $0 == nil } == 1 && outcomes.count { $0 == .offerOver } == 1)
      var waiting = 0
      for session in sessions { waiting += try await clinic.entries(session).count }
      #expect(waiting == 1)
      for call in calls {
        let notice = try await clinic.outbound().readNotice(.init(token: call.token))
        #expect(notice == Wire.ReadNoticeResponse())
      }
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("A no keeps the place in line; an answer that comes too late is told so; a name that is nobody's is nobody's")
  func answers() async throws {
    try await withOffers { clinic, sessions in
      let calls = try await take(clinic)
      let no = try await clinic.outbound().answerNotice(.init(token: calls[0].token), options: .write())
      #expect(no == Wire.AnswerNoticeResponse())
      #expect(try await clinic.entries(sessions[0]).count == 1)
      #expect(try await clinic.offers(sessions[0]).isEmpty)
      clinic.clock.advance(.seconds(21 * 60))
      let late = await #expect(throws: RPCError.self) {
        try await clinic.outbound().answerNotice(.init(token: calls[1].token, take: true), options: .write())
      }
      #expect(late?.code == .failedPrecondition)
      let unknown = await #expect(throws: RPCError.self) {
        try await clinic.outbound().readNotice(.init(token: String(repeating: "0", count: 32)))
      }
      #expect(unknown?.code == .notFound)
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("Of two people of one telephone who are asked at once, one is called after the other")
  func sharedTelephone() async throws {
    let people = Self.callable(2).map { person in
      var person = person
      person.phone = PhoneNumber("5512345670")
      return person
    }
    try await withOffers(people: people) { clinic, _ in
      let first = try await take(clinic)
      #expect(first.count == 1)
      clinic.clock.advance(.seconds(5))
      #expect(try await take(clinic).isEmpty)
      _ = try await clinic.outbound().noteCall(.init(token: first[0].token, news: .noAnswer), options: .write())
      let second = try await take(clinic)
      #expect(second.count == 1 && second[0].token != first[0].token && second[0].phone == first[0].phone)
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("Outside the calling hours, and without a number, nobody is called")
  func quiet() async throws {
    try await withOffers(Depth.direct, { $0.waitlist?.calls?.hours = .hours(8, 20) }) { clinic, _ in
      let calls = try await take(clinic)
      #expect(calls.isEmpty)
    }
    try await withOffers(people: strangers(1)) { clinic, _ in
      let calls = try await take(clinic)
      #expect(calls.isEmpty)
    }
  }
}
