import ClinicDomain
import KioskTestSupport
import Scheduling
import Testing

@Suite("What a pregnant person is owed by who is on duty")
struct OnDutyPromiseTests {
  static let rules = ClinicRules.fixture { $0.maternity = .fixture }

  @Test("P19: at any hour, however many wait and whatever the number waits for already, it is a named person's within 30 minutes, and never refused", arguments: 0..<200)
  func anyState(seed: Int) throws {
    var chance = SeededGenerator(seed: UInt64(seed) &+ 19)
    let now = Instant.fixture.adding(seconds: 60 * chance.below(7 * 1440))
    var scope = TelephoneScope(waiting: chance.pick([0, 1, 499, 500, 100_000]))
    if chance.chance(2, in: 3) {
      scope.samePhone = .fixture { callback in
        callback.reason = chance.pick(Callback.Reason.allCases)
        callback.requestedAt = now.adding(seconds: -7200)
        callback.dueAt = now.adding(seconds: 60 * (chance.below(300) - 100))
        callback.owner = callback.reason == .pregnancy ? .onDuty(OnDuty.always.title) : .post(.desk)
        if callback.reason == .pregnancy { callback.dueAt = min(callback.dueAt, now.adding(seconds: 1800)) }
      }
    }
    let request = RequestCallback(
      phone: chance.chance(1, in: 2) ? PhoneNumber("5512345678") : nil, reason: .pregnancy, channel: .kiosk, folioSeed: 1)
    let decision = try TelephoneCommand.requestCallback(request).decide(in: scope, rules: Self.rules, at: now, folio: .fixture(9))
    guard case .callback(let owed) = decision.outcome else { throw Unexpected() }
    #expect(now < owed.dueAt && owed.dueAt <= now.adding(seconds: 30 * 60))
    #expect(Self.rules.clinic.maternity?.roster.contains { owed.owner == .onDuty($0.title) } == true)
    #expect(owed.state == .open && owed.reason == .pregnancy && owed.escalation == nil)
  }

  struct Unexpected: Error {}

  static func asked(_ phone: String?, while known: Callback, at now: Instant = .fixture) throws -> Callback {
    let request = RequestCallback(phone: phone.flatMap { PhoneNumber($0) }, reason: .pregnancy, channel: .phone, folioSeed: 1)
    let decision = try TelephoneCommand.requestCallback(request).decide(
      in: TelephoneScope(samePhone: known), rules: Self.rules, at: now, folio: .fixture(9))
    guard case .callback(let owed) = decision.outcome else { throw Unexpected() }
    return owed
  }

  @Test("Who asks again with a number is called there, by the same time; who has taken the call keeps it, and what was promised sooner stays")
  func again() throws {
    var first = try Self.asked(nil, while: .fixture { $0.dueAt = Instant.fixture.adding(seconds: -60) })
    first.phone = nil
    let again = try Self.asked("5512345678", while: first, at: Instant.fixture.adding(seconds: 300))
    #expect((again.phone, again.dueAt, again.owner) == (PhoneNumber("5512345678"), first.dueAt, first.owner))
    let taken = try Self.asked(nil, while: .fixture { callback in
      (callback.reason, callback.state, callback.owner) = (.guidance, .taken, .staff("uid:1000"))
      callback.dueAt = Instant.fixture.adding(seconds: 300)
    })
    #expect((taken.reason, taken.state, taken.owner, taken.dueAt) == (.pregnancy, .taken, .staff("uid:1000"), Instant.fixture.adding(seconds: 300)))
  }

  @Test("A clinic without a roster owes it all the same, by the doctor or nurse on duty")
  func withoutRoster() {
    let (owner, due) = ClinicRules.fixture().onDutyPromise(at: .fixture)
    #expect(owner == .post(.clinician) && due == Instant.fixture.adding(seconds: 1800))
  }

  @Test("Nobody else is called without a number")
  func noNumber() {
    for reason in Callback.Reason.allCases where reason != .pregnancy {
      let request = RequestCallback(phone: nil, reason: reason, channel: .kiosk, folioSeed: 1)
      #expect(throws: TelephoneRefusal.noNumber) {
        try TelephoneCommand.requestCallback(request).decide(in: TelephoneScope(), rules: Self.rules, at: .fixture, folio: .fixture(9))
      }
    }
  }
}
