import ClinicDomain
import ClinicStore
import KioskServices
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("A consultorio that closes while the clinic works")
struct ClosureTests {
  static func close(_ clinic: TestClinic, _ resource: String, _ date: String, _ hours: Range<Int32> = 0..<0) async throws -> [Wire.AgendaClosure] {
    let request = Wire.CloseRequest(
      resource: resource, firstDate: date, startMinute: hours.lowerBound, endMinute: hours.upperBound, reason: .staffAbsent)
    return try await clinic.waitlist(.staff).close(request, options: .write()).closures
  }

  /// Every appointment of the store, whoever's.
  static func all(_ clinic: TestClinic, _ people: [Patient]) async throws -> [Appointment] {
    var all: [Appointment] = []
    for person in people {
      let id = try #require(try await clinic.store.patient(number: person.number)).id
      all += try await clinic.store.appointments(of: id, includePast: true, now: clinic.clock.now)
    }
    return all
  }

  /// That everybody who had an appointment in the closed agenda has another one, or waits before all others.
  static func checkNoOrphan(_ clinic: TestClinic, _ people: [Patient], closed: (Slot) -> Bool) async throws -> (moved: Int, waiting: Int) {
    let all = try await all(clinic, people)
    #expect(!all.contains { HarmOrder.movable.contains($0.status) && closed($0.slot) }, "an appointment stands in a closed agenda")
    var (moved, waiting) = (0, 0)
    for old in all where closed(old.slot) && old.status == .cancelled && old.cancellation != .cannotCome {
      if old.cancellation == .rescheduled {
        let new = try #require(all.first { $0.folio == old.replacedBy })
        #expect(new.replaces == old.folio && new.patient == old.patient && !closed(new.slot))
        moved += 1
      } else if old.cancellation == .clinic {
        let now = clinic.clock.now
        let entries = try await clinic.store.read { reader throws(StoreFault) in try reader.waitlist(of: old.patient, at: now) }
        #expect(entries.contains { $0.entry.isDisplaced })
        waiting += 1
      }
    }
    return (moved, waiting)
  }

  @Test("P14: closing a consultorio for a day moves or offers every affected cita and leaves no orphan", arguments: Depth.allCases)
  func day(depth: Depth) async throws {
    let people = strangers(20)
    // Tomorrow is the last day: C1's morning has more people than C2 and C3 have room for.
    let rules = ClinicRules.waiting { clinic in
      clinic.policy.horizonDays = 1
      clinic.turnos[0].hours = .hours(8, 10)
      clinic.turnos[1].hours = .hours(14, 15)
    }
    try await withClinic(depth, people: people, rules: rules) { clinic in
      let date = "2026-11-24"
      for (number, person) in people.enumerated() {
        let token = try await clinic.session(person)
        let hour = number < 8 ? 480 + 15 * number : number < 12 ? 840 + 15 * (number - 8) : 480 + 15 * (number - 12)
        let start = AgendaMinute(minutes: hour)!
        try await clinic.book("\(number < 12 ? "C1" : "C2") \(date) \(start)", token)
      }
      // Today's are over by then.
      clinic.clock.advance(.seconds(16 * 3600))
      let before = await #expect(throws: RPCError.self) { try await clinic.close("C9", date) }
      #expect(before?.code == .failedPrecondition)
      _ = try await Self.close(clinic, "C3", date)
      #expect(try await Self.close(clinic, "C1", date).map(\.resource) == ["C1"])
      let listed = try await clinic.day(date)
      #expect(listed.toBeMoved.count == 12)
      #expect(try await !clinic.isFree("C1 2026-11-24 480", on: date))
      try await clinic.settle()
      let count = try await Self.checkNoOrphan(clinic, people) { $0.resource == .c(1) }
      // C2's afternoon has four places; the other eight wait before everybody else.
      #expect(count.moved == 4 && count.waiting == 8)
      #expect(try await clinic.day(date).toBeMoved.isEmpty)
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("Whoever is harmed most chooses first: here already, then soonest, then those whom few rooms suit, then who booked first")
  func order() {
    func appointment(_ folio: UInt64, _ slot: String, _ status: Appointment.Status = .booked, at seconds: Int = 0) -> Appointment {
      .fixture(Slot(slot), folio: folio, status: status, at: Instant.fixture.adding(seconds: seconds))
    }
    let inOrder: [(Appointment, [String])] = [
      (appointment(1, "C1 2026-11-24 09:00", .arrived), []),
      (appointment(2, "C1 2026-11-23 09:00"), []),
      (appointment(3, "C1 2026-11-24 08:00"), [Patient.noStairs]),
      (appointment(4, "C1 2026-11-24 08:00", at: 5), []),
      (appointment(5, "C1 2026-11-24 08:00", at: 6), []),
      (appointment(6, "C1 2026-11-24 08:15"), [Patient.noStairs]),
    ]
    var chance = SeededGenerator(seed: 4)
    for _ in 0..<50 {
      let mixed = inOrder.sorted { _, _ in chance.chance(1, in: 2) }
      #expect(mixed.sorted { HarmOrder($0.0, needs: $0.1) < HarmOrder($1.0, needs: $1.1) }.map(\.0.folio) == inOrder.map(\.0.folio))
    }
  }

  @Test("Opened again, its free places go to those who wait, and what was moved stays moved")
  func reopened() async throws {
    try await withClinic(people: strangers(3), rules: .waiting { $0.waitlist?.offersAtOnce = 1 }) { clinic in
      let tokens = try await [clinic.session(strangers(3)[0]), clinic.session(strangers(3)[1])]
      try await clinic.book("C1 2026-11-24 09:00", tokens[0])
      let closure = try #require(try await Self.close(clinic, "C1", "2026-11-24", 540..<570).first)
      try await clinic.settle()
      let moved = try await clinic.appointments().list(.init(sessionToken: tokens[0])).appointments
      #expect(moved.map { $0.slot?.place } == ["C1 2026-11-24 525"])
      try await clinic.join(tokens[1])
      _ = try await clinic.waitlist(.staff).reopen(.init(closure: closure.id), options: .write())
      try await clinic.settle()
      #expect(try await clinic.offers(tokens[1]).map { $0.slot?.place } == ["C1 2026-11-24 540"])
      #expect(try await clinic.isFree("C1 2026-11-24 555", on: "2026-11-24"))
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("A closure in the middle of a rush of bookings leaves no orphan", arguments: 1...6)
  func rush(seed: UInt64) async throws {
    let people = strangers(60)
    try await withClinic(.socket, people: people, rules: .waiting { $0.policy.horizonDays = 2 }) { clinic in
      var tokens: [String] = []
      for person in people { tokens.append(try await clinic.session(person)) }
      let keeper = clinic.keeper
      await withTaskGroup(of: Void.self) { group in
        for (number, token) in tokens.enumerated() {
          var chance = SeededGenerator(seed: seed &* 1000 &+ UInt64(number))
          let start = AgendaMinute(minutes: 480 + 15 * chance.below(24))!
          let resource = chance.chance(2, in: 3) ? "C1" : "C2"
          let gives = chance.chance(1, in: 5)
          group.addTask {
            guard let booked = try? await clinic.book("\(resource) 2026-11-24 \(start)", token) else { return }
            if gives { try? await clinic.cancel(booked.folio, token) }
          }
          if number == 25 { group.addTask { _ = try? await Self.close(clinic, "C1", "2026-11-24") } }
        }
        group.addTask { for _ in 0..<10 { _ = try? await keeper.look() } }
      }
      try await clinic.settle()
      #expect(try await clinic.day("2026-11-24").closures.count == 1)
      _ = try await Self.checkNoOrphan(clinic, people) { $0.resource == .c(1) && $0.date == CivilDate(iso: "2026-11-24") }
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("P14: a hundred people change their dates at once over ten slots while the consultorio of half of them closes: each has one appointment, or waits before all others", arguments: 1...4)
  func changes(seed: UInt64) async throws {
    let people = strangers(100)
    // Three days: what C2 and C3 have left does not do for all of C1.
    let rules = ClinicRules.waiting { clinic in
      clinic.policy.horizonDays = 2
      clinic.turnos[0].hours = .hours(8, 14)
      clinic.turnos[1].hours = .hours(14, 15)
    }
    try await withClinic(people: people, rules: rules) { clinic in
      var held: [(token: String, folio: String)] = []
      for (number, person) in people.enumerated() {
        // Fifty to a day, C1 first.
        let start = AgendaMinute(minutes: 480 + 15 * (number % 50 % 24))!
        let token = try await clinic.session(person)
        let folio = try await clinic.book("C\(number % 50 < 24 ? 1 : number % 50 < 48 ? 3 : 2) 2026-11-2\(4 + number / 50) \(number % 50 < 48 ? start : AgendaMinute(minutes: 750 + 15 * (number % 50 - 48))!)", token).folio
        held.append((token, folio))
      }
      let keeper = clinic.keeper
      var chance = SeededGenerator(seed: seed)
      let closing = 20 + chance.below(60)
      await withTaskGroup(of: Void.self) { group in
        for (number, one) in held.enumerated() {
          let start = Int32(480 + 15 * (number % 10))
          group.addTask {
            let request = Wire.RescheduleRequest(sessionToken: one.token, folio: one.folio, resource: "C2", date: "2026-11-24", startMinute: start)
            _ = try? await clinic.appointments().reschedule(request, options: .write())
          }
          if number == closing { group.addTask { _ = try? await Self.close(clinic, "C1", "2026-11-24") } }
          if number % 20 == 10 { group.addTask { _ = try? await keeper.look() } }
        }
      }
      try await clinic.settle()
      #expect(try await clinic.day("2026-11-24").closures.count == 1)
      let date = CivilDate(iso: "2026-11-24")!
      _ = try await Self.checkNoOrphan(clinic, people) { $0.resource == .c(1) && $0.date == date }
      let now = clinic.clock.now
      var taken: [Slot] = []
      for person in people {
        let id = try #require(try await clinic.store.patient(number: person.number)).id
        let standing = try await clinic.store.appointments(of: id, includePast: false, now: now).filter { $0.status == .booked }
        let owed = try await clinic.store.read { reader throws(StoreFault) in try reader.waitlist(of: id, at: now) }
        #expect(standing.count + owed.count { $0.entry.isDisplaced } == 1, "\(person.number)")
        taken += standing.map(\.slot)
      }
      #expect(Set(taken).count == taken.count)
      #expect(taken.contains { $0.resource == .c(2) && $0.date == date })
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("Only staff close, and a closed hour is closed to everybody at once")
  func staffOnly() async throws {
    try await withClinic(people: strangers(1), rules: .waiting()) { clinic in
      let request = Wire.CloseRequest(resource: "C1", firstDate: "2026-11-24")
      let denied = await #expect(throws: RPCError.self) { try await clinic.waitlist(.kiosk).close(request, options: .write()) }
      #expect(denied?.code == .permissionDenied)
      let token = try await clinic.session(strangers(1)[0])
      let hold = try await clinic.hold("C1 2026-11-24 09:00", token)
      _ = try await Self.close(clinic, "C1", "2026-11-24")
      let refusal = await #expect(throws: RPCError.self) {
        try await clinic.appointments().book(.init(sessionToken: token, what: .holdFolio(hold.folio)), options: .write())
      }
      #expect(refusal?.message == "A esa hora no hay servicio. Elija otra fecha u hora.")
    }
  }
}

extension TestClinic {
  fileprivate func close(_ resource: String, _ date: String) async throws {
    _ = try await ClosureTests.close(self, resource, date)
  }
}
