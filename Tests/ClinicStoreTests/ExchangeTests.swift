import ClinicDomain
import ClinicStore
import KioskTestSupport
import Scheduling
import Testing

@Suite("Another system's bookings in the store")
struct ExchangeTests {
  let folder = TemporaryFolder()
  static let staff = Actor.staff(StaffName("uid:1000")!, .routine)
  /// C1's mornings are the other system's.
  static let rules = ClinicRules.fixture { $0.owners = [OwnershipRule(.externa, resources: [.c(1)], hours: .hours(8, 14))] }

  static func row(
    _ line: Int, _ choice: String, _ person: Patient?, reference: String? = nil, cancelled: Bool = false
  ) -> ExternalRow {
    ExternalRow(
      line: line, reference: reference ?? "R\(line)", choice: SlotChoice(choice), identity: person.map { .number($0.number) }, isCancelled: cancelled)
  }

  static func take(_ rows: [ExternalRow], dry: Bool = false, seed: UInt64 = 1) -> Command {
    .exchange(ImportBookings(actor: staff, source: "simf", rows: rows, isDryRun: dry, folioSeed: seed << 40))
  }

  private func store() throws -> StoreCore {
    let core = try StoreCore.open(folder, rules: Self.rules)
    _ = try core.apply([.people([.ana, .beto, .carla, .dario])], at: .fixture)
    return core
  }

  @Test("A file becomes appointments and busy time; again it changes nothing; changed, it moves and cancels; a dry run says it and does nothing")
  func taken() throws {
    let core = try store()
    let rows = [
      Self.row(2, "C1 2026-11-24 08:00", .ana), Self.row(3, "C1 2026-11-24 08:15", nil), Self.row(4, "C1 2026-11-24 08:30", .beto),
      Self.row(5, "C1 2026-11-20 08:30", .dario), Self.row(6, "C77 2026-11-24 08:30", .dario),
    ]
    let dry = try #require(try core.apply(.request(1, Self.take(rows, dry: true))).external)
    #expect(dry.map(\.kind) == [.added, .busy, .added, .past, .conflict])
    #expect(try core.allAppointments().isEmpty && core.check() == [])
    let first = try #require(try core.apply(.request(2, Self.take(rows))).external)
    #expect(first.map(\.kind) == dry.map(\.kind) && first.allSatisfy { !$0.isOurs })
    #expect(try core.allAppointments().map(\.status) == [.booked, .booked])
    let history = try core.history().count
    let again = try #require(try core.apply(.request(3, Self.take(rows, seed: 2))).external)
    #expect(again.map(\.kind) == [.unchanged, .unchanged, .unchanged, .past, .conflict])
    #expect(try core.history().count == history && core.allAppointments().count == 2)
    // What cannot be taken is kept, and told again.
    let changed = [
      Self.row(2, "C1 2026-11-24 09:00", .ana), Self.row(3, "C1 2026-11-24 08:15", .carla), Self.row(4, "C1 2026-11-24 08:30", .beto, cancelled: true),
    ]
    let moved = try #require(try core.apply(.request(4, Self.take(changed, seed: 3))).external)
    #expect(moved.map(\.kind) == [.changed, .changed, .cancelled])
    let all = try core.allAppointments()
    let ana = all.filter { $0.patient == Patient.ana.id }
    #expect(Set(ana.map(\.status)) == [.cancelled, .booked] && ana.first { $0.status == .booked }?.slot == Slot("C1 2026-11-24 09:00"))
    #expect(ana.first { $0.status == .cancelled }?.replacedBy == ana.first { $0.status == .booked }?.folio)
    #expect(all.first { $0.patient == Patient.beto.id }?.status == .cancelled)
    #expect(all.first { $0.patient == Patient.carla.id }?.slot == Slot("C1 2026-11-24 08:15"))
    #expect(core.check() == [])
    core.close()
    #expect(try StoreVerification(path: folder.file).findings == [])
  }

  @Test("What does not fit is kept as a conflict and tried again with each import; what stood before stands")
  func conflicts() throws {
    let core = try store()
    let here = try #require(try core.apply(.request(1, .book("C2 2026-11-24 08:15", for: .dario))).appointment)
    let rows = [
      Self.row(2, "C2 2026-11-24 08:15", .ana), Self.row(3, "C1 2026-11-24 08:20", .dario), Self.row(4, "C1 2026-11-28 08:15", .carla),
      Self.row(5, "C1 2026-11-24 10:00", .beto), Self.row(6, "C77 2026-11-24 10:00", .carla),
    ]
    let found = try #require(try core.apply(.request(2, Self.take(rows))).external)
    #expect(found.map(\.kind) == [.conflict, .conflict, .conflict, .added, .conflict])
    #expect(found.map { $0.booking?.conflict } == [.taken, .personBusy, .closed, nil, .unknown])
    // Moved to where somebody is: the appointment that stood for it stands.
    let moved = try #require(try core.apply(.request(3, Self.take([Self.row(5, "C2 2026-11-24 08:15", .beto)], seed: 2))).external)
    #expect(moved.map(\.kind) == [.conflict])
    #expect(try core.allAppointments().first { $0.patient == Patient.beto.id }?.status == .booked)
    let history = try core.history().count
    let again = [rows[0], rows[1], rows[2], Self.row(5, "C2 2026-11-24 08:15", .beto), rows[4]]
    #expect(try core.apply(.request(4, Self.take(again, seed: 3))).external?.allSatisfy { $0.kind == .conflict } == true)
    #expect(try core.history().count == history)
    _ = try core.apply(.request(5, .cancel(here.folio, by: .dario)))
    let freed = try #require(try core.apply(.request(6, Self.take(again, seed: 4))).external)
    #expect(freed.map(\.kind) == [.added, .added, .conflict, .conflict, .conflict])
    #expect(freed.map { $0.booking?.conflict } == [nil, nil, .closed, .taken, .unknown])
    // What the other system takes back is no conflict any more, and what stood for it goes with it.
    let back = try #require(try core.apply(.request(7, Self.take([Self.row(5, "C2 2026-11-24 08:15", .beto, cancelled: true)], seed: 5))).external)
    #expect(back.map(\.kind) == [.cancelled])
    #expect(try core.allAppointments().first { $0.patient == Patient.beto.id }?.status == .cancelled)
    #expect(core.check() == [])
    core.close()
    #expect(try StoreVerification(path: folder.file).findings == [])
  }

  @Test("A file of a service that eight share is eight people an hour, known or not; the ninth is told; the row has what the service keeps")
  func shared() throws {
    let stamp = SlotStamp(after: 15, capacity: 8)
    let people = (1...12).map { Patient.fixture(Int64($0), nss: nil, consultorio: nil, turno: nil) }
    let core = try StoreCore.open(folder, rules: .fixture { $0.services[0].stamp = stamp })
    _ = try core.apply([.people(people)], at: .fixture)
    let rows = (0..<9).map { Self.row($0 + 2, "C1 2026-11-24 08:00", $0 == 3 ? nil : people[$0]) }
    let first = try #require(try core.apply(.request(1, Self.take(rows))).external)
    #expect(first.map(\.kind) == [.added, .added, .added, .busy, .added, .added, .added, .added, .conflict])
    #expect(first.last?.booking?.conflict == .taken)
    let made = try core.allAppointments()
    #expect(made.map(\.lane).sorted() == Array(0...6) && made.allSatisfy { $0.stamp == stamp })
    // The whole slot is one group's and is cleaned up after: what would run into that does not fit, what comes behind it does.
    let near = [Self.row(20, "C1 2026-11-24 08:15", people[9]), Self.row(21, "C1 2026-11-24 08:30", people[10])]
    let found = try #require(try core.apply(.request(2, Self.take(near, seed: 2))).external)
    #expect(found.map(\.kind) == [.conflict, .added] && found[0].booking?.conflict == .taken)
    #expect(try core.apply(.request(3, Self.take(rows, seed: 3))).external?.dropLast().allSatisfy { $0.kind == .unchanged } == true)
    // A seat that one leaves is the ninth's.
    _ = try core.apply(.request(4, Self.take([Self.row(2, "C1 2026-11-24 08:00", people[0], cancelled: true)], seed: 4)))
    #expect(try core.apply(.request(5, Self.take([rows[8]], seed: 5))).external?.map(\.kind) == [.added])
    #expect(try core.allAppointments().filter { $0.status == .booked && $0.slot.start == AgendaMinute(text: "08:00") }.map(\.lane).sorted() == Array(0...6))
    #expect(core.index == (try core.rebuiltIndex()) && core.check() == [] && core.checkNight(at: .fixture) == [])
    core.close()
    #expect(try StoreVerification(path: folder.file).findings == [])
  }

  @Test("A conflict near what keeps time around itself is accepted beside it or moved away from it, and never a fault", arguments: [
    SlotStamp(after: 15), SlotStamp(before: 15), SlotStamp(before: 10, after: 10, capacity: 2),
  ])
  func nearBuffers(stamp: SlotStamp) throws {
    let core = try StoreCore.open(folder, rules: .fixture { $0.services[0].stamp = stamp })
    _ = try core.apply([.people([.ana, .beto, .carla, .dario])], at: .fixture)
    _ = try core.apply(.request(1, .book("C1 2026-11-24 09:00", for: .dario)))
    let rows = [Self.row(2, "C1 2026-11-24 09:15", .ana), Self.row(3, "C1 2026-11-24 08:45", .beto)]
    #expect(try core.apply(.request(2, Self.take(rows, seed: 2))).external?.map { $0.booking?.conflict } == [.taken, .taken])
    func resolve(_ number: UInt8, _ reference: String, _ how: ResolveConflict.How) throws -> StoreOutcome {
      try core.apply(
        .request(number, .resolve(
          ResolveConflict(actor: Self.staff, source: "simf", reference: reference, how: how, folioSeed: UInt64(number) << 40))))
    }
    guard case .slotTaken? = try resolve(3, "R3", .move(SlotChoice("C1 2026-11-24 09:15"))).refusal else {
      Issue.record("moved into another's time")
      return
    }
    let accepted = try resolve(4, "R2", .accept)
    #expect(accepted.settled?.lane == 1 && accepted.settled?.stamp == stamp)
    let moved = try resolve(5, "R3", .move(SlotChoice("C1 2026-11-24 10:15"))).settled
    #expect(moved?.lane == 0 && moved?.stamp == stamp && moved?.patient == Patient.beto.id)
    #expect(core.index == (try core.rebuiltIndex()) && core.check() == [] && core.checkNight(at: .fixture) == [])
    core.close()
  }

  @Test("Accepted near a further agenda's time, an hour with time around it stands beside that")
  func nearClaim() throws {
    let core = try StoreCore.open(folder, rules: .telemedicine { clinic in
      clinic.services[0].stamp = SlotStamp(after: 15)
      for place in clinic.resources.indices where clinic.resources[place].id == .p(1) { clinic.resources[place].services = [.familyMedicine] }
    })
    _ = try core.apply([.people([.ana, .beto, .carla, .dario])], at: .fixture)
    // Claims P1 from nine o'clock.
    #expect(try core.apply(.request(1, ClaimStoreTests.telemedicine("C6 2026-11-24 09:00", for: .dario, seed: 1))).appointment != nil)
    #expect(try core.apply(.request(2, Self.take([Self.row(2, "P1 2026-11-24 08:45", .ana)], seed: 2))).external?.map { $0.booking?.conflict } == [.taken])
    let accept = ResolveConflict(actor: Self.staff, source: "simf", reference: "R2", how: .accept, folioSeed: 3 << 40)
    #expect(try core.apply(.request(3, .resolve(accept))).settled?.lane == 1)
    #expect(core.index == (try core.rebuiltIndex()) && core.check() == [])
    core.close()
  }

  @Test("Rows of one piece give way to one another whatever their order; two that want each other's times are told, and stand as they were")
  func givingWay() throws {
    let core = try store()
    let first = [Self.row(2, "C1 2026-11-24 08:00", .ana), Self.row(3, "C1 2026-11-24 08:15", .beto), Self.row(4, "C1 2026-11-24 08:30", .carla)]
    _ = try core.apply(.request(1, Self.take(first)))
    let chain = [Self.row(2, "C1 2026-11-24 08:15", .ana), Self.row(3, "C1 2026-11-24 08:30", .beto), Self.row(4, "C1 2026-11-24 09:00", .carla)]
    let moved = try #require(try core.apply(.request(2, Self.take(chain, seed: 2))).external)
    #expect(moved.map(\.kind) == [.changed, .changed, .changed] && moved.map(\.line) == [2, 3, 4])
    let swap = [Self.row(2, "C1 2026-11-24 08:30", .ana), Self.row(3, "C1 2026-11-24 08:15", .beto)]
    #expect(try core.apply(.request(3, Self.take(swap, seed: 3))).external?.map(\.kind) == [.conflict, .conflict])
    let standing = try core.allAppointments().filter { $0.status == .booked }
    #expect(Set(standing.map { "\($0.patient.rawValue) \($0.slot.start)" }) == ["1 08:15", "2 08:30", "3 09:00"])
    #expect(core.check() == [])
    core.close()
  }

  @Test("Our appointment that was keyed in elsewhere is known again; what a person moved or cancelled here is not undone by the same file")
  func known() throws {
    let core = try store()
    let ours = try #require(try core.apply(.request(1, .book("C2 2026-11-24 08:15", for: .dario))).appointment)
    let keyed = Self.row(2, "C2 2026-11-24 08:15", .dario, reference: "R9")
    let linked = try #require(try core.apply(.request(2, Self.take([keyed]))).external)
    #expect(linked.map(\.kind) == [.linked] && linked[0].booking?.folio == ours.folio)
    #expect(try core.allAppointments() == [ours])
    func reschedule(_ number: UInt8, _ folio: Folio, _ choice: String) throws -> Appointment? {
      try core.apply(.request(number, .life(LifeCommand(
        actor: .person(Patient.dario.id), folio: folio, step: .reschedule(SlotChoice(choice), folioSeed: UInt64(number) << 40), channel: .phone)))).appointment
    }
    let moved = try #require(try reschedule(3, ours.folio, "C2 2026-11-24 10:00"))
    #expect(try core.apply(.request(4, Self.take([keyed], seed: 2))).external?.map(\.kind) == [.unchanged])
    #expect(try core.allAppointments().first { $0.folio == moved.folio } == moved)
    // Keyed in there too, and moved once more there.
    let there = Self.row(2, "C2 2026-11-24 10:00", .dario, reference: "R9")
    #expect(try core.apply(.request(5, Self.take([there], seed: 3))).external?.map(\.kind) == [.linked])
    #expect(try core.apply(.request(6, Self.take([there], seed: 4))).external?.map(\.kind) == [.unchanged])
    let later = Self.row(2, "C2 2026-11-24 11:45", .dario, reference: "R9")
    let last = try #require(try core.apply(.request(7, Self.take([later], seed: 5))).external)
    #expect(last.map(\.kind) == [.changed])
    let all = try core.allAppointments()
    #expect(all.first { $0.folio == moved.folio }?.replacedBy == last[0].booking?.folio)
    #expect(all.filter { $0.status == .booked }.map(\.slot) == [Slot("C2 2026-11-24 11:45")])
    _ = try core.apply(.request(8, .cancel(try #require(last[0].booking?.folio), by: .dario)))
    #expect(try core.apply(.request(9, Self.take([later], seed: 6))).external?.map(\.kind) == [.unchanged])
    #expect(try core.allAppointments().allSatisfy { $0.status == .cancelled })
    #expect(core.check() == [])
    core.close()
    #expect(try StoreVerification(path: folder.file).findings == [])
  }

  @Test("A row of our own export says nothing new; one that stands otherwise here is told and changes nothing")
  func own() throws {
    let core = try store()
    let ours = try #require(try core.apply(.request(1, .book("C2 2026-11-24 08:15", for: .dario))).appointment)
    let history = try core.history().count
    func own(_ choice: String, _ person: Patient?, cancelled: Bool = false, folio: Folio? = nil) -> ExternalRow {
      Self.row(2, choice, person, reference: ExternalRow.ownReference(of: folio ?? ours.folio), cancelled: cancelled)
    }
    for (number, (row, kind)) in [
      (own("C2 2026-11-24 08:15", .dario), ExternalOutcome.Kind.unchanged), (own("C2 2026-11-24 08:15", nil), .unchanged),
      (own("C2 2026-11-24 08:30", .dario), .ownDiffers), (own("C2 2026-11-24 08:15", .ana), .ownDiffers),
      (own("C2 2026-11-24 08:15", .dario, cancelled: true), .ownDiffers), (own("C2 2026-11-24 08:15", .dario, folio: .fixture(9)), .ownDiffers),
    ].enumerated() {
      #expect(try core.apply(.request(UInt8(10 + number), Self.take([row], seed: UInt64(20 + number)))).external?.map(\.kind) == [kind])
    }
    #expect(try core.history().count == history && core.allAppointments() == [ours])
    core.close()
  }

  @Test("Nobody books into what the other system keeps busy, also outside its hours; once it is cancelled there, they do")
  func busy() throws {
    let core = try store()
    _ = try core.apply(.request(1, Self.take([Self.row(2, "C2 2026-11-24 09:00", nil)])))
    #expect(try core.apply(.request(2, .book("C2 2026-11-24 09:00"))).refusal == .externalAgenda)
    #expect(try core.apply(.request(3, Self.take([Self.row(2, "C2 2026-11-24 09:15", nil)], seed: 2))).external?[0].kind == .changed)
    #expect(try core.apply(.request(4, .book("C2 2026-11-24 09:00"))).appointment != nil)
    #expect(try core.apply(.request(5, .book("C2 2026-11-24 09:15", for: .beto))).refusal == .externalAgenda)
    core.close()
    let again = try StoreCore.open(folder, rules: Self.rules)
    defer { again.close() }
    #expect(again.check() == [])
    _ = try again.apply(.request(6, Self.take([Self.row(2, "C2 2026-11-24 09:15", nil, cancelled: true)], seed: 3)))
    #expect(try again.apply(.request(7, .book("C2 2026-11-24 09:15", for: .beto, seed: 4))).appointment != nil)
    #expect(again.check() == [])
  }

  @Test("An import that is killed between its pieces is run again: what was answered stays, nothing is there twice", arguments: 1...6)
  func killed(seed: UInt64) throws {
    var chance = SeededGenerator(seed: seed)
    let people = (1...48).map { Patient.fixture(Int64($0), nss: nil, consultorio: nil, turno: nil) }
    var core = try StoreCore.open(folder, rules: Self.rules)
    _ = try core.apply([.people(people)], at: .fixture)
    let rows = (0..<48).map { place in
      let minute = AgendaMinute(minutes: 480 + 15 * (place % 24))!
      return Self.row(place + 2, "C1 2026-11-\(place < 24 ? 24 : 25) \(minute)", chance.chance(4, in: 5) ? people[place] : nil)
    }
    let pieces = stride(from: 0, to: 48, by: 8).map { Array(rows[$0..<$0 + 8]) }
    let cut = chance.below(6)
    for (number, piece) in pieces[..<cut].enumerated() { _ = try core.apply([.request(UInt8(number + 1), Self.take(piece, seed: UInt64(number + 1)))], at: .fixture) }
    // A kill: neither closed nor folded.
    core.abandon()
    core = try StoreCore.open(folder, rules: Self.rules)
    #expect(core.check() == [])
    for (number, piece) in pieces.enumerated() {
      let outcome = try #require(try core.apply(.request(UInt8(number + 101), Self.take(piece, seed: UInt64(number + 60)))).external)
      #expect(outcome.allSatisfy { number < cut ? $0.kind == .unchanged : $0.kind == .added || $0.kind == .busy })
    }
    #expect(try core.allAppointments().count == rows.count { $0.identity != nil })
    #expect(core.check() == [])
    core.close()
  }

  @Test("The bookings of a date are ours and theirs as they stand here; what was moved or cancelled here is told with its name there")
  func exported() async throws {
    let core = try store()
    let rows = [
      Self.row(2, "C1 2026-11-24 08:00", .ana), Self.row(3, "C1 2026-11-24 08:15", nil), Self.row(4, "C1 2026-11-24 08:30", .beto),
      Self.row(5, "C1 2026-11-28 08:30", .carla),
    ]
    let taken = try #require(try core.apply(.request(1, Self.take(rows))).external)
    let ours = try #require(try core.apply(.request(2, .book("C2 2026-11-24 08:15", for: .dario, seed: 20))).appointment)
    let ana = try #require(taken[0].booking?.folio)
    _ = try core.apply(.request(3, .cancel(ana)))
    let beto = try #require(taken[2].booking?.folio)
    let moved = try #require(try core.apply(.request(4, .life(LifeCommand(
      actor: .person(Patient.beto.id), folio: beto, step: .reschedule(SlotChoice("C2 2026-11-25 10:00"), folioSeed: 90 << 40), channel: .phone)))).appointment)
    core.close()
    let store = try ClinicStore(path: folder.file, rules: Self.rules, options: .small, clock: { .fixture })
    func told(_ date: String) async throws -> [String] {
      let resources = Self.rules.clinic.resources.map(\.id)
      return try await store.read { reader throws(StoreFault) in
        try reader.exportedBookings(on: CivilDate(iso: date)!, of: resources, with: "simf")
      }.map { booking in
        let slot = booking.slot!
        return "\(booking.imported?.reference ?? "-") \(slot.resource) \(slot.date) \(slot.start) "
          + "\(booking.appointment?.status.rawValue ?? booking.imported!.state.rawValue) \(booking.patient?.id.rawValue ?? 0)"
      }
    }
    #expect(try await told("2026-11-24") == [
      "R2 C1 2026-11-24 08:00 cancelled 1", "R3 C1 2026-11-24 08:15 busy 0", "- C2 2026-11-24 08:15 booked 4", "R4 C2 2026-11-25 10:00 booked 2",
    ])
    #expect(try await told("2026-11-25") == ["R4 C2 2026-11-25 10:00 booked 2"])
    #expect(try await told("2026-11-28") == ["R5 C1 2026-11-28 08:30 conflict 3"])
    #expect(ours.status == .booked && moved.replaces == beto)
    let conflicts = try await store.read { reader throws(StoreFault) in try reader.externalConflicts(since: .fixture, limit: 1000).page }
    #expect(conflicts.map(\.reference) == ["R5"] && conflicts.map(\.conflict) == [.closed])
    await store.close()
  }

  @Test("A store of the eleventh shape opens with its rows, and takes another system's bookings from then on; none is ever deleted")
  func migration() throws {
    let first = try store()
    let booked = try #require(try first.apply(.request(1, .book("C2 2026-11-24 08:15"))).appointment)
    first.close()
    #expect(Shell.run(OlderShape.back(to: 11), on: folder.file) == nil)
    let core = try StoreCore.open(folder, rules: Self.rules)
    #expect(try core.check() == [] && core.allAppointments() == [booked])
    #expect(try core.apply(.request(2, Self.take([Self.row(2, "C1 2026-11-24 08:15", nil)]))).external?.map(\.kind) == [.busy])
    #expect(try core.history().last?.act == .importBooking)
    core.close()
    #expect(Shell.run("DELETE FROM external_booking", on: folder.file) == "a booking of another system is never deleted")
    #expect(Shell.run("UPDATE external_booking SET start_minute = 480 WHERE id = 1", on: folder.file) == nil)
    #expect(try StoreVerification(path: folder.file).findings.isEmpty == false)
  }
}

extension StoreOutcome {
  var external: [ExternalOutcome]? {
    if case .granted(.external(let outcomes), _) = self { outcomes } else { nil }
  }
}

extension StoreOutcome {
  /// What stands for a booking that was settled: the appointment that a granted outcome names.
  fileprivate var settled: Appointment? { if case .granted(let outcome, _) = self { outcome.appointment } else { nil } }
}
