import ClinicDomain
import ClinicStore
import KioskTestSupport
import Scheduling
import Testing

@Suite("Overbooking, written down")
struct OverbookingStoreTests {
  /// C1 from 08:00 to 10:00, all days: eight slots, at most ten people. From 08:00 to 09:00, a day ahead or more, two more than its four slots.
  static let rules = ClinicRules.fixture { clinic in
    clinic.turnos = [Turno(code: .matutino, name: "matutino", hours: .hours(8, 10))]
    clinic.policy.horizonDays = 2
    clinic.policy.maxActivePerPatient = 4
    clinic.services[0].maxActivePerPatient = 3
    clinic.resources = [
      AgendaResource(id: .c(1), services: [.familyMedicine], floor: 0, tags: [], rules: [WeeklyRule(turno: .matutino, weekdays: Weekday.allCases)])
    ]
    clinic.capacity.caps = [TurnoCap(scope: TurnoScope(resources: [.c(1)]), places: 10)]
    clinic.capacity.overbooking = [OverbookingRule(resources: [.c(1)], hours: .hours(8, 9), lead: 1, people: 2)]
  }

  static let staff = Actor.staff(StaffName("uid:1000")!, .emergency)
  static let tomorrow = CivilDate.fixture.advanced(by: 1)

  @Test("P38: overbooking exceeds no cap, whatever sequence of bookings, holds, walk-ins and emergencies comes", arguments: 1...12)
  func anySequence(seed: UInt64) throws {
    let folder = TemporaryFolder()
    let people = (1...40).map { Patient.fixture(Int64($0), nss: nil, consultorio: nil, turno: nil) }
    var now = Instant.fixture
    let core = try StoreCore.open(.file(folder.file), rules: Self.rules, options: .small, at: now)
    _ = try core.apply([.people(people)], at: now)
    var chance = SeededGenerator(seed: seed)
    var overrides: [Folio] = []
    var (beside, full) = (0, 0)
    for step in 0..<260 {
      // The evening before, then the morning itself.
      now = step == 130 ? Self.rules.zone.instant(of: Self.tomorrow, minute: AgendaMinute(minutes: 480)!) : now.adding(seconds: chance.pick([5, 20, 40]))
      let command = try Self.command(&chance, people, core, isMorning: step >= 130, at: now, UInt64(step + 1))
      let outcome = try core.apply(StoreCommand(requestID: nil, digest: [], command: command, encodeReply: { _ in [] }), at: now)
      if case .refused(.turnoFull, _) = outcome { full += 1 }
      if case .admit(let admit) = command, admit.isOverCap, let appointment = outcome.appointment { overrides.append(appointment.folio) }
      let rows = try core.allAppointments().filter { $0.slot.date == Self.tomorrow && $0.occupies(at: now) }
      #expect(rows.count <= 10 + rows.count { overrides.contains($0.folio) })
      guard step < 130 else { continue }
      let first = rows.filter { $0.slot.start < AgendaMinute(minutes: 540)! }
      #expect(first.count <= 6)
      #expect(rows.allSatisfy { row in rows.count { $0.slot == row.slot } <= (first.contains(row) ? 2 : 1) })
      beside = max(beside, rows.count(where: \.isBesideOthers))
    }
    #expect(beside > 0 && full > 0)
    let history = try core.history()
    let rows = try core.allAppointments()
    for row in history where row.act == .overbook {
      #expect(rows.contains { row.object == "appointment:\($0.folio.number)" && $0.isBesideOthers })
    }
    #expect(history.contains { $0.act == .overbook })
    #expect(core.index == (try core.rebuiltIndex()))
    #expect(core.check() == [])
    #expect(core.checkNight(at: now) == [])
    core.close()
  }

  private static func command(
    _ chance: inout SeededGenerator, _ people: [Patient], _ core: StoreCore, isMorning: Bool, at now: Instant, _ seed: UInt64
  ) throws -> Command {
    let person = chance.pick(people).id
    // Most want the first hour.
    let slot = chance.chance(3, in: 4) ? chance.below(4) : 4 + chance.below(4)
    let choice = SlotChoice(resource: .c(1), date: tomorrow, start: AgendaMinute(minutes: 480 + 15 * slot)!)
    let mine = try core.allAppointments().filter { $0.status == .booked && $0.slot.date == tomorrow }
    switch chance.below(10) {
    case 0 where !mine.isEmpty:
      let victim = chance.pick(mine)
      return .cancel(CancelAppointment(actor: .person(victim.patient), folio: victim.folio, reason: .cannotCome, channel: .desk))
    case 1..<3:
      return .hold(HoldSlot(actor: .person(person), patient: person, service: .familyMedicine, choice: choice, channel: .kiosk, folioSeed: seed << 40))
    case 3..<7 where isMorning:
      return .admit(AdmitPatient(
        actor: staff, patient: person, service: .familyMedicine,
        at: SlotChoice(resource: .c(1), date: tomorrow, start: rules.zone.local(of: now).minute), kind: chance.pick(AdmitPatient.Kind.allCases),
        isOverCap: chance.chance(1, in: 8), folioSeed: seed << 40))
    default:
      return .book(BookAppointment(
        actor: .person(person), patient: person, what: .slot(.familyMedicine, choice), channel: .desk, folioSeed: seed << 40))
    }
  }

  @Test("A place beside somebody has a row of the history under a name of its own, also when it is held first; without it the night's check tells")
  func named() throws {
    let folder = TemporaryFolder()
    let people = (1...8).map { Patient.fixture(Int64($0), nss: nil, consultorio: nil, turno: nil) }
    let core = try StoreCore.open(.file(folder.file), rules: Self.rules, options: .small, at: .fixture)
    _ = try core.apply([.people(people)], at: .fixture)
    for (number, start) in ["08:00", "08:15", "08:30", "08:45"].enumerated() {
      #expect(try core.apply(.request(UInt8(number), .book("C1 2026-11-24 \(start)", for: people[number], seed: UInt64(number + 1)))).appointment?.lane == 0)
    }
    let hold = try #require(try core.apply(.request(10, .hold("C1 2026-11-24 08:15", for: people[4], seed: 10))).appointment)
    let booked = try core.apply(.request(11, .book(BookAppointment(
      actor: .person(hold.patient), patient: hold.patient, what: .hold(hold.folio), channel: .kiosk, folioSeed: 0)))).appointment
    #expect(hold.lane == 1 && booked?.lane == 1 && booked?.status == .booked)
    #expect(try core.history().filter { $0.object == "appointment:\(hold.folio.number)" }.map(\.act) == [.overbook, .book])
    #expect(core.check() == [] && core.checkNight(at: .fixture) == [])
    core.close()
  }
}
