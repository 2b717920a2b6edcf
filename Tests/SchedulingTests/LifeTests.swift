internal import ClinicDomain
internal import KioskTestSupport
internal import Scheduling
internal import Testing

/// When something is done to an appointment for the 24th, 09:00 to 09:15, in a clinic with ten minutes of tolerance.
enum Moment: String, CaseIterable, Sendable {
  case dayBefore = "2026-11-23T15:00:00Z"
  case open = "2026-11-24T14:45:00Z"
  case onTime = "2026-11-24T15:10:00Z"
  case late = "2026-11-24T15:10:01Z"
  case over = "2026-11-24T15:15:00Z"
  case dayAfter = "2026-11-25T06:00:00Z"

  var instant: Instant { Instant(iso: rawValue)! }
}

@Suite("What becomes of an appointment")
struct LifeTests {
  static let folio = Folio.fixture(3)
  static let slot = Slot("C1 2026-11-24 09:00")
  static let staff = Actor.staff(StaffName("uid:1000")!, .routine)
  static let person = Actor.person(Patient.ana.id)
  static let steps: [LifeCommand.Step] = [.confirm, .checkIn, .attend, .miss, .free, .enterInError]

  static func appointment(_ status: Appointment.Status) -> Appointment {
    .fixture(
      slot, folio: 3, status: status, holdExpiresAt: status == .pending ? Instant(iso: "2026-12-01T00:00:00Z")! : nil,
      cancellation: status == .cancelled ? .notNeeded : nil)
  }

  static func situation(_ step: LifeCommand.Step, _ status: Appointment.Status, _ moment: Moment, by actor: Actor = staff) -> Situation {
    let appointment = appointment(status)
    return Situation(
      command: .life(LifeCommand(actor: actor, folio: folio, step: step, channel: .desk)),
      scope: CommandScope(actor: actor.person == nil ? nil : .ana, patient: .ana, named: appointment), now: moment.instant)
  }

  /// What must come of it: a new status, the same one (nothing is written), or a refusal.
  enum Expected: Equatable {
    case becomes(Appointment.Status)
    case stays
    case refused(CommandRefusal)
  }

  static let opens = Instant(iso: "2026-11-24T14:30:00Z")!

  /// The clinic's own table, by status and moment, written without a look at the code.
  static func expected(_ step: LifeCommand.Step, _ status: Appointment.Status, _ moment: Moment) -> Expected {
    let early = CommandRefusal.tooEarly(from: opens)
    switch (step, status) {
    case (.confirm, .booked): return moment == .dayBefore || moment == .open ? .becomes(.booked) : .refused(.slotInThePast)
    case (.checkIn, .booked), (.checkIn, .arrived), (.checkIn, .noshow):
      return moment == .dayBefore ? .refused(early) : moment == .dayAfter ? .refused(.slotInThePast) : .becomes(.checkedIn)
    case (.checkIn, .checkedIn), (.attend, .fulfilled), (.miss, .noshow), (.enterInError, .enteredInError): return .stays
    case (.enterInError, .booked), (.enterInError, .arrived), (.enterInError, .checkedIn), (.enterInError, .fulfilled), (.enterInError, .noshow):
      return .becomes(.enteredInError)
    case (.attend, .booked), (.attend, .arrived), (.attend, .checkedIn):
      return moment == .dayBefore ? .refused(early) : .becomes(.fulfilled)
    case (.miss, .booked):
      return moment == .over || moment == .dayAfter
        ? .becomes(.noshow) : .refused(.tooEarly(from: Instant(iso: "2026-11-24T15:15:00Z")!))
    case (.free, .booked):
      switch moment {
      case .dayBefore, .open, .onTime: return .refused(.tooEarly(from: Instant(milliseconds: Moment.onTime.instant.milliseconds + 1)))
      case .late: return .becomes(.noshow)
      case .over, .dayAfter: return .refused(.slotInThePast)
      }
    default: return .refused(.wrongState(status))
    }
  }

  @Test("Every status at every moment: what each step makes of it", arguments: steps, Appointment.Status.allCases)
  func table(step: LifeCommand.Step, status: Appointment.Status) {
    for moment in Moment.allCases {
      let situation = Self.situation(step, status, moment)
      let met: Expected
      do {
        let decision = try situation.decide()
        guard case .appointment(let after) = decision.outcome else { return #expect(Bool(false), "an appointment") }
        #expect(decision.changes == (decision.changes.isEmpty ? [] : [.replace(after)]))
        #expect(after.folio == Self.folio && after.slot == Self.slot && after.patient == Patient.ana.id)
        met = decision.changes.isEmpty ? .stays : .becomes(after.status)
      } catch { met = .refused(error) }
      #expect(met == Self.expected(step, status, moment), "\(step) of \(status), \(moment)")
    }
  }

  @Test("What only the clinic's own people do is refused to the person themselves and to the server", arguments: [
    LifeCommand.Step.attend, .miss, .free, .enterInError, .undo,
  ])
  func staffOnly(step: LifeCommand.Step) {
    for actor in [Self.person, .system] {
      #expect(Self.situation(step, .booked, .late, by: actor).refusal() == .notAllowed)
    }
  }

  @Test("A stranger, and an adult of the family without consent, learn nothing; staff acts for anyone", arguments: [
    LifeCommand.Step.confirm, .checkIn, .reschedule(SlotChoice("C1 2026-11-24 10:00"), folioSeed: 0),
  ])
  func rights(step: LifeCommand.Step) throws {
    var situation = Self.situation(step, .booked, .open, by: .person(Patient.beto.id))
    situation.scope.actor = .beto
    #expect(situation.refusal() == .appointmentNotFound)
    situation.scope.consent = true
    #expect(situation.refusal() == nil)
    situation.scope.actor = nil
    #expect(situation.refusal() == .notAllowed)
    #expect(Self.situation(step, .booked, .open, by: Self.staff).refusal() == nil)
  }

  @Test("Whoever comes on the day has a place: their own until the slot is over, then in today's line; freed, in today's line at once")
  func arrivals() throws {
    func checkedIn(_ status: Appointment.Status, _ moment: Moment) throws -> Appointment? {
      guard case .appointment(let after) = try Self.situation(.checkIn, status, moment, by: Self.person).decide().outcome else { return nil }
      return after
    }
    for (status, moment, inLine) in [
      (Appointment.Status.booked, Moment.open, false), (.booked, .onTime, false), (.booked, .late, false), (.booked, .over, true),
      (.noshow, .late, true), (.noshow, .over, true),
    ] {
      let after = try #require(try checkedIn(status, moment))
      #expect((after.isInTodaysLine, after.arrivedAt, after.holdsSlot) == (inLine, moment.instant, !inLine), "\(status), \(moment)")
    }
  }

  @Test("Who is here and leaves before they are seen did not miss their appointment by staying away: at any time, with that reason alone")
  func left() throws {
    let leaver = Actor.staff(StaffName("uid:1000")!, .personLeft)
    for status in [Appointment.Status.arrived, .checkedIn] {
      for moment in [Moment.open, .onTime, .over, .dayAfter] {
        var situation = Self.situation(.miss, status, moment, by: leaver)
        situation.scope.named?.arrivedAt = Moment.open.instant
        guard case .appointment(let after) = try situation.decide().outcome else { return #expect(Bool(false), "an appointment") }
        #expect((after.status, after.arrivedAt, after.holdsSlot) == (.noshow, Moment.open.instant, false))
        #expect(Self.situation(.miss, status, moment).refusal() == .wrongState(status))
      }
    }
    // Of who was not seen it is no reason to give the slot away sooner.
    #expect(Self.situation(.miss, .booked, .onTime, by: leaver).refusal() == .tooEarly(from: Moment.over.instant))
  }

  @Test("What a mistake kept is free for somebody else, also when the person had come by then")
  func mistakeFrees() throws {
    for status in [Appointment.Status.booked, .arrived, .checkedIn] {
      var situation = Self.situation(.enterInError, status, .dayBefore)
      situation.clinic.waitlist = .standard
      let decision = try situation.decide()
      guard case .freed(let place) = decision.changes.last else { return #expect(Bool(false), "a place") }
      #expect((place.slot, place.state, decision.changes.count) == (Self.slot, .offered, 2))
    }
  }

  @Test("Where nobody writes down who comes, an absence frees nothing, and who was not checked in was seen all the same")
  func noLiveAttendance() {
    for moment in Moment.allCases {
      var situation = Self.situation(.free, .booked, moment)
      situation.clinic.resources[0].attendsLive = false
      #expect(situation.refusal() == .notLive)
      situation.command = .life(LifeCommand(actor: Self.staff, folio: Self.folio, step: .attend, channel: .desk))
      #expect(situation.refusal() == (moment == .dayBefore ? .tooEarly(from: Self.opens) : nil))
      #expect(!situation.rules.mayBeFreed(Self.appointment(.booked), at: moment.instant))
    }
    let rules = Situation(command: Self.situation(.free, .booked, .late).command).rules
    #expect(Moment.allCases.filter { rules.mayBeFreed(Self.appointment(.booked), at: $0.instant) } == [.late])
  }

  @Test("A service's own tolerance goes before the clinic's")
  func tolerance() {
    var situation = Self.situation(.free, .booked, .late)
    situation.clinic.services[0].graceMinutes = 12
    #expect(situation.refusal() == .tooEarly(from: Instant(iso: "2026-11-24T15:12:00.001Z")!))
  }

  @Test("A word that somebody comes is kept with its channel, and the first one stands")
  func confirmation() throws {
    guard case .appointment(let after) = try Self.situation(.confirm, .booked, .dayBefore, by: Self.person).decide().outcome else { return }
    #expect((after.confirmedAt, after.confirmedThrough, after.status) == (Moment.dayBefore.instant, .desk, .booked))
    var again = Self.situation(.confirm, .booked, .open)
    again.scope.named = after
    #expect(try again.decide() == Decision(.appointment(after), []))
  }
}

@Suite("Changing an appointment to another slot")
struct ReschedulingTests {
  static func situation(to choice: String, now: Moment = .dayBefore) -> Situation {
    let old = LifeTests.appointment(.booked)
    return Situation(
      command: .life(
        LifeCommand(
          actor: LifeTests.person, folio: old.folio, step: .reschedule(SlotChoice(choice), folioSeed: 1), channel: .phone)),
      scope: CommandScope(actor: .ana, patient: .ana, named: old, active: [old]), now: now.instant)
  }

  @Test("The old one is cancelled and the new one made in one decision, each naming the other; the limit of one is no obstacle")
  func both() throws {
    let situation = Self.situation(to: "C2 2026-11-25 10:15")
    var old = LifeTests.appointment(.booked)
    (old.status, old.cancellation, old.replacedBy) = (.cancelled, .rescheduled, Situation.candidate)
    old.changedAt = situation.now
    let new = Appointment(
      folio: Situation.candidate, patient: Patient.ana.id, service: .familyMedicine, turno: .matutino, slot: Slot("C2 2026-11-25 10:15"),
      status: .booked, channel: .phone, holdExpiresAt: nil, cancellation: nil, createdAt: situation.now, changedAt: situation.now,
      replaces: LifeTests.folio)
    #expect(try situation.decide() == Decision(.appointment(new), [.replace(old), .insert(new)]))
  }

  @Test("A slot that overlaps one's own old one is no clash; the very same slot changes nothing")
  func ownSlot() throws {
    var situation = Self.situation(to: "C1 2026-11-24 09:15")
    situation.scope.named?.slot = Slot("C1 2026-11-24 09:10", minutes: 20)
    situation.scope.active = [situation.scope.named!]
    situation.scope.day = [situation.scope.named!]
    #expect(situation.refusal() == nil)
    #expect(try Self.situation(to: "C1 2026-11-24 09:00").decide() == Decision(.appointment(LifeTests.appointment(.booked)), []))
  }

  @Test("Each refusal leaves the old appointment as it was")
  func refusals() {
    #expect(Self.situation(to: "C1 2026-11-24 10:00", now: .onTime).refusal() == .slotInThePast)
    #expect(Self.situation(to: "C4 2026-11-24 10:00").refusal() == .resourceNotOffered)
    #expect(Self.situation(to: "C1 2026-11-24 10:05").refusal() == .notOnGrid)
    var taken = Self.situation(to: "C1 2026-11-24 10:00")
    taken.scope.day = [.fixture(Slot("C1 2026-11-24 10:00"), folio: 9, patient: Patient.dario.id)]
    #expect(taken.refusal() == .slotTaken(by: .fixture(9)))
    #expect(taken.command.wish(after: .slotTaken(by: .fixture(9)), in: taken.scope)?.choice == SlotChoice("C1 2026-11-24 10:00"))
    var busy = Self.situation(to: "C1 2026-11-24 10:00")
    busy.scope.active.append(.fixture(Slot("C4 2026-11-24 10:00", minutes: 30), folio: 8, service: .dentist))
    #expect(busy.refusal() == .personBusy(.fixture(8)))
    for status in Appointment.Status.allCases where status != .booked {
      var wrong = Self.situation(to: "C1 2026-11-24 10:00")
      wrong.scope.named = LifeTests.appointment(status)
      #expect(wrong.refusal() == .wrongState(status))
    }
  }
}

@Suite("Taking an act back")
struct UndoingTests {
  static func situation(
    _ act: Act, after: Appointment.Status, before: Appointment.Status?, by actor: String = "staff:uid:1000", seconds: Int = 119
  ) -> Situation {
    var situation = LifeTests.situation(.undo, after, .late)
    situation.scope.lastAct = .init(
      actor: actor, act: act, at: Moment.late.instant.adding(seconds: -seconds), before: before)
    return situation
  }

  @Test("What the same member of staff did less than two minutes ago is as it was before", arguments: [
    (Act.attend, Appointment.Status.fulfilled, Appointment.Status.checkedIn), (.free, .noshow, .booked), (.miss, .noshow, .booked),
    (.checkIn, .checkedIn, .booked), (.cancel, .cancelled, .booked), (.attend, .fulfilled, .booked), (.miss, .noshow, .checkedIn),
    (.enterInError, .enteredInError, .arrived), (.enterInError, .enteredInError, .fulfilled),
  ])
  func takenBack(act: Act, after: Appointment.Status, before: Appointment.Status) throws {
    let situation = Self.situation(act, after: after, before: before)
    guard case .appointment(let back) = try situation.decide().outcome else { return }
    #expect((back.status, back.cancellation, back.lane) == (before, nil, 0))
    #expect(Self.situation(act, after: after, before: before, seconds: 120).refusal() == .nothingToUndo)
    #expect(Self.situation(act, after: after, before: before, by: "staff:uid:1001").refusal() == .nothingToUndo)
    #expect(Self.situation(act, after: after, before: before, by: "person:1").refusal() == .nothingToUndo)
    var taken = situation
    taken.scope.day = [.fixture(LifeTests.slot, folio: 9, patient: Patient.dario.id)]
    // Who kept the slot all along meets nobody in it.
    let expected: CommandRefusal? = after == .fulfilled || after == .checkedIn ? nil : .slotTaken(by: .fixture(9))
    #expect(taken.refusal() == expected)
    // An emergency beside the slot is in nobody's way.
    taken.scope.day[0].lane = 1
    #expect(taken.refusal() == nil)
  }

  @Test("Who comes back to a turno that was filled meanwhile is one too many; who never left it, or was put past the cap with a reason, is not", arguments: [
    (Act.cancel, Appointment.Status.cancelled, Appointment.Status.booked), (.free, .noshow, .booked), (.attend, .fulfilled, .checkedIn),
  ])
  func cap(act: Act, after: Appointment.Status, before: Appointment.Status) throws {
    var situation = Self.situation(act, after: after, before: before)
    situation.clinic.capacity.caps = [TurnoCap(scope: TurnoScope(resources: [.c(1)], turno: .matutino), places: 5)]
    situation.scope.load.phone = 4
    #expect(situation.refusal() == nil)
    situation.scope.load.phone = 5
    #expect(situation.refusal() == (act == .attend ? nil : .turnoFull(cap: 5)))
    let wish = situation.command.wish(after: .turnoFull(cap: 5), in: situation.scope)
    #expect(wish?.choice == LifeTests.slot.choice)
    // Its own place is still kept for those who wait.
    var kept = situation
    kept.scope.kept = [
      KeptStretch(reason: .place(Int64(LifeTests.folio.number)), slot: LifeTests.slot, until: Instant(iso: "2026-11-25T00:00:00Z")!, channel: .kiosk)
    ]
    #expect(kept.refusal() == nil)
    situation.scope.isBeyondCap = true
    #expect(situation.refusal() == nil)
  }

  @Test("Whoever was taken in or put past a rule by mistake was never there", arguments: [
    (Act.admit, Appointment.Status.arrived), (.admitOverCap, .arrived), (.overrideCap, .booked), (.takePlace, .arrived),
  ])
  func admitted(act: Act, status: Appointment.Status) throws {
    let situation = Self.situation(act, after: status, before: nil)
    guard case .appointment(let undone) = try situation.decide().outcome else { return #expect(Bool(false), "an appointment") }
    #expect((undone.status, undone.holdsSlot) == (.enteredInError, false))
    #expect(Self.situation(act, after: status, before: nil, seconds: 120).refusal() == .nothingToUndo)
    #expect(Self.situation(act, after: status, before: nil, by: "staff:uid:1001").refusal() == .nothingToUndo)
  }

  @Test("Of an arrival that is taken back nothing stays; an earlier one does")
  func arrival() throws {
    var situation = Self.situation(.checkIn, after: .checkedIn, before: .noshow)
    situation.scope.named?.arrivedAt = situation.scope.lastAct?.at
    guard case .appointment(let back) = try situation.decide().outcome else { return #expect(Bool(false), "an appointment") }
    #expect(back.arrivedAt == nil)
    situation.scope.named?.arrivedAt = Moment.open.instant
    guard case .appointment(let left) = try situation.decide().outcome else { return #expect(Bool(false), "an appointment") }
    #expect(left.arrivedAt == Moment.open.instant)
  }

  @Test("An appointment whose person has another at that hour by now does not come back")
  func busy() {
    var situation = Self.situation(.cancel, after: .cancelled, before: .booked)
    let slot = LifeTests.slot
    situation.scope.active = [.fixture(Slot("C2 \(slot.date) \(slot.start)"), folio: 9)]
    #expect(situation.refusal() == .personBusy(.fixture(9)))
    situation.scope.active = [.fixture(Slot("C2 \(slot.date.advanced(by: 1)) \(slot.start)"), folio: 9)]
    #expect(situation.refusal() == nil)
  }

  @Test("What cannot be taken back is said to be so", arguments: [
    Act.book, .hold, .undo, .inherit, .expireHold, .releaseHold, .start, .grantConsent, .revokeConsent, .importPatient,
  ])
  func never(act: Act) {
    #expect(Self.situation(act, after: .booked, before: .pending).refusal() == .nothingToUndo)
  }

  @Test("A change of date goes back whole, by either folio, unless the old place was given away")
  func reschedule() throws {
    var old = LifeTests.appointment(.cancelled)
    (old.cancellation, old.replacedBy) = (.rescheduled, .fixture(4))
    var new = Appointment.fixture(Slot("C1 2026-11-25 10:00"), folio: 4)
    new.replaces = old.folio
    for (named, linked) in [(old, new), (new, old)] {
      var situation = Self.situation(.reschedule, after: .booked, before: nil)
      situation.scope.named = named
      situation.scope.linked = linked
      let decision = try situation.decide()
      guard case .appointment(let back) = decision.outcome else { return }
      #expect((back.folio, back.status, back.replacedBy) == (old.folio, .booked, nil))
      guard case .replace(let given) = decision.changes[0] else { return #expect(Bool(false), "the new one goes first") }
      #expect((given.folio, given.status, given.cancellation) == (new.folio, .cancelled, .clinic))
      // The new one was of another day: without it the old turno is as full as before.
      situation.clinic.capacity.caps = [TurnoCap(scope: TurnoScope(resources: [.c(1)], turno: .matutino), places: 5)]
      situation.scope.load.desk = 5
      #expect(situation.refusal() == .turnoFull(cap: 5))
      situation.scope.day = [.fixture(LifeTests.slot, folio: 9, patient: Patient.dario.id)]
      #expect(situation.refusal() == .slotTaken(by: .fixture(9)))
    }
  }
}
