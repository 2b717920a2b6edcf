internal import ClinicDomain
internal import KioskTestSupport
internal import Scheduling
internal import Testing

@Suite("What is free, service by service")
struct AvailabilityTests {
  static let rules = ClinicRules.fixture()

  static func availability(
    _ taken: [Appointment] = [], rules: ClinicRules = rules, at now: Instant = .fixture
  ) -> [Availability] {
    AgendaIndex(rules: rules, appointments: taken, today: rules.today(at: .fixture)).availability(at: now)
  }

  @Test("An empty agenda, in the configuration's order")
  func empty() {
    #expect(Self.availability() == [
      Availability(service: .familyMedicine, first: Slot("C1 2026-11-23 08:00"), onFirstDate: 142, inAll: 3238),
      Availability(service: .dentist, first: Slot("C4 2026-11-23 08:00", minutes: 30), onFirstDate: 12, inAll: 252),
      Availability(service: .clinicChange, first: Slot("V1 2026-11-23 08:00", minutes: 20), onFirstDate: 18, inAll: 378),
    ])
  }

  @Test("It says what a search for nobody in particular finds, on an agenda of any state and at any time", arguments: 0..<40)
  func asFinding(seed: UInt64) {
    var chance = SeededGenerator(seed: seed)
    let rules = Self.rules
    let now = Instant.fixture.adding(seconds: Int.random(in: 0...4 * 86_400, using: &chance))
    let empty = AgendaIndex(rules: rules, appointments: [], today: rules.today(at: .fixture))
    let everything = [ServiceCode.familyMedicine, .dentist, .clinicChange].flatMap {
      empty.find(FindSlots(service: $0, channel: .kiosk, limit: 10_000), at: .fixture)
    }
    let share = Double.random(in: 0...1, using: &chance)
    let taken = everything.enumerated().compactMap { number, found -> Appointment? in
      guard Double.random(in: 0..<1, using: &chance) < share else { return nil }
      let isHold = Bool.random(using: &chance)
      return .fixture(
        found.slot, folio: UInt64(number), service: found.service, turno: found.turno, status: isHold ? .pending : .booked,
        holdExpiresAt: isHold ? now.adding(seconds: Int.random(in: -100...100, using: &chance)) : nil)
    }
    let index = AgendaIndex(rules: rules, appointments: taken, today: rules.today(at: .fixture))
    for availability in index.availability(at: now) {
      let all = index.find(FindSlots(service: availability.service, channel: .kiosk, limit: 10_000), at: now)
      let first = all.first?.slot
      #expect(
        availability
          == Availability(
            service: availability.service, first: first, onFirstDate: all.count { $0.slot.date == first?.date }, inAll: all.count))
    }
  }

  @Test("A hold takes its slot away until its time is over")
  func holds() {
    let hold = Appointment.fixture(
      Slot("C4 2026-11-23 08:00", minutes: 30), service: .dentist, status: .pending, holdExpiresAt: Instant.fixture.adding(seconds: 120))
    for (seconds, start, count) in [(0, "08:30", 11), (119, "08:30", 11), (120, "08:00", 12)] {
      let dentist = Self.availability([hold], at: Instant.fixture.adding(seconds: seconds))[1]
      #expect(dentist.first == Slot("C4 2026-11-23 \(start)", minutes: 30))
      #expect(dentist.onFirstDate == count)
    }
  }

  @Test("A service that nobody gives, or that no channel books, has nothing")
  func nothing() {
    let rules = ClinicRules.fixture { clinic in
      clinic.resources.removeAll { $0.services == [.dentist] }
      clinic.services[2].bookableBy = []
    }
    #expect(Self.availability(rules: rules).dropFirst() == [Availability(service: .dentist), Availability(service: .clinicChange)])
  }
}
