import ClinicDomain
import KioskTestSupport
import Scheduling
import Testing

@testable import ClinicStore

@Suite("Promoters in the store")
struct PromoterStoreTests {
  let folder = TemporaryFolder()
  static let staff = Actor.staff(StaffName("uid:1000")!, .askedInPerson)
  static let promoter = StaffName("uid:1003")!

  func open(_ rules: ClinicRules = .fixture()) throws -> StoreCore {
    let core = try StoreCore.open(folder, rules: rules)
    _ = try core.apply([.people([.ana, .beto, .carla, .dario])], at: .fixture)
    return core
  }

  static func grant(_ patient: Patient, until: String = "2026-12-31", to promoter: StaffName = promoter, by actor: Actor = staff) -> Command {
    .promoter(.grant(GrantListing(actor: actor, promoter: promoter, patient: patient.id, until: CivilDate(iso: until)!)))
  }

  static func book(
    _ number: Int, seed: UInt64, service: ServiceCode = .familyMedicine, from date: String? = nil, by promoter: StaffName = promoter
  ) -> Command {
    .promoter(
      .book(
        BookForListed(
          promoter: promoter, number: number, service: service, earliestDate: date.flatMap { CivilDate(iso: $0) }, folioSeed: seed << 40)))
  }

  @Test("A listing has a number of its own for ever, a last day, and ends at once when it is taken back; the history has each change")
  func listings() throws {
    let core = try open()
    #expect(try core.apply(.request(1, Self.grant(.ana))).listing?.number == 1)
    #expect(try core.apply(.request(2, Self.grant(.dario))).listing?.number == 2)
    #expect(try core.apply(.request(3, Self.grant(.beto, to: StaffName("uid:1004")!))).listing?.number == 1)
    #expect(try core.apply(.request(4, Self.grant(.ana, until: "2027-01-31"))).listing?.until == CivilDate(iso: "2027-01-31"))
    let revoke = Command.promoter(.revoke(RevokeListing(actor: Self.staff, promoter: Self.promoter, number: 1)))
    #expect(try core.apply(.request(5, revoke)).listing?.revokedAt == .fixture)
    #expect(try core.apply(.request(6, Self.book(1, seed: 1))).refusal == .promoter(.notListed))
    #expect(try core.apply(.request(7, Self.grant(.ana))).listing?.number == 1)
    #expect(try core.apply(.request(8, Self.grant(.ana, by: .person(Patient.ana.id)))).refusal == .notAllowed)
    #expect(try core.apply(.request(9, Self.grant(.ana, by: .promoter(Self.promoter)))).refusal == .notAllowed)
    let last = CivilDate.fixture.advanced(by: 366)
    for until in ["2026-11-22", "2028-01-01"] {
      #expect(try core.apply(.request(10, Self.grant(.ana, until: until))).refusal == .promoter(.untilOutOfRange(last: last)))
    }
    let acts = try core.history().filter { $0.object.hasPrefix("promoter_listing:") }.map { "\($0.act.rawValue) \($0.actor)" }
    #expect(acts == ["grant-listing staff:uid:1000", "grant-listing staff:uid:1000", "grant-listing staff:uid:1000", "grant-listing staff:uid:1000", "revoke-listing staff:uid:1000", "grant-listing staff:uid:1000"])
    #expect(core.check() == [])
    core.close()
    #expect(Shell.run("DELETE FROM promoter_listing", on: folder.file) == "a listing is never deleted")
    #expect(Shell.run("UPDATE promoter_listing SET until = until + 1000 WHERE id = 1", on: folder.file) == nil)
    #expect(try StoreVerification(path: folder.file).findings.isEmpty == false)
  }

  @Test("Who is listed gets their first slot, their own doctor's; asked again it is the same one; limits of person and household hold")
  func booking() throws {
    let core = try open(.fixture { clinic in
      clinic.policy.maxActivePerHousehold = 1
      clinic.services[0].maxActivePerPatient = 2
    })
    for (number, person) in [Patient.ana, .carla, .dario].enumerated() { _ = try core.apply(.request(UInt8(number + 1), Self.grant(person))) }
    let made = try #require(try core.apply(.request(11, Self.book(1, seed: 1))).appointment)
    #expect(made.patient == Patient.ana.id && made.slot == Slot("C1 2026-11-23 08:00") && made.channel == .desk)
    #expect(try core.apply(.request(12, Self.book(1, seed: 2))).appointment == made)
    #expect(try core.apply(.request(13, Self.book(2, seed: 3))).refusal == .householdLimitReached(allowed: 1))
    let later = try #require(try core.apply(.request(14, Self.book(3, seed: 4, from: "2026-11-25"))).appointment)
    #expect(later.slot.date == CivilDate(iso: "2026-11-25"))
    // Nobody has the number 4, and the other promoter has no list: one answer.
    for (number, who) in [(4, Self.promoter), (1, StaffName("uid:1004")!)] {
      #expect(try core.apply(.request(15, Self.book(number, seed: 5, by: who))).refusal == .promoter(.notListed))
    }
    let over = Instant(iso: "2027-01-01T12:00:00Z")!
    #expect(try core.apply(.request(16, Self.book(3, seed: 6)), at: over).refusal == .promoter(.notListed))
    let acts = try core.history().filter { $0.act == .bookForListed }.map { "\($0.object.prefix { $0 != ":" }) \($0.actor)" }
    #expect(acts == ["appointment promoter:uid:1003", "promoter_booking promoter:uid:1003", "appointment promoter:uid:1003", "promoter_booking promoter:uid:1003"])
    #expect(core.check() == [])
    core.close()
    #expect(try StoreVerification(path: folder.file).findings == [])
  }

  @Test("A confidential service is nobody's to order, and what somebody has of it neither counts nor clashes")
  func confidential() throws {
    let core = try open(.fixture { clinic in clinic.services[1].discreetName = "Consulta de seguimiento" })
    _ = try core.apply(.request(1, Self.grant(.ana)))
    #expect(try core.apply(.request(2, Self.book(1, seed: 1, service: .dentist))).refusal == .serviceNotOffered)
    // Eight o'clock is taken by what nobody is told of: the promoter's search goes past it.
    #expect(try core.apply(.request(3, .book("C4 2026-11-23 08:00", service: .dentist, seed: 2))).appointment != nil)
    #expect(try core.apply(.request(4, Self.book(1, seed: 3))).appointment?.slot == Slot("C1 2026-11-23 08:30"))
    core.close()
  }
}

extension StoreOutcome {
  /// What was granted about a promoter's list.
  fileprivate var listing: PromoterListing? {
    if case .granted(.listing(let listing), _) = self { listing } else { nil }
  }
}
