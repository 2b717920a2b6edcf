import ClinicDomain
import ClinicStore
import KioskServices
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("A bulk change of doctor")
struct ChangeDoctorTests {
  /// People of C1's morning, every other one with a telephone.
  static let people = (0..<14).map { number in
    var person = Patient.fixture(Int64(201 + number), nss: nil, born: "\(1960 + number)-05-06")
    if number.isMultiple(of: 2) { person.phone = PhoneNumber("55123400\(10 + number)") }
    return person
  }

  static func change(_ clinic: TestClinic, _ change: (inout Wire.ChangeDoctorRequest) -> Void = { _ in }) async throws -> Wire.ChangeDoctorResponse {
    var request = Wire.ChangeDoctorRequest(
      fromResource: "C1", fromTurno: "matutino", toResource: "C2", toTurno: "matutino", reason: .staffAbsent)
    change(&request)
    return try await TransfersClient(clinic.doors[.staff]).changeDoctor(request, options: .write())
  }

  static func all(_ clinic: TestClinic) async throws -> [Appointment] { try await ClosureTests.all(clinic, people) }

  /// Nobody has lost what they had: each has exactly one appointment that stands, at the new doctor or waited for there.
  static func checkNoOrphan(_ clinic: TestClinic) async throws -> (moved: Int, kept: Int) {
    let all = try await all(clinic)
    var count = (moved: 0, kept: 0)
    for person in people.prefix(10) {
      let id = try #require(try await clinic.store.patient(number: person.number)).id
      let standing = all.filter { $0.patient == id && $0.status == .booked }
      #expect(standing.count == 1)
      guard let one = standing.first else { continue }
      if one.slot.resource == .c(2) {
        #expect(all.first { $0.folio == one.replaces }?.replacedBy == one.folio)
        count.moved += 1
      } else {
        let now = clinic.clock.now
        let entries = try await clinic.store.read { reader throws(StoreFault) in try reader.waitlist(of: id, at: now) }
        #expect(entries.contains { $0.entry.isDisplaced && $0.entry.replaces == one.folio })
        count.kept += 1
      }
    }
    return count
  }

  /// The last day that can be booked, with room for six at C2.
  static let rules = ClinicRules.waiting { clinic in
    clinic.policy.horizonDays = 1
    clinic.closures = [Closure(resource: .c(2), turno: nil, dates: CivilDate.fixture...CivilDate.fixture, reason: "hoy no")]
    clinic.turnos[0].hours = .hours(8, 11)
    clinic.resources[1].rules[0].breaks = [AgendaMinute(minutes: 570)!..<AgendaMinute(minutes: 660)!]
  }

  static func book(_ clinic: TestClinic) async throws {
    for (number, person) in people.prefix(10).enumerated() {
      try await clinic.book("C1 2026-11-24 \(AgendaMinute(minutes: 480 + 15 * number)!)", try await clinic.session(person))
    }
  }

  @Test("It moves or offers every future appointment, tells the person, and leaves no orphan", arguments: Depth.allCases)
  func everybody(depth: Depth) async throws {
    try await withClinic(depth, people: Self.people, rules: Self.rules) { clinic in
      try await Self.book(clinic)
      let reply = try await Self.change(clinic)
      #expect(reply.appointments.count == 10 && reply.appointments.count { $0.newFolio.isEmpty } == 4)
      #expect(reply.adopted == 14 && reply.remaining == 0 && reply.unreachable.isEmpty)
      // Five of the ten have no telephone; who has no appointment needs no call.
      #expect(Set(reply.untold) == Set(Self.people.prefix(10).filter { $0.phone == nil }.map(\.number.description)))
      #expect(reply.text.hasPrefix("Se movieron 6 citas y cambiaron 14 personas. 4 citas se quedan como están hasta que haya lugar."))
      #expect(try await Self.checkNoOrphan(clinic) == (6, 4))
      for person in Self.people {
        #expect(try await clinic.store.patient(number: person.number)?.doctor == Doctor(resource: .c(2), turno: .matutino))
      }
      let again = try await Self.change(clinic)
      #expect(again.appointments.isEmpty && again.adopted == 0)
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("Some at a time, by who is harmed most, it goes on where it was and does nothing twice")
  func resumed() async throws {
    try await withClinic(people: Self.people, rules: Self.rules) { clinic in
      try await Self.book(clinic)
      var dealtWith: [String] = []
      for _ in 0..<10 {
        let reply = try await Self.change(clinic) { $0.limit = 3 }
        dealtWith += reply.appointments.filter { !$0.newFolio.isEmpty }.map(\.display)
        if reply.remaining == 0 { break }
      }
      #expect(dealtWith.count == 6)
      #expect(try await Self.checkNoOrphan(clinic) == (6, 4))
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("An age band, or people by their number, and nobody else")
  func some() async throws {
    try await withClinic(people: Self.people, rules: Self.rules) { clinic in
      let band = try await Self.change(clinic) { ($0.bornFrom, $0.bornTo) = ("1962-01-01", "1964-12-31") }
      #expect(band.adopted == 3)
      let named = try await Self.change(clinic) { request in
        (request.fromResource, request.fromTurno) = ("", "")
        request.patientNumbers = [Self.people[0].number.description, Self.people[3].number.description]
      }
      #expect(named.adopted == 1)
      let changed = try await Self.people.asyncCount { try await clinic.store.patient(number: $0.number)?.consultorio == .c(2) }
      #expect(changed == 4)
    }
  }

  @Test("Who cannot climb stairs stays with their doctor and is named; a kiosk may not ask; a wrong field is told")
  func refused() async throws {
    var person = Self.people[0]
    person.needs = [Patient.noStairs]
    try await withClinic(people: [person], rules: Self.rules) { clinic in
      let reply = try await Self.change(clinic) { $0.toResource = "C3" }
      #expect(reply.unreachable == [person.number.description] && reply.adopted == 0)
      let denied = await #expect(throws: RPCError.self) {
        try await TransfersClient(clinic.doors[.kiosk]).changeDoctor(.init(fromResource: "C1"), options: .write())
      }
      #expect(denied?.code == .permissionDenied)
      let nobody = await #expect(throws: RPCError.self) { try await Self.change(clinic) { $0.toTurno = "nocturno" } }
      #expect(nobody?.code == .invalidArgument && nobody?.message == "to_turno: C2 no trabaja ese turno")
    }
  }
}

extension Sequence where Element: Sendable {
  fileprivate func asyncCount(_ isCounted: (Element) async throws -> Bool) async throws -> Int {
    var count = 0
    for element in self where try await isCounted(element) { count += 1 }
    return count
  }
}
