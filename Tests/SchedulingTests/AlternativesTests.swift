internal import ClinicDomain
internal import KioskTestSupport
internal import Scheduling
internal import Testing

@Suite("What can be had instead")
struct AlternativesTests {
  static let rules = ClinicRules.fixture()

  static func wish(
    _ choice: String, person: PersonView = PersonView(.ana), service: ServiceCode = .familyMedicine, asHold: Bool = false
  ) -> SlotWish {
    SlotWish(service: service, choice: SlotChoice(choice), channel: .kiosk, person: person, asHold: asHold)
  }

  static func alternatives(
    _ wish: SlotWish, where isTaken: (Slot) -> Bool, at now: Instant = .fixture
  ) -> [String] {
    AgendaIndex(rules: rules, appointments: Appointment.filling(rules, where: isTaken), today: rules.today(at: now))
      .alternatives(to: wish, at: now).map { "\($0.slot.resource) \($0.slot.date) \($0.slot.start)\($0.ownDoctor ? " own" : "")" }
  }

  @Test("First the same agenda on the same day, by minutes; the earlier of two as near")
  func sameDay() {
    let slot = Slot("C2 2026-11-24 09:00")
    #expect(Self.alternatives(Self.wish("C2 2026-11-24 09:00")) { $0 == slot } == [
      "C2 2026-11-24 08:45", "C2 2026-11-24 09:15", "C2 2026-11-24 08:30", "C2 2026-11-24 09:30", "C2 2026-11-24 08:15",
      "C2 2026-11-24 09:45",
    ])
  }

  @Test("Then the own doctor on the nearest days, before or after; then the same turno; then the rest")
  func kinships() {
    let left = ["C2 2026-11-25 10:00", "C1 2026-11-23 12:00", "C1 2026-11-26 09:00", "C3 2026-11-25 09:00", "C2 2026-11-25 15:00",
      "C1 2026-11-24 19:00", "C1 2026-12-21 09:15"].map { Slot($0) }
    #expect(Self.alternatives(Self.wish("C2 2026-11-25 09:00")) { !left.contains($0) } == [
      "C2 2026-11-25 10:00", "C2 2026-11-25 15:00", "C1 2026-11-26 09:00 own", "C1 2026-11-23 12:00 own", "C1 2026-12-21 09:15 own",
      "C3 2026-11-25 09:00",
    ])
  }

  @Test("What was wanted comes first when it is free again")
  func freeAgain() {
    #expect(Self.alternatives(Self.wish("C1 2026-11-24 09:00")) { _ in false }.first == "C1 2026-11-24 09:00 own")
  }

  @Test("Off the grid, closed, past or beyond the horizon: the nearest that can be had", arguments: [
    ("C1 2026-11-24 09:05", "C1 2026-11-24 09:00 own"), ("C1 2026-11-28 09:00", "C1 2026-11-27 09:00 own"),
    ("C1 2026-11-20 09:00", "C1 2026-11-23 09:00 own"), ("C1 2027-02-01 09:00", "C1 2026-12-21 09:00 own"),
    ("C9 2026-11-24 09:00", "C1 2026-11-24 09:00 own"),
  ])
  func nearest(wish: String, first: String) {
    #expect(Self.alternatives(Self.wish(wish)) { _ in false }.first == first)
  }

  @Test("P13: nobody who cannot climb stairs is offered an upper floor instead")
  func stairs() {
    let person = PersonView(.fixture(needs: [Patient.noStairs]))
    let left = [Slot("C3 2026-11-24 09:15"), Slot("C2 2026-11-30 09:15")]
    #expect(Self.alternatives(Self.wish("C3 2026-11-24 09:00", person: person)) { !left.contains($0) } == ["C2 2026-11-30 09:15"])
  }

  @Test("Not at the time of the person's other appointment, and none when they have as many as they may")
  func ownAppointments() {
    let dentist = Appointment.fixture(Slot("C4 2026-11-24 09:00", minutes: 30), service: .dentist)
    let busy = PersonView(.ana, active: [dentist])
    #expect(Self.alternatives(Self.wish("C1 2026-11-24 09:00", person: busy)) { _ in false }.prefix(3) == [
      "C1 2026-11-24 08:45 own", "C1 2026-11-24 08:30 own", "C1 2026-11-24 09:30 own",
    ])
    let full = PersonView(.ana, active: [.fixture(Slot("C1 2026-11-30 09:00"))])
    #expect(Self.alternatives(Self.wish("C1 2026-11-24 09:00", person: full)) { _ in false }.isEmpty)
  }

  @Test("A refusal that another slot would cure carries the wish; the others carry none")
  func wishes() {
    let command = HoldingTests.situation.command
    let scope = HoldingTests.situation.scope
    for refusal in CommandRefusal.each {
      let helped = switch refusal {
      case .notAllowed, .appointmentNotFound, .wrongState, .offerOver, .serviceNotOffered, .limitReached, .householdLimitReached, .notTogether:
        false
      default: true
      }
      #expect((command.wish(after: refusal, in: scope) != nil) == helped, "\(refusal)")
      #expect(CancellingTests.situation.command.wish(after: refusal, in: scope) == nil)
    }
    let expired = BookingHoldTests.situation
    let wish = expired.command.wish(after: .holdExpired, in: expired.scope)
    #expect(wish == Self.wish("C1 2026-11-24 09:00", asHold: true))
  }

  @Test("Every refusal has a next step, even where the clinic wrote none", arguments: CommandRefusal.each)
  func nextSteps(refusal: CommandRefusal) {
    let mute = Clinic.fixture { $0.guidance = [:] }
    #expect(mute.nextSteps(for: refusal) == [.counter])
    let anyway = NextStep(code: "asistente_medica", text: "Pregunte a la asistente médica.")
    let blank = Clinic.fixture { $0.guidance = [.noSlot: [], .limitReached: [], .noRights: [], .other: [anyway]] }
    #expect(blank.nextSteps(for: refusal) == [anyway])
    let clinic = Clinic.fixture()
    #expect(clinic.nextSteps(for: refusal) == clinic.guidance[refusal.stepOccasion])
  }

  @Test("Which occasion a refusal is")
  func occasions() {
    #expect(CommandRefusal.each.map(\.stepOccasion) == [
      .other, .other, .noSlot, .other, .other, .other, .other, .noSlot, .noSlot, .noSlot, .noSlot, .noSlot, .noSlot, .noRights, .noSlot, .noSlot,
      .limitReached, .limitReached, .noSlot, .noSlot, .noSlot, .noSlot, .noSlot, .noSlot,
    ])
  }
}

extension CommandRefusal {
  /// One of each, in check order; ``HandingOverTests`` has the one whose steps name another unit.
  static let each: [CommandRefusal] = [
    .notAllowed, .appointmentNotFound, .holdExpired, .wrongState(.cancelled), .offerOver, .serviceNotOffered, .resourceNotOffered,
    .slotInThePast, .beyondHorizon(last: .fixture), .notReleased(at: .fixture), .closed, .notOnGrid, .externalAgenda, .rightsEndBefore(last: nil),
    .notAccessible, .notTogether, .limitReached(allowed: 1), .householdLimitReached(allowed: 4), .personBusy(.fixture(1)), .turnoFull(cap: 24),
    .quotaSpent(opens: .fixture), .slotOffered(until: .fixture), .slotTaken(by: .fixture(1)),
    .companionTaken(role: "x"),
  ]
}
