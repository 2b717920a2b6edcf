import ClinicDomain
import ClinicStore
import KioskServices
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("A place that the clinic owes")
struct OwedPlacesTests {
  static func mine(_ clinic: TestClinic, _ person: Patient) async throws -> [Appointment] {
    let id = try #require(try await clinic.store.patient(number: person.number)).id
    return try await clinic.store.appointments(of: id, includePast: true, now: clinic.clock.now)
  }

  /// Tuesday is the last day that can be booked, and all of it closes.
  static func putOff(_ clinic: TestClinic, _ person: Patient) async throws -> Appointment {
    let folio = try await clinic.book("C1 2026-11-24 09:00", try await clinic.session(person)).folio
    for resource in ["C2", "C3", "C1"] { _ = try await ClosureTests.close(clinic, resource, "2026-11-24") }
    try await clinic.settle()
    let old = try #require(try await mine(clinic, person).first { $0.folio.description == folio })
    #expect((old.status, old.cancellation) == (.cancelled, .clinic))
    return old
  }

  static func rules(listed: Bool, _ change: @escaping (inout Clinic) -> Void = { _ in }) -> ClinicRules {
    .fixture { clinic in
      clinic.waitlist = listed ? .fixture : nil
      clinic.policy.horizonDays = 1
      clinic.closures = [Closure(resource: nil, turno: nil, dates: CivilDate.fixture...CivilDate.fixture, reason: "hoy no")]
      change(&clinic)
    }
  }

  @Test("P14: who was put off has the first place of a day that opens later, whether the clinic has a waitlist or none, and is told", arguments: [true, false])
  func opensLater(listed: Bool) async throws {
    let person = strangers(1)[0]
    try await withClinic(people: [person], rules: Self.rules(listed: listed)) { clinic in
      let old = try await Self.putOff(clinic, person)
      #expect(try await clinic.settle() == 0)
      // Ten past midnight: Wednesday opens.
      clinic.clock.advance(.seconds(17 * 3600 + 600))
      #expect(try await clinic.settle() == 1)
      let all = try await Self.mine(clinic, person)
      let new = try #require(all.first { $0.status == .booked })
      #expect((new.slot.date.description, new.replaces) == ("2026-11-25", old.folio))
      #expect(all.first { $0.folio == old.folio }?.replacedBy == new.folio)
      let history = try await clinic.agenda().history(.init(folio: new.folio.description)).changes
      #expect(history.map { [$0.act, $0.actor, $0.reason] } == [["place-displaced", "system", "owed-place"]])
      let token = try await clinic.session(person)
      #expect(try await clinic.entries(token).isEmpty)
      #expect(try await clinic.contact().listNotices(.init(sessionToken: token)).notices.map(\.kind) == [.moved])
      #expect(try await clinic.settle() == 0)
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("A release, too, is first for whom the clinic has put off; never one of the same day, of which nobody would know in time")
  func released() async throws {
    let person = strangers(1)[0]
    let rules = Self.rules(listed: false) { clinic in
      // Wednesday's places open on Tuesday at nine.
      clinic.capacity.releases = [
        ReleaseRule(scope: TurnoScope(resources: [.c(1), .c(2), .c(3)]), daysAhead: 1, first: AgendaMinute(minutes: 540)!, stepMinutes: 0)
      ]
    }
    try await withClinic(people: [person], rules: rules) { clinic in
      clinic.clock.advance(.seconds(3 * 3600))
      _ = try await Self.putOff(clinic, person)
      clinic.clock.advance(.seconds(22 * 3600))
      _ = try await clinic.waitlist(.staff).reopen(.init(closure: 1), options: .write())
      #expect(try await clinic.settle() == 0)
      #expect(try await Self.mine(clinic, person).allSatisfy { $0.status == .cancelled })
      clinic.clock.advance(.seconds(3601))
      try await clinic.settle()
      #expect(try await Self.mine(clinic, person).filter { $0.status == .booked }.map(\.slot.date.description) == ["2026-11-25"])
    }
  }

  @Test("Who follows their change of doctor gets a place of the new doctor that becomes free later, and gives the old one back only then")
  func newDoctor() async throws {
    let person = ChangeDoctorTests.people[0]
    try await withClinic(people: [person], rules: ChangeDoctorTests.rules) { clinic in
      let folio = try await clinic.book("C1 2026-11-24 08:00", try await clinic.session(person)).folio
      _ = try await ClosureTests.close(clinic, "C2", "2026-11-24")
      let moved = try await ChangeDoctorTests.change(clinic) { request in
        (request.fromResource, request.fromTurno, request.patientNumbers) = ("", "", [person.number.description])
      }
      #expect(moved.appointments.first?.newFolio == "")
      // C3 is free all the time.
      #expect(try await clinic.settle() == 0)
      clinic.clock.advance(.seconds(17 * 3600 + 600))
      #expect(try await clinic.settle() >= 1)
      let all = try await Self.mine(clinic, person)
      #expect(all.filter { $0.status == .booked }.map { "\($0.slot.resource) \($0.slot.date)" } == ["C2 2026-11-25"])
      #expect(all.first { $0.folio.description == folio }?.cancellation == .rescheduled)
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("Who is in the clinic when their room closes stays arrived: in another slot of the day, or in today's line of a room that is open", arguments: Depth.allCases)
  func here(depth: Depth) async throws {
    let people = strangers(4)
    try await withClinic(depth, people: people, rules: .waiting()) { clinic in
      // C2 has one slot left of the day, C3 none.
      _ = try await ClosureTests.close(clinic, "C2", "2026-11-23", 525..<1440)
      _ = try await ClosureTests.close(clinic, "C3", "2026-11-23", 510..<1440)
      for (number, person) in people.enumerated() {
        let token = try await clinic.session(person)
        let folio = try await clinic.book("C1 2026-11-23 \(AgendaMinute(minutes: 510 + 15 * number)!)", token).folio
        if number == 0 || number == 3 { _ = try await clinic.appointments().confirm(.init(sessionToken: token, folio: folio), options: .write()) }
      }
      clinic.clock.advance(.seconds(75 * 60))
      let arrived = clinic.clock.now
      for person in people.prefix(2) {
        let folio = try #require(try await Self.mine(clinic, person).first).folio.description
        _ = try await clinic.appointments().checkIn(.init(sessionToken: try await clinic.session(person), folio: folio), options: .write())
      }
      clinic.clock.advance(.seconds(5 * 60))
      _ = try await ClosureTests.close(clinic, "C1", "2026-11-23")
      try await clinic.settle()
      func now(_ number: Int) async throws -> Appointment? {
        try await Self.mine(clinic, people[number]).first { $0.status != .cancelled }
      }
      let first = try #require(try await now(0))
      #expect((first.slot, first.status, first.arrivedAt) == (Slot("C2 2026-11-23 08:30"), .checkedIn, arrived))
      #expect(first.confirmedAt == .fixture && first.confirmedThrough == .kiosk)
      let second = try #require(try await now(1))
      #expect((second.slot.resource, second.status, second.arrivedAt, second.isInTodaysLine) == (.c(2), .checkedIn, arrived, true))
      // Who has not come is not called in today: another day, as booked, and no word that they would come then.
      let fourth = try #require(try await now(3))
      #expect((fourth.status, fourth.confirmedAt, fourth.slot.date > .fixture) == (.booked, nil, true))
      let line = try await clinic.agenda().listDay(.init(resource: "C2")).entries
      #expect(line.map { $0.appointment?.folio } == [first, second].map(\.folio.description))
      #expect(line.map(\.inTodaysLine) == [false, true])
      #expect(try await clinic.day().toBeMoved.isEmpty)
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("Where no other room is open who is in the clinic waits in today's line of their own: they lose neither their arrival nor their place in it")
  func noRoom() async throws {
    let person = strangers(1)[0]
    try await withClinic(people: [person], rules: .waiting()) { clinic in
      for resource in ["C2", "C3"] { _ = try await ClosureTests.close(clinic, resource, "2026-11-23") }
      let folio = try await clinic.book("C1 2026-11-23 08:30", try await clinic.session(person)).folio
      clinic.clock.advance(.seconds(75 * 60))
      _ = try await clinic.appointments().checkIn(.init(sessionToken: try await clinic.session(person), folio: folio), options: .write())
      _ = try await ClosureTests.close(clinic, "C1", "2026-11-23")
      try await clinic.settle()
      let one = try #require(try await Self.mine(clinic, person).first)
      #expect((one.folio.description, one.status, one.isInTodaysLine, one.arrivedAt) == (folio, .checkedIn, true, clinic.clock.now))
      #expect(try await clinic.settle() == 0)
      #expect(try await clinic.day().toBeMoved.isEmpty)
    }
  }
}
