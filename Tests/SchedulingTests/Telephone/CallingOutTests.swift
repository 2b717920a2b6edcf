import ClinicDomain
import KioskTestSupport
import Scheduling
import Testing

@Suite("Whom the clinic calls of itself")
struct CallingOutTests {
  /// Monday 23 November 2026, 07:00 in Mexico City: calls from six on.
  static func rules(_ hours: Range<AgendaMinute> = .hours(6, 20), days: [Weekday] = [.monday]) -> ClinicRules {
    .fixture { clinic in
      clinic.waitlist = WaitlistPolicy(
        sources: FreedPlace.Source.allCases, offersAtOnce: 2, answerMinutes: 20, closesMinutes: 30, maxAsks: 5, maxDays: 30, maxPerPatient: 2,
        calls: CallingHours(days: days, hours: hours))
    }
  }

  static func candidate(
    _ number: Int64 = 1, reach: WaitlistEntry.Reach = .phone, isDisplaced: Bool = false, phone: String? = "5512345678", state: SlotOffer.State = .open,
    minutes: Int = 20, call: OutboundCall? = nil, standing: WaitlistEntry.State = .waiting, isDeaf: Bool = false, consents: Bool = false,
    isOwnNumber: Bool = true
  ) -> CallCandidate {
    let entry = WaitlistEntry(
      id: number, patient: Patient.ana.id, wish: WaitlistWish(services: [.familyMedicine], dates: CivilDate(iso: "2026-11-23")!...CivilDate(iso: "2026-11-27")!),
      reach: reach, channel: .kiosk, isDisplaced: isDisplaced, until: .latest, state: standing, joinedAt: .fixture, changedAt: .fixture)
    let offer = SlotOffer(
      id: number, place: 7, entry: number, patient: Patient.ana.id, state: state, offeredAt: .fixture,
      expiresAt: Instant.fixture.adding(seconds: 60 * minutes), changedAt: .fixture)
    return CallCandidate(offer: offer, entry: entry, phone: phone.flatMap { PhoneNumber($0) }, call: call, isDeaf: isDeaf, consents: consents, isOwnNumber: isOwnNumber)
  }

  static func call(_ state: OutboundCall.State, until: Int = 20, _ outcome: OutboundCall.Outcome? = nil) -> OutboundCall {
    OutboundCall(
      id: 4, offer: 1, token: Array(repeating: 9, count: 16), state: state, outcome: outcome, leasedUntil: Instant.fixture.adding(seconds: until),
      madeAt: .fixture, changedAt: .fixture)
  }

  @Test("P13: Each obstacle, in the order in which it is checked", arguments: [
    (.fixture(), candidate(), CallObstacle.noCalls),
    (rules(.hours(8, 20)), candidate(reach: .inPerson), .quietHours),
    (rules(days: [.sunday, .tuesday]), candidate(), .quietHours),
    (rules(.hours(6, 7)), candidate(), .quietHours),
    (rules(), candidate(reach: .inPerson, state: .accepted), .offerOver),
    (rules(), candidate(minutes: 2), .offerOver),
    (rules(), candidate(reach: .inPerson, isDeaf: true), .deaf),
    (rules(), candidate(reach: .message, phone: nil), .noConsent),
    (rules(), candidate(isDisplaced: true), .noConsent),
    (rules(), candidate(isDisplaced: true, consents: true), nil),
    (rules(), candidate(standing: .left), .noConsent),
    (rules(), candidate(standing: .asked), nil),
    (rules(), candidate(phone: nil, call: call(.placed)), .noNumber),
    (rules(), candidate(phone: "+13105550123"), .noNumber),
    (rules(), candidate(call: call(.leased), isOwnNumber: false), .notOwnNumber),
    (rules(), candidate(call: call(.leased)), .called),
    (rules(), candidate(call: call(.placed, until: -1)), .called),
    (rules(), candidate(call: call(.over, until: -1, .noAnswer)), .called),
    (rules(), candidate(), nil),
    (rules(), candidate(call: call(.leased, until: 0)), nil),
  ] as [(ClinicRules, CallCandidate, CallObstacle?)])
  func obstacles(rules: ClinicRules, candidate: CallCandidate, expected: CallObstacle?) {
    #expect(rules.obstacle(to: candidate, at: .fixture) == expected)
  }

  @Test("A bridge gets the offers that end soonest, a forsaken call under its own name again, and no more than it asks for")
  func lease() throws {
    let forsaken = Self.call(.leased, until: -5)
    var scope = TelephoneScope(next: 5)
    scope.outbound.candidates = [Self.candidate(call: forsaken), Self.candidate(2, phone: nil), Self.candidate(8), Self.candidate(3, phone: "5512345670"), Self.candidate(6, phone: "5512345671")]
    // The third is of the first one's telephone, which rings once at a time.
    let tokens: [[UInt8]] = [1, 2].map { Array(repeating: $0, count: 16) }
    let decision = try TelephoneCommand.leaseCalls(LeaseCalls(limit: 2, tokens: tokens))
      .decide(in: scope, rules: Self.rules(), at: .fixture, folio: .fixture(1))
    var again = forsaken
    let until = Instant.fixture.adding(seconds: OutboundBounds.leaseSeconds)
    (again.leases, again.leasedUntil) = (2, until)
    let new = OutboundCall(id: 6, offer: 3, token: tokens[1], leasedUntil: until, madeAt: .fixture, changedAt: .fixture)
    #expect(decision == TelephoneDecision(.outbound([again.token, new.token]), [.outbound(again), .outbound(new)]))
  }

  @Test("What became of a call is noted once, and stays")
  func note() throws {
    func note(_ news: NoteCall.News, _ call: OutboundCall?) throws(TelephoneRefusal) -> TelephoneDecision {
      var scope = TelephoneScope()
      scope.outbound.call = call
      return try TelephoneCommand.noteCall(NoteCall(token: [], news: news)).decide(in: scope, rules: Self.rules(), at: .fixture, folio: .fixture(1))
    }
    #expect(throws: TelephoneRefusal.callNotFound) { try note(.placed, nil) }
    #expect(try note(.placed, Self.call(.leased)) == TelephoneDecision(.outbound([[]]), [.outbound(Self.call(.placed))]))
    #expect(try note(.placed, Self.call(.placed)).changes == [])
    for call in [Self.call(.leased), Self.call(.placed)] {
      let over = Self.call(.over, .noAnswer)
      #expect(try note(.over(.noAnswer), call) == TelephoneDecision(.outbound([[]]), [.outbound(over)]))
      #expect(try note(.over(.answered), over) == TelephoneDecision(.outbound([[]]), []))
      #expect(try note(.placed, over).changes == [])
    }
  }
}
