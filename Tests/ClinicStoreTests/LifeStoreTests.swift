import ClinicDomain
import ClinicStore
import KioskTestSupport
import Scheduling
import Synchronization
import Testing

@Suite("An appointment's life in the store")
struct LifeStoreTests {
  let folder = TemporaryFolder()
  static let staff = Actor.staff(StaffName("uid:1000")!, .routine)

  static func life(_ step: LifeCommand.Step, _ folio: Folio, by actor: Actor = staff) -> Command {
    .life(LifeCommand(actor: actor, folio: folio, step: step, channel: .desk))
  }

  @Test("A hundred people change their dates at once, over ten slots: nobody ends with two or with none, and ten have what they wanted")
  func race() async throws {
    let rules = ClinicRules.fixture { clinic in
      clinic.resources[0].rules[0].weekdays = Weekday.allCases
      clinic.policy.horizonDays = 60
    }
    let people = (1...100).map { Patient.fixture(Int64($0), nss: nil, born: "1985-04-30") }
    let store = try ClinicStore(path: folder.file, rules: rules, options: .small, clock: { .fixture })
    _ = try await store.submit(.people(people))
    var held: [Folio] = []
    for (number, person) in people.enumerated() {
      let date = CivilDate.fixture.advanced(by: 2 + number / 20)
      let choice = SlotChoice(resource: .c(1), date: date, start: AgendaMinute(minutes: 480 + 15 * (number % 20))!)
      let book = Command.book(
        BookAppointment(
          actor: .person(person.id), patient: person.id, what: .slot(.familyMedicine, choice), channel: .kiosk, folioSeed: UInt64(number) << 48))
      held.append(try #require(try await store.submit(.request(UInt8(number), book)).appointment?.folio))
    }
    let ten = (0..<10).map { SlotChoice(resource: .c(2), date: CivilDate.fixture.advanced(by: 1), start: AgendaMinute(minutes: 480 + 15 * $0)!) }
    let commands = people.indices.map { number in
      StoreCommand.request(
        UInt8(100 + number),
        Self.life(.reschedule(ten[number % 10], folioSeed: UInt64(200 + number) << 48), held[number], by: .person(people[number].id)))
    }
    let granted = try await withThrowingTaskGroup(of: Bool.self) { group in
      for command in commands { group.addTask { try await store.submit(command).appointment != nil } }
      return try await group.reduce(into: 0) { if $1 { $0 += 1 } }
    }
    #expect(granted == 10)
    // The same requests again: the same ten, and nothing new.
    for command in commands { _ = try await store.submit(command) }
    var winners = 0
    for (number, person) in people.enumerated() {
      let all = try await store.appointments(of: person.id, includePast: true, now: .fixture)
      let booked = all.filter { $0.status == .booked }
      #expect(booked.count == 1, "person \(number)")
      if let old = booked.first?.replaces {
        winners += 1
        #expect(old == held[number])
        #expect(all.first { $0.folio == old }?.replacedBy == booked.first?.folio)
      } else {
        #expect(booked.map(\.folio) == [held[number]])
      }
    }
    #expect(winners == 10)
    #expect(try await store.check() == [])
    await store.close()
  }

  @Test("A day at the desk: each act once in the history, a late person in today's line beside who got the place, and an undo")
  func day() throws {
    let core = try StoreCore.fixture(folder)
    defer { core.close() }
    func at(_ minutes: Int) -> Instant { Instant.fixture.adding(seconds: 3600 + minutes * 60) }
    _ = try core.apply(.request(1, .book("C1 2026-11-23 08:15", seed: 1)))
    let folio = Folio.seeded(1)
    // 08:26, eleven minutes late: freed, taken back, freed again, given to somebody else.
    #expect(try core.apply(.request(2, Self.life(.free, folio)), at: at(26)).appointment?.status == .noshow)
    #expect(try core.apply(.request(3, Self.life(.undo, folio)), at: at(27)).appointment?.status == .booked)
    #expect(try core.apply(.request(4, Self.life(.undo, folio)), at: at(27)).refusal == .nothingToUndo)
    #expect(try core.apply(.request(5, Self.life(.free, folio)), at: at(27)).appointment?.status == .noshow)
    #expect(core.index == (try core.rebuiltIndex()))
    // The slot of 08:15 has begun, so nobody can book it any more; a slot that the person has otherwise is theirs.
    let line = try #require(try core.apply(.request(6, Self.life(.checkIn, folio, by: .person(Patient.ana.id))), at: at(28)).appointment)
    #expect((line.status, line.isInTodaysLine, line.holdsSlot) == (.checkedIn, true, false))
    #expect(try core.apply(.request(7, Self.life(.attend, folio)), at: at(50)).appointment?.status == .fulfilled)
    #expect(try core.apply(.request(8, Self.life(.undo, folio, by: .staff(StaffName("uid:1001")!, .correction))), at: at(51)).refusal == .nothingToUndo)
    #expect(try core.apply(.request(9, Self.life(.undo, folio)), at: at(51)).appointment?.status == .checkedIn)
    #expect(try core.history(after: 1).filter { $0.object == "appointment:\(folio.number)" }.map(\.act) == [
      .book, .free, .undo, .free, .checkIn, .attend, .undo,
    ])
    #expect(core.index == (try core.rebuiltIndex()))
    #expect(core.check() == [])
  }

  @Test("A place that was given away is not taken back: the refusal carries a wish for another")
  func givenAway() throws {
    let core = try StoreCore.fixture(folder)
    defer { core.close() }
    _ = try core.apply(.request(1, .book("C1 2026-11-24 08:15", seed: 1)))
    _ = try core.apply(
      .request(2, .cancel(CancelAppointment(actor: Self.staff, folio: .seeded(1), reason: .clinic, channel: .desk))))
    #expect(try core.apply(.request(3, .book("C1 2026-11-24 08:15", for: .dario, seed: 3))).appointment != nil)
    let outcome = try core.apply(.request(4, Self.life(.undo, .seeded(1))))
    guard case .refused(.slotTaken(let other), let wish?) = outcome else { return #expect(Bool(false), "\(outcome)") }
    #expect(other == .seeded(3))
    #expect(core.index.alternatives(to: wish, at: .fixture).count == 6)
  }

  @Test("A reader finds the whole life of a folio, and nothing of another's")
  func history() async throws {
    let store = try ClinicStore(path: folder.file, rules: .fixture(), options: .small, clock: { .fixture })
    _ = try await store.submit(.people([.ana, .dario]))
    _ = try await store.submit(.request(1, .book("C1 2026-11-24 08:15", seed: 1)))
    _ = try await store.submit(.request(2, .book("C1 2026-11-24 08:30", for: .dario, seed: 2)))
    _ = try await store.submit(
      .request(3, Self.life(.reschedule(SlotChoice("C2 2026-11-24 08:15"), folioSeed: 5 << 40), .seeded(1))))
    let old = try await store.read { reader throws(StoreFault) in try reader.history(of: .seeded(1)) }
    #expect(old.map { [$0.act.rawValue, $0.before?.rawValue, $0.after?.rawValue] } == [["book", nil, "booked"], ["reschedule", "booked", "cancelled"]])
    let new = try await store.read { reader throws(StoreFault) in try reader.history(of: .seeded(5)) }
    #expect(new.map { [$0.act.rawValue, $0.before?.rawValue, $0.after?.rawValue] } == [["reschedule", nil, "booked"]])
    let none = try await store.read { reader throws(StoreFault) in try reader.history(of: .seeded(9)) }
    #expect(none == [])
    await store.close()
  }
}
