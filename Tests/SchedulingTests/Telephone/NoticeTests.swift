import ClinicDomain
import KioskTestSupport
import Scheduling
import Testing

@Suite("Whom the clinic calls about their appointments")
struct NoticeTests {
  /// Monday 23 November 2026, 07:00 in Mexico City: calls from six on, and reminders of Tuesday and Wednesday.
  static func rules(_ hours: Range<AgendaMinute> = .hours(6, 20), days: [Weekday] = Weekday.allCases, reminderDays: Int? = 2) -> ClinicRules {
    .fixture { clinic in
      clinic.notices = NoticePolicy(hours: CallingHours(days: days, hours: hours), maxCalls: 2, betweenMinutes: 60, reminderDays: reminderDays)
      clinic.services.append(discreet)
    }
  }

  static let discreet = Service(
    code: ServiceCode("seguimiento"), name: "PrEP", slotMinutes: 15, bookableBy: Channel.allCases, requiresRights: false, maxActivePerPatient: 1,
    discreetName: "Consulta de seguimiento")

  /// Booked a week ago.
  static func appointment(
    _ slot: String = "C1 2026-11-24 09:00", folio: UInt64 = 1, service: ServiceCode = Service.familyMedicine.code,
    status: Appointment.Status = .booked, cancellation: Appointment.CancellationReason? = nil, daysAgo: Int = 7
  ) -> Appointment {
    .fixture(Slot(slot), folio: folio, service: service, status: status, cancellation: cancellation, at: Instant.fixture.adding(seconds: -86_400 * daysAgo))
  }

  static func candidate(
    _ kind: Notice.Kind = .reminder, _ appointment: Appointment = appointment(), successor: Appointment? = nil, phone: String? = "5512345678",
    needs: [String] = [], consent: Bool? = true, isOwn: Bool = true, sharesPhone: Bool = false, state: Notice.State = .waiting, calls: Int = 0,
    after seconds: Int = 0
  ) -> NoticeCandidate {
    var person = Patient.ana
    (person.phone, person.needs) = (phone.flatMap { PhoneNumber($0) }, needs)
    let notice = Notice(
      appointment: appointment.folio, kind: kind, patient: person.id, state: state, calls: calls, token: calls == 0 ? nil : Array(repeating: 9, count: 16),
      notBefore: Instant.fixture.adding(seconds: seconds), toldThrough: state == .told ? .phone : nil, madeAt: .fixture, changedAt: .fixture)
    return NoticeCandidate(
      notice: notice, appointment: appointment, successor: successor, patient: person,
      consent: consent.map { CallConsent(patient: person.id, isGiven: $0, isOwn: isOwn, channel: .kiosk, changedAt: .fixture) },
      sharesPhone: sharesPhone)
  }

  static let confirmed: Appointment = {
    var one = appointment(folio: 3)
    (one.confirmedAt, one.confirmedThrough) = (.fixture, .kiosk)
    return one
  }()
  static let moved = appointment(status: .cancelled, cancellation: .rescheduled)
  static let taken = appointment(status: .cancelled, cancellation: .clinic)
  static let successor = appointment("C2 2026-11-25 10:00", folio: 2)

  @Test("P13, P32: Each obstacle to a call, in the order in which it is checked", arguments: [
    (.fixture(), candidate(), CallObstacle.noCalls),
    (rules(.hours(8, 20)), candidate(needs: ["sordera"]), .quietHours),
    (rules(days: [.sunday]), candidate(), .quietHours),
    // The clock stands at the end of the hours: they are half open.
    (rules(.hours(6, 7)), candidate(), .quietHours),
    (rules(), candidate(.reminder, appointment(status: .cancelled, cancellation: .cannotCome)), .offerOver),
    (rules(), candidate(.reminder, appointment("C1 2026-11-23 09:00")), .offerOver),
    (rules(), candidate(.reminder, appointment("C1 2026-11-26 09:00")), .offerOver),
    (rules(), candidate(.reminder, appointment(daysAgo: 1)), .offerOver),
    (rules(reminderDays: nil), candidate(), .offerOver),
    (rules(), candidate(.reminder, confirmed, calls: 1), .offerOver),
    (rules(), candidate(needs: ["sordera"], consent: nil), .deaf),
    (rules(), candidate(needs: ["señas"]), .deaf),
    (rules(), candidate(phone: nil, consent: nil), .noConsent),
    (rules(), candidate(consent: false), .noConsent),
    (rules(), candidate(phone: nil), .noNumber),
    (rules(), candidate(phone: "+13105550123"), .noNumber),
    (rules(), candidate(.reminder, appointment(service: discreet.code), isOwn: false), .notOwnNumber),
    (rules(), candidate(.reminder, appointment(service: discreet.code), sharesPhone: true), .notOwnNumber),
    (rules(), candidate(.reminder, appointment(service: discreet.code)), nil),
    (rules(), candidate(sharesPhone: true), nil),
    (rules(), candidate(after: 1), .called),
    (rules(), candidate(state: .placed, calls: 1), .called),
    (rules(), candidate(state: .over, calls: 1), .called),
    (rules(), candidate(state: .leased, calls: 1), nil),
    (rules(), candidate(), nil),
    (rules(reminderDays: nil), candidate(.change, moved, successor: successor), nil),
    (rules(), candidate(.change, moved, successor: appointment("C2 2026-11-25 10:00", folio: 2, status: .cancelled, cancellation: .cannotCome)), .offerOver),
    (rules(), candidate(.change, taken), nil),
    (rules(), candidate(.change, appointment("C1 2026-11-22 09:00", status: .cancelled, cancellation: .clinic)), .offerOver),
  ] as [(ClinicRules, NoticeCandidate, CallObstacle?)])
  func obstacles(rules: ClinicRules, candidate: NoticeCandidate, expected: CallObstacle?) {
    #expect(rules.obstacle(to: candidate, at: .fixture) == expected)
  }

  @Test("What a notice says: the new day, or that there is none; nothing once there is nothing to tell")
  func content() {
    let rules = Self.rules()
    #expect(rules.content(of: Self.candidate(), at: .fixture) == .reminder(Self.appointment()))
    #expect(rules.content(of: Self.candidate(.change, Self.moved, successor: Self.successor), at: .fixture) == .moved(to: Self.successor))
    #expect(rules.content(of: Self.candidate(.change, Self.taken), at: .fixture) == .withdrawn(Self.taken))
    let later = Instant.fixture.adding(seconds: 3 * 86_400)
    for candidate in [Self.candidate(), Self.candidate(.change, Self.moved, successor: Self.successor), Self.candidate(.change, Self.taken)] {
      #expect(rules.content(of: candidate, at: later) == nil)
    }
  }

  @Test("P14: Why somebody does not know of a change, in the order in which it is checked", arguments: [
    (candidate(.change, moved, successor: successor, phone: nil, needs: ["sordera"]), UntoldReason.neverCalled),
    (candidate(.change, moved, successor: successor, phone: nil, consent: nil), .noConsent),
    (candidate(.change, moved, successor: successor, phone: nil), .noNumber),
    (candidate(.change, taken), .calling),
    (candidate(.change, taken, state: .over, calls: 2), .notReached),
    (candidate(.change, taken, state: .placed, calls: 1), .calling),
    (candidate(.change, taken, state: .told, calls: 1), nil),
    (candidate(.reminder, state: .over, calls: 2), nil),
  ] as [(NoticeCandidate, UntoldReason?)])
  func untold(candidate: NoticeCandidate, expected: UntoldReason?) {
    #expect(Self.rules().untold(candidate, at: .fixture) == expected)
  }

  @Test("P14, P40: of a change of unit the clinic's own call tells where a recording names it and it is one of family medicine; a hospital's name, and one that the directory lacks, a person tells",
    arguments: [("DFIMS999306", nil, UntoldReason.calling), ("DFIMS999312", CallObstacle.byStaff, .byStaff), ("DFIMS000266", .byStaff, .byStaff)])
  func handedOver(clues: String, obstacle: CallObstacle?, reason: UntoldReason) {
    let units = [("DFIMS999306", [HealthUnit.Care.familyMedicine]), ("DFIMS999312", [.familyMedicine, .hospital])].map {
      HealthUnit(
        clues: CLUES($0)!, institution: .imss, name: "UMF de muestra", address: "calle Uno 1", postalCode: PostalCode("07300")!, hours: "siempre",
        care: $1)
    }
    let rules = ClinicRules.fixture { ($0.notices, $0.directory.units) = (Self.rules().clinic.notices, units) }
    let to = CaredElsewhere(unit: ReceivingUnit(clues: CLUES(clues)!, name: "Otra", address: ""), from: CivilDate(iso: "2026-11-24")!)
    let given = Self.appointment(status: .cancelled, cancellation: .otherPlace)
    var candidate = Self.candidate(.change, given)
    candidate.patient.elsewhere = to
    #expect(rules.content(of: candidate, at: .fixture) == .handedOver(given, to: to))
    #expect(rules.obstacle(to: candidate, at: .fixture) == obstacle && rules.untold(candidate, at: .fixture) == reason)
    // Who has not let the clinic call is called by a person in any case.
    var silent = Self.candidate(.change, given, consent: nil)
    silent.patient.elsewhere = to
    #expect(rules.untold(silent, at: .fixture) == (obstacle == nil ? .noConsent : .byStaff))
  }

  @Test("P14: Where nobody is called everybody is the desk's; a call of which nothing is heard for an hour is as one in vain")
  func untoldLater() {
    #expect(ClinicRules.fixture().untold(Self.candidate(.change, Self.taken), at: .fixture) == .noCalls)
    let placed = Self.candidate(.change, Self.taken, state: .placed, calls: 1)
    #expect(Self.rules().untold(placed, at: Instant.fixture.adding(seconds: 3600)) == .notReached)
  }

  @Test("P14: What the clinic does to an appointment is owed to its person, whatever act it is; what people do is not")
  func owed() {
    for act in Act.allCases {
      let isClinics = [.displace, .placeDisplaced, .moveToDoctor, .replanSessions, .importBooking, .acceptConflict, .moveConflict].contains(act)
      #expect((Notice(owedBy: Authorship(.system, act), for: Self.moved, at: .fixture) != nil) == isClinics, "\(act)")
      #expect((Notice(owedBy: Authorship(.system, act), for: Self.taken, at: .fixture) != nil) == (isClinics && act != .importBooking), "\(act)")
      #expect(Notice(owedBy: Authorship(.system, act), for: Self.appointment(), at: .fixture) == nil)
      #expect(Notice(owedBy: Authorship(.system, act), for: Self.appointment(status: .cancelled, cancellation: .holdExpired), at: .fixture) == nil)
    }
  }

  static func lease(_ notices: [NoticeCandidate], limit: Int = 5) throws -> [Notice] {
    var scope = TelephoneScope(next: 1)
    scope.outbound.notices = notices
    let tokens: [[UInt8]] = (1...5).map { Array(repeating: $0, count: 16) }
    let decision = try TelephoneCommand.leaseCalls(LeaseCalls(limit: limit, tokens: tokens)).decide(in: scope, rules: rules(), at: .fixture, folio: .fixture(1))
    return decision.changes.compactMap { if case .notice(let notice) = $0 { notice } else { nil } }
  }

  @Test("Changes before reminders, who is harmed most first, and one call at a time to a number; a forsaken call keeps its name")
  func order() throws {
    func change(_ slot: String, _ folio: UInt64, phone: String, needs: [String] = []) -> NoticeCandidate {
      Self.candidate(.change, Self.appointment(slot, folio: folio, status: .cancelled, cancellation: .clinic), phone: phone, needs: needs)
    }
    let reminder = Self.candidate(.reminder, Self.appointment(folio: 9), phone: "5500000009")
    let (late, soon) = (change("C1 2026-11-25 09:00", 1, phone: "5500000001"), change("C1 2026-11-24 09:00", 2, phone: "5500000002"))
    let (upstairs, sister) = (change("C1 2026-11-24 09:00", 3, phone: "5500000003", needs: [Patient.noStairs]), change("C1 2026-11-26 09:00", 4, phone: "5500000002"))
    let leased = try Self.lease([reminder, late, soon, upstairs, sister])
    #expect(leased.map(\.appointment) == [upstairs, soon, late, reminder].map(\.notice.appointment))
    #expect(leased.allSatisfy { $0.state == .leased && $0.calls == 1 } && Set(leased.map(\.token)).count == 4)
    #expect(try Self.lease([reminder, late], limit: 1).map(\.appointment) == [late.notice.appointment])
    let forsaken = try Self.lease([Self.candidate(state: .leased, calls: 1)])
    #expect(forsaken.map(\.token) == [Array(repeating: 9, count: 16)] && forsaken.map(\.calls) == [1])
  }

  @Test("What says nothing any more is over at the next look; what was never kept is not kept now")
  func stale() throws {
    let past = Self.candidate(.change, Self.appointment("C1 2026-11-22 09:00", folio: 1, status: .cancelled, cancellation: .clinic))
    let again = Self.candidate(.reminder, Self.confirmed, calls: 1)
    let gone = Self.appointment(folio: 2, status: .cancelled, cancellation: .cannotCome)
    let looked = try Self.lease([past, again, Self.candidate(.reminder, gone), Self.candidate(.reminder, gone, calls: 1)])
    #expect(looked.map(\.appointment) == [past.notice.appointment, Self.confirmed.folio, gone.folio] && looked.allSatisfy { $0.state == .over })
  }

  static func note(_ news: [NoteCall.News], _ candidate: NoticeCandidate) throws -> Notice {
    var notice = candidate.notice
    for one in news {
      var scope = TelephoneScope()
      scope.outbound.notice = notice
      let decision = try TelephoneCommand.noteCall(NoteCall(token: notice.token ?? [], news: one)).decide(in: scope, rules: rules(), at: .fixture, folio: .fixture(1))
      if case .notice(let noted)? = decision.changes.first { notice = noted }
    }
    return notice
  }

  @Test("A call in vain is made again an hour later, and twice at most; a reminder that was answered is over, a change only when the person said so")
  func calls() throws {
    let first = try Self.note([.placed, .over(.noAnswer)], Self.candidate(state: .leased, calls: 1))
    #expect(first.state == .waiting && first.notBefore == Instant.fixture.adding(seconds: 3600))
    #expect(try Self.note([.placed, .over(.failed)], Self.candidate(state: .leased, calls: 2)).state == .over)
    #expect(try Self.note([.placed, .over(.answered)], Self.candidate(state: .leased, calls: 1)).state == .over)
    #expect(try Self.note([.placed, .over(.answered)], Self.candidate(.change, Self.taken, state: .leased, calls: 1)).state == .waiting)
    // What is noted twice, or comes too late, changes nothing.
    #expect(try Self.note([.placed, .over(.noAnswer), .over(.answered), .placed], Self.candidate(state: .leased, calls: 1)) == first)
    #expect(try Self.note([.over(.noAnswer)], Self.candidate(state: .told, calls: 1)).state == .told)
  }

  @Test("Quiet hours begin and end with the minute, also at midnight", arguments: [
    ("00:00-24:00", "2026-11-24T05:59:59Z", true), ("00:00-24:00", "2026-11-24T06:00:00Z", true),
    ("09:00-24:00", "2026-11-24T05:59:59Z", true), ("09:00-24:00", "2026-11-24T06:00:00Z", false),
    ("09:00-20:00", "2026-11-24T01:59:59Z", true), ("09:00-20:00", "2026-11-24T02:00:00Z", false), ("09:00-20:00", "2026-11-23T14:59:59Z", false),
  ])
  func quiet(hours: String, now: String, calls: Bool) {
    let ends = hours.split(separator: "-").map { $0.split(separator: ":").map { Int($0)! } }.map { AgendaMinute(minutes: 60 * $0[0] + $0[1])! }
    let far = Self.appointment("C1 2026-11-27 09:00", status: .cancelled, cancellation: .clinic)
    let obstacle = Self.rules(ends[0]..<ends[1]).obstacle(to: Self.candidate(.change, far), at: Instant(iso: now)!)
    #expect((obstacle == nil) == calls, "\(String(describing: obstacle))")
  }
}
