import ClinicDomain
import ClinicStore
import KioskServices
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("What somebody is offered whom the clinic put off")
struct DisplacedTests {
  /// The last day that can be booked; the specialist's morning has one consultation at a distance.
  static let remote = ClinicRules.telemedicine { clinic in
    clinic.waitlist = .fixture
    clinic.policy.horizonDays = 1
    clinic.turnos[0].hours = .hours(8, 9)
    clinic.closures = [Closure(resource: nil, turno: nil, dates: CivilDate.fixture...CivilDate.fixture, reason: "hoy no")]
  }

  @Test("A consultation at a distance that lost its room is offered from the list like any other, with its specialist and its professional", arguments: Depth.allCases)
  func telemedicine(depth: Depth) async throws {
    try await withClinic(depth, rules: Self.remote) { clinic in
      let (ana, dario) = (try await clinic.session(.ana), try await clinic.session(.dario))
      try await clinic.book("C6 2026-11-24 08:00", ana, service: "telemedicina")
      let darios = try await clinic.book("C7 2026-11-24 08:30", dario, service: "telemedicina")
      // C6 closes, and C7's first half hour; the specialist's only other one is Darío's: Ana waits before everybody.
      _ = try await ClosureTests.close(clinic, "C7", "2026-11-24", 480..<510)
      _ = try await ClosureTests.close(clinic, "C6", "2026-11-24")
      try await clinic.settle()
      #expect(try await clinic.appointments().list(.init(sessionToken: ana)).appointments.isEmpty)
      #expect(try await clinic.offers(ana).isEmpty)
      _ = try await clinic.appointments().cancel(.init(sessionToken: dario, folio: darios.folio), options: .write())
      try await clinic.settle()
      let offer = try #require(try await clinic.offers(ana).first)
      #expect(offer.slot?.service == "telemedicina" && offer.slot?.place == "C7 2026-11-24 510")
      let made = try #require(try await clinic.answer(offer.id, true, ana).appointment)
      for resource in ["C7", "P1", "P2"] {
        let day = try await clinic.agenda().listDay(.init(resource: resource, date: "2026-11-24"))
        #expect(day.entries.map { $0.appointment?.folio } == [made.folio])
      }
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("A consultation at a distance that nobody waits for is anybody's again at once, and never kept for a walk-in")
  func freeAgain() async throws {
    try await withClinic(rules: .telemedicine { $0.waitlist = .fixture }) { clinic in
      let ana = try await clinic.session(.ana)
      for (slot, wait) in [("C6 2026-11-24 08:00", 0), ("C6 2026-11-23 08:00", 45 * 60)] {
        let folio = try await clinic.book(slot, ana, service: "telemedicina").folio
        clinic.clock.advance(.seconds(wait))
        let token = try await clinic.session(.ana)
        _ = try await clinic.appointments().cancel(.init(sessionToken: token, folio: folio), options: .write())
        try await clinic.settle()
        let found = try await clinic.appointments().find(.init(service: "telemedicina", date: String(slot.split(separator: " ")[1]), limit: 100))
        #expect(found.slots.contains { "\($0.resource) \($0.startMinute)" == "C6 480" })
      }
    }
  }

  @Test("Who follows their change of doctor is offered the new doctor's places alone, and those whom stairs keep away none upstairs", arguments: [false, true])
  func newDoctor(climbsNoStairs: Bool) async throws {
    var person = ChangeDoctorTests.people[0]
    if climbsNoStairs { person.needs = [Patient.noStairs] }
    try await withClinic(people: [person, .dario, .rosa], rules: ChangeDoctorTests.rules) { clinic in
      let token = try await clinic.session(person)
      try await clinic.book("C1 2026-11-24 08:00", token)
      // Nothing is free of C2's morning.
      var others: [(token: String, folio: String)] = []
      for (number, other) in [Patient.dario, .rosa].enumerated() {
        let token = try await clinic.session(other)
        others.append((token, try await clinic.book(number == 0 ? "C2 2026-11-24 08:00" : "C3 2026-11-24 08:00", token).folio))
      }
      _ = try await ClosureTests.close(clinic, "C2", "2026-11-24", 495..<570)
      let moved = try await ChangeDoctorTests.change(clinic) { request in
        (request.fromResource, request.fromTurno, request.patientNumbers) = ("", "", [person.number.description])
      }
      #expect(moved.adopted == 1 && moved.appointments.first?.newFolio == "")
      // Neither upstairs nor the doctor whom they leave is asked of them.
      try await clinic.cancel(others[1].folio, others[1].token)
      try await clinic.settle()
      #expect(try await clinic.offers(token).isEmpty)
      try await clinic.cancel(others[0].folio, others[0].token)
      try await clinic.settle()
      #expect(try await clinic.offers(token).map { $0.slot?.place } == ["C2 2026-11-24 480"])
    }
  }
}
