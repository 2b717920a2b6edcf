import ClinicDomain
import ClinicStore
import KioskTestSupport
import Scheduling
import Testing

@Suite("A day on paper")
struct PaperDayTests {
  static let rooms: [ResourceID] = [.c(1), .c(2)]

  /// A line that somebody wrote while the server was off.
  struct Written {
    var row: PaperRow
    var person: Patient
    var hour: String
    var wasSeen: Bool
  }

  @Test("A server that is off for twenty minutes of the rush loses and doubles nobody, and lists each conflict", arguments: 1...10)
  func reconciled(seed: UInt64) throws {
    let folder = TemporaryFolder()
    var chance = SeededGenerator(seed: seed)
    let people = (1...40).map { Patient.fixture(Int64($0), nss: nil, consultorio: nil, turno: nil) }
    var core = try StoreCore.open(folder)
    var number: UInt64 = 100
    func command(_ command: Command) -> StoreCommand {
      number += 1
      let id = (0..<16).map { UInt8(truncatingIfNeeded: number >> (8 * UInt64(min($0, 7)))) }
      return StoreCommand(requestID: RequestID(id), digest: id + id, command: command, encodeReply: { _ in [7] })
    }
    func book(_ person: Patient, _ slot: Slot, _ channel: Channel) -> Command {
      .book(
        BookAppointment(
          actor: .person(person.id), patient: person.id, what: .slot(.familyMedicine, slot.choice), channel: channel, folioSeed: chance.next()))
    }
    func free(at now: Instant) -> [Slot] {
      core.index.find(FindSlots(service: .familyMedicine, channel: .phone, turno: .matutino, date: .fixture, limit: 200), at: now).map(\.slot)
        .filter { Self.rooms.contains($0.resource) }
    }
    _ = try core.apply([.people(people)], at: .fixture)

    // The day before the cut: sixteen appointments, and the sheets of seven o'clock.
    let booked = Array(people[..<16])
    var standing: [PatientID: Folio] = [:]
    for person in booked {
      let made = try core.apply([command(book(person, chance.pick(free(at: .fixture)), .kiosk))], at: .fixture)[0].appointment
      standing[person.id] = try #require(made).folio
    }
    var blank: [PaperRow] = []
    for room in Self.rooms {
      let reserved = try core.apply([command(PaperTests.reserve(8, seed: seed * 100 + UInt64(room.number), resource: room))], at: .fixture)[0].paper
      blank += try #require(reserved).rows
    }
    let printed = free(at: .fixture)

    // 08:30 to 08:50: no server. Who comes without an appointment is written at an hour that the sheet calls free; some have one and have lost
    // their folio; one is written down on both sheets.
    core.abandon()
    var written: [Written] = []
    var visitors = Array(people[16..<27]) + [booked[0], booked[1], booked[2]]
    visitors.append(people[16])
    for room in Self.rooms {
      var hours = printed.filter { $0.resource == room && $0.start.minutes >= 495 }.map(\.start)
      for row in blank where row.resource == room && !visitors.isEmpty && !hours.isEmpty {
        let hour = hours.remove(at: chance.below(min(6, hours.count)))
        written.append(
          Written(
            row: row, person: visitors.removeFirst(), hour: hour.description,
            wasSeen: hour.minutes <= 525 && chance.chance(2, in: 3)))
      }
    }

    // Back at 08:50: the telephone books before and while the sheets are keyed in, one slot of which was written on paper.
    core = try StoreCore.open(folder, at: Instant(iso: "2026-11-23T14:50:00Z")!)
    var now = Instant(iso: "2026-11-23T14:50:00Z")!
    var callers = Array(people[27...])
    func phone(_ slot: Slot?) throws {
      guard let slot, let caller = callers.popLast() else { return }
      if let made = try core.apply([command(book(caller, slot, .phone))], at: now)[0].appointment { standing[caller.id] = made.folio }
    }
    let onPaper = written.compactMap { line in free(at: now).first { $0.resource == line.row.resource && $0.start.description == line.hour } }
    for _ in 0..<4 { try phone(onPaper.isEmpty ? nil : chance.pick(onPaper)) }
    var outcomes: [Folio: PaperRow.Outcome] = [:]
    var toKey = written
    while !toKey.isEmpty {
      now = now.adding(seconds: 20)
      if chance.chance(1, in: 3) { let open = free(at: now); try phone(open.isEmpty ? nil : chance.pick(open)) }
      let line = toKey.remove(at: chance.below(toKey.count))
      let slot = Slot(
        resource: line.row.resource, date: .fixture,
        minutes: AgendaMinute(text: line.hour)!..<AgendaMinute(text: line.hour)!.adding(minutes: 15)!)
      let before = try core.allAppointments()
      let occupant = before.first { $0.occupies(at: now) && $0.slot.resource == slot.resource && $0.slot.date == slot.date && $0.slot.minutes.overlaps(slot.minutes) }
      let had = before.contains { $0.patient == line.person.id && $0.status.occupiesSlot }
      let entry = command(PaperTests.enter(line.row, line.person, line.hour, attended: line.wasSeen))
      let first = try core.apply([entry], at: now)[0]
      let outcome = try #require(first.paper, "\(first)")
      // The answer was lost: the same request again.
      #expect(try core.apply([entry], at: now)[0] == .repeated(reply: [7]))
      let row = try #require(outcome.rows.first)
      outcomes[row.folio] = row.outcome
      if had {
        #expect(row.outcome == .sameAppointment)
      } else if let occupant {
        #expect(row.outcome == .todaysLine && row.conflict == occupant.folio)
      } else {
        #expect(row.outcome == .slot || (row.outcome == .todaysLine && row.conflict == nil))
      }
      if chance.chance(1, in: 5) {
        core.abandon()
        core = try StoreCore.open(folder, at: now)
      }
    }

    let all = try core.allAppointments()
    for line in written {
      let theirs = all.filter { $0.patient == line.person.id && $0.status.occupiesSlot }
      #expect(theirs.count == 1, "\(line.person.id): \(theirs)")
      #expect(outcomes[line.row.folio] != nil)
      // At least one sheet says that they were seen.
      if written.contains(where: { $0.person.id == line.person.id && $0.wasSeen }) { #expect(theirs.first?.status == .fulfilled) }
    }
    for (person, folio) in standing {
      #expect(all.filter { $0.patient == person && $0.status.occupiesSlot }.map(\.folio) == [folio])
    }
    #expect(Set(all.map(\.folio)).isDisjoint(with: blank.filter { row in !written.contains { $0.row.folio == row.folio } }.map(\.folio)))
    #expect(outcomes.values.contains(.slot) && outcomes.values.contains(.sameAppointment))
    #expect(core.check() == [])
    core.close()
    #expect(try StoreVerification(path: folder.file).findings == [])
  }
}
