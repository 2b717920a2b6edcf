import ClinicDomain
import KioskTestSupport
import Scheduling
import Testing

@testable import ClinicStore

@Suite("Stamps in the store")
struct StampStoreTests {
  let folder = TemporaryFolder()

  static func rules(_ stamp: SlotStamp) -> ClinicRules {
    .fixture { clinic in
      clinic.services[0].stamp = stamp
      clinic.services[0].maxActivePerPatient = 3
    }
  }

  /// Why a booking is refused under some rules; `nil` when it is booked.
  func book(_ start: String, for person: Int64, _ stamp: SlotStamp, _ number: UInt8) throws -> CommandRefusal? {
    let core = try StoreCore.open(folder, rules: Self.rules(stamp))
    defer { core.close() }
    let outcome = try core.apply(.request(number, .book("C1 2026-11-24 \(start)", for: .fixture(person, nss: nil), seed: UInt64(number))))
    #expect(core.index == (try core.rebuiltIndex()) && core.check() == [])
    return outcome.refusal
  }

  func fill(_ people: ClosedRange<Int64>) throws {
    let core = try StoreCore.open(folder)
    _ = try core.apply(.people(people.map { Patient.fixture($0, nss: nil) }))
    core.close()
  }

  @Test("A configuration that changes leaves what is booked as it was, in both directions, also after a restart")
  func changedRules() throws {
    try fill(1...9)
    let cleaning = SlotStamp(before: 5, after: 15)
    #expect(try book("09:00", for: 1, cleaning, 1) == nil)
    // The clinic cleans no more: 09:15 is in the cleaning that was promised.
    #expect(try book("09:15", for: 2, .exclusive, 2) == .slotTaken(by: .seeded(1)))
    #expect(try book("08:45", for: 2, .exclusive, 3) == .slotTaken(by: .seeded(1)))
    #expect(try book("09:30", for: 2, .exclusive, 4) == nil)
    #expect(try book("09:45", for: 3, .exclusive, 5) == nil)
    // It cleans again: what has no stamp keeps its own minutes only, and what is new keeps clear of it.
    #expect(try book("10:00", for: 4, cleaning, 6) == .slotTaken(by: .seeded(5)))
    #expect(try book("10:15", for: 4, cleaning, 7) == nil)
    let core = try StoreCore.open(folder)
    defer { core.close() }
    #expect(try core.allAppointments().sorted { $0.slot.start < $1.slot.start }.map(\.stamp) == [cleaning, .exclusive, .exclusive, cleaning])
  }

  @Test("As many people as it takes share a slot, each in a lane of its own and with nothing to explain; a larger room later lets no more into it")
  func capacity() throws {
    try fill(1...9)
    for person in 1...3 { #expect(try book("09:00", for: Int64(person), SlotStamp(capacity: 3), UInt8(person)) == nil) }
    #expect(try book("09:00", for: 4, SlotStamp(capacity: 3), 4) != nil)
    #expect(try book("09:00", for: 4, SlotStamp(capacity: 9), 5) != nil)
    #expect(try book("09:15", for: 4, SlotStamp(capacity: 9), 6) == nil)
    #expect(try book("09:15", for: 5, .exclusive, 7) != nil)
    let core = try StoreCore.open(folder, rules: Self.rules(SlotStamp(capacity: 3)))
    defer { core.close() }
    let rows = try core.allAppointments().filter { $0.slot.start == AgendaMinute(text: "09:00") }
    #expect(rows.map(\.lane).sorted() == [0, 1, 2])
    #expect(try core.history().count { $0.act == .book } == 4)
    #expect(core.checkNight(at: .fixture) == [])
    // A seat that is left is taken by the next, and coming back finds it taken.
    let middle = try #require(rows.first { $0.lane == 1 })
    let desk = Actor.staff(StaffName("uid:7")!, .routine)
    _ = try core.apply(.request(20, .cancel(CancelAppointment(actor: desk, folio: middle.folio, reason: .cannotCome, channel: .desk))))
    let undo = Command.life(LifeCommand(actor: desk, folio: middle.folio, step: .undo, channel: .desk))
    #expect(try core.apply(.request(21, undo)).appointment?.status == .booked)
    _ = try core.apply(.request(22, .cancel(CancelAppointment(actor: desk, folio: middle.folio, reason: .cannotCome, channel: .desk))))
    let next = try core.apply(.request(23, .book("C1 2026-11-24 09:00", for: .fixture(8, nss: nil), seed: 23))).appointment
    #expect(next?.lane == 1)
    #expect(try core.apply(.request(24, undo)).refusal == .slotTaken(by: try #require(next?.folio)))
    // With another seat free, they come back to that one.
    let last = try #require(rows.first { $0.lane == 2 })
    _ = try core.apply(.request(25, .cancel(CancelAppointment(actor: desk, folio: last.folio, reason: .cannotCome, channel: .desk))))
    let back = try core.apply(.request(26, undo)).appointment
    #expect((back?.status, back?.lane) == (.booked, 2))
    #expect(core.index == (try core.rebuiltIndex()) && core.check() == [])
  }

  @Test("An appointment that comes back from a change of date finds its seat taken and another one free")
  func undoneReschedule() throws {
    try fill(1...9)
    let core = try StoreCore.open(folder, rules: Self.rules(SlotStamp(capacity: 2)))
    defer { core.close() }
    let desk = Actor.staff(StaffName("uid:7")!, .routine)
    let made = try #require(try core.apply(.request(1, .book("C1 2026-11-24 09:00", for: .fixture(1, nss: nil), seed: 1))).appointment)
    func life(_ number: UInt8, _ step: LifeCommand.Step) throws -> StoreOutcome {
      try core.apply(.request(number, .life(LifeCommand(actor: desk, folio: made.folio, step: step, channel: .desk))))
    }
    #expect(try life(2, .reschedule(SlotChoice("C1 2026-11-24 10:00"), folioSeed: 2 << 40)).refusal == nil)
    let other = try core.apply(.request(3, .book("C1 2026-11-24 09:00", for: .fixture(2, nss: nil), seed: 3))).appointment
    #expect(other?.lane == 0)
    let back = try life(4, .undo).appointment
    #expect((back?.folio, back?.status, back?.lane) == (made.folio, .booked, 1))
    #expect(core.index == (try core.rebuiltIndex()) && core.check() == [])
  }

  @Test("A closure that is lifted offers nothing that runs into whoever comes behind it")
  func reopened() throws {
    try fill(1...9)
    var rules = Self.rules(SlotStamp(after: 15))
    rules = ClinicRules.fixture { clinic in
      clinic = rules.clinic
      clinic.waitlist = .everySource
    }
    let core = try StoreCore.open(folder, rules: rules)
    defer { core.close() }
    let desk = Actor.staff(StaffName("uid:7")!, .routine)
    _ = try core.apply(.request(1, .book("C1 2026-11-24 10:00", for: .fixture(1, nss: nil), seed: 1)))
    let close = CloseAgenda(
      actor: desk, resource: .c(1), dates: CivilDate(iso: "2026-11-24")!...CivilDate(iso: "2026-11-24")!, hours: .hours(9, 10))
    _ = try core.apply(.request(2, .closure(.close(close))))
    _ = try core.apply(.request(3, .closure(.reopen(ReopenAgenda(actor: desk, block: 1)))))
    #expect(try core.freedStarts() == ["09:00", "09:30"])
    #expect(core.index == (try core.rebuiltIndex()) && core.check() == [])
  }

  @Test("P29: Each seat that is left in a talk is offered like any other place, and has one winner; the other seats are everybody's meanwhile")
  func seats() throws {
    try fill(1...9)
    let rules = ClinicRules.fixture { clinic in
      clinic.services[0].stamp = SlotStamp(capacity: 3)
      clinic.waitlist = .everySource
    }
    let core = try StoreCore.open(folder, rules: rules)
    defer { core.close() }
    let day = CivilDate(iso: "2026-11-24")!
    func person(_ number: Int64) -> Actor { .person(PatientID(rawValue: number)) }
    let made = try (1...3 as ClosedRange<UInt64>).map { number in
      try #require(
        try core.apply(
          .request(UInt8(number), .book("C1 2026-11-24 09:00", for: .fixture(Int64(number), nss: nil), seed: number))).appointment)
    }
    for number in 4...7 as ClosedRange<Int64> {
      let join = JoinWaitlist(
        actor: person(number), patient: PatientID(rawValue: number), wish: WaitlistWish(services: [.familyMedicine], dates: day...day),
        reach: .inPerson, channel: .kiosk)
      #expect(try core.apply(.request(UInt8(10 + number), .waitlist(.join(join)))).refusal == nil)
    }
    for (number, one) in made.prefix(2).enumerated() {
      let cancel = CancelAppointment(actor: person(Int64(number + 1)), folio: one.folio, reason: .cannotCome, channel: .kiosk)
      #expect(try core.apply(.request(UInt8(20 + number), .cancel(cancel))).refusal == nil)
    }
    let places = try core.keptPlaces()
    #expect(places == made.prefix(2).map { Int64($0.folio.number) }.sorted())
    // Both seats are kept: nobody else gets one.
    guard case .slotOffered? = try core.apply(.request(30, .book("C1 2026-11-24 09:00", for: .fixture(8, nss: nil), seed: 30))).refusal else {
      Issue.record("a seat that is kept was given away")
      return
    }
    for (number, place) in places.enumerated() {
      #expect(try core.apply(.request(UInt8(40 + number), .waitlist(.round(OfferRound(place: place))))).refusal == nil)
    }
    let offers = try core.openOffers()
    #expect(offers.count == 4 && Set(offers.map(\.patient)).count == 4)
    var winners: [Appointment] = []
    for (number, offer) in offers.enumerated() {
      let take = TakePlace(actor: .person(offer.patient), patient: nil, what: .offer(offer.id), channel: .kiosk, folioSeed: UInt64(50 + number) << 40)
      let outcome = try core.apply(.request(UInt8(50 + number), .waitlist(.take(take))))
      if let won = outcome.appointment { winners.append(won) } else { #expect(outcome.refusal == .offerOver) }
    }
    #expect(winners.count == 2 && Set(winners.map(\.lane)).count == 2 && winners.allSatisfy { $0.slot == made[0].slot && !$0.isBesideOthers })
    #expect(try core.allAppointments().count { $0.status == .booked } == 3)
    #expect(core.index == (try core.rebuiltIndex()) && core.check() == [] && core.checkNight(at: .fixture) == [])
  }

  @Test("Whoever writes, the schema keeps what a stamp keeps; a stamp that is changed behind the server's back is found")
  func schema() throws {
    try fill(1...2)
    #expect(try book("09:00", for: 1, SlotStamp(before: 10, after: 15), 1) == nil)
    func insert(_ start: Int, before: String = "NULL", after: String = "NULL", folio: Int = 200_000_000_000) -> String? {
      Shell.run(
        """
        INSERT INTO appointment VALUES (\(folio), 2, 's', 't', 'C1', \(CivilDate(iso: "2026-11-24")!.daysSinceEpoch), 0, \(start), \(start + 10), 'booked',
          'kiosk', NULL, NULL, 1, 1, NULL, NULL, NULL, NULL, NULL, \(before), \(after), 1, 0)
        """, on: folder.file)
    }
    #expect(insert(555) == "overlap" && insert(564) == "overlap" && insert(525) == "overlap" && insert(521) == "overlap")
    #expect(insert(570, before: "1") == "overlap" && insert(520, after: "1") == "overlap")
    #expect(insert(570, after: "500")?.contains("CHECK") == true)
    #expect(Shell.run("UPDATE appointment SET after_minutes = NULL, before_minutes = NULL, capacity = NULL", on: folder.file) == nil)
    #expect(try StoreVerification(path: folder.file).findings.contains { $0.check == .unwritten })
    #expect(insert(570, folio: 200_000_000_001) == nil && insert(520, folio: 200_000_000_002) == nil)
  }

  @Test("A store of the nineteenth shape opens: no row says more than it did, and nobody finds anything wrong with it")
  func migration() throws {
    let old = try StoreCore.fixture(folder)
    _ = try old.apply(.request(1, .book("C1 2026-11-24 08:00")))
    _ = try old.apply(.request(2, .grantConsent(GrantConsent(grantor: Patient.ana.id, grantee: Patient.beto.id))))
    let before = (try old.allAppointments(), try old.allPatients())
    old.close()
    #expect(Shell.run(OlderShape.back(to: 19), on: folder.file) == nil)
    let core = try StoreCore.open(folder, rules: Self.rules(SlotStamp(after: 15)))
    defer { core.close() }
    #expect(core.check() == [])
    #expect(try core.allAppointments() == before.0 && core.allPatients() == before.1)
    // What is not stamped keeps its own minutes, and no more.
    #expect(try core.apply(.request(3, .book("C1 2026-11-24 08:15", for: .dario, seed: 3))).refusal == nil)
    #expect(core.check() == [])
  }

  @Test("A consent that is taken back stays as a row that says so; granted again, it stands again")
  func consents() throws {
    let core = try StoreCore.fixture(folder)
    let grant = GrantConsent(grantor: Patient.ana.id, grantee: Patient.beto.id)
    _ = try core.apply(.request(1, .grantConsent(grant)))
    _ = try core.apply(.request(2, .revokeConsent(RevokeConsent(grantor: Patient.ana.id, grantee: nil))))
    func mayBook(_ number: UInt8, _ start: String) throws -> Bool {
      let book = BookAppointment(
        actor: .person(Patient.beto.id), patient: Patient.ana.id, what: .slot(.familyMedicine, SlotChoice("C1 2026-11-24 \(start)")), channel: .kiosk,
        folioSeed: UInt64(number) << 40)
      return try core.apply(.request(number, .book(book))).refusal == nil
    }
    #expect(try !mayBook(3, "08:00"))
    #expect(try core.connection.integer("SELECT count(*) FROM consent WHERE revoked_at = \(Instant.fixture.milliseconds)") == 1)
    // Taken back twice is taken back once.
    _ = try core.apply(.request(4, .revokeConsent(RevokeConsent(grantor: Patient.ana.id, grantee: Patient.beto.id))))
    #expect(try core.history().map(\.act).suffix(2) == [.grantConsent, .revokeConsent])
    _ = try core.apply(.request(5, .grantConsent(grant)))
    #expect(try mayBook(6, "08:00"))
    #expect(core.check() == [])
    core.close()
    #expect(Shell.run("DELETE FROM consent", on: folder.file) == "a consent is revoked, not deleted")
  }

  @Test("P12: a name that was chosen stays over an import; one that was never chosen follows the padrón")
  func chosenName() throws {
    let core = try StoreCore.fixture(folder)
    defer { core.close() }
    func imported(_ person: Patient, named chosen: String?) throws -> Patient? {
      var row = person
      (row.name.chosen, row.ordinal) = (chosen, 3)
      _ = try core.apply(.people([row]))
      return try core.allPatients().first { $0.id == person.id }
    }
    #expect(try imported(.dario, named: "Dari")?.name.chosen == "Dari")
    #expect(try imported(.dario, named: nil)?.name.chosen == nil)
    func set(_ number: UInt8, _ chosen: String?) throws {
      let set = SetChosenName(actor: .person(Patient.ana.id), patient: Patient.ana.id, chosen: chosen, pronoun: nil, channel: .kiosk)
      _ = try core.apply(.request(number, .care(.name(set))))
    }
    try set(1, "Nana")
    for padron in [nil, "Otra"] { #expect(try imported(.ana, named: padron)?.name.chosen == "Nana") }
    try set(2, nil)
    #expect(try imported(.ana, named: "Otra")?.name.chosen == nil)
    #expect(try core.allPatients().first { $0.id == Patient.ana.id }?.ordinal == 3)
    // What is so already has no row of the history.
    try set(3, nil)
    #expect(try core.history().count { $0.act == .setName } == 2)
    #expect(core.check() == [])
  }
}

extension WaitlistPolicy {
  fileprivate static let everySource = WaitlistPolicy(
    sources: FreedPlace.Source.allCases, offersAtOnce: 2, answerMinutes: 20, closesMinutes: 30, maxAsks: 5, maxDays: 30, maxPerPatient: 2)
}

extension StoreCore {
  /// When what was left begins, by number.
  fileprivate func freedStarts() throws -> [String] {
    try Statement("SELECT \(FreedPlace.columns) FROM freed_place ORDER BY id", in: connection)
      .all { row throws(StoreFault) in try FreedPlace(row).slot.start.description }
  }

  /// By number.
  fileprivate func openOffers() throws -> [SlotOffer] {
    try Statement("SELECT \(SlotOffer.columns) FROM slot_offer WHERE state = 'open' ORDER BY id", in: connection)
      .all { row throws(StoreFault) in try SlotOffer(row) }
  }
}
