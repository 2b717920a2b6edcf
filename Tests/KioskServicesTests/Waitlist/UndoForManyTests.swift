import ClinicDomain
import ClinicStore
import KioskServices
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("What one member of staff did to many people, taken back within two minutes")
struct UndoForManyTests {
  /// Tuesday alone can be booked: four places in each room's morning, two in its afternoon.
  static let rules = OwedPlacesTests.rules(listed: true) { clinic in
    clinic.turnos[0].hours = .hours(8, 9)
    clinic.turnos[1].hours = AgendaMinute(minutes: 840)!..<AgendaMinute(minutes: 870)!
  }

  static func undo(_ closure: Int64, _ clinic: TestClinic) async throws(RPCError) -> Wire.UndoCloseResponse {
    try await clinic.waitlist(.staff).undoClose(.init(closure: closure, reason: .correction), options: .write())
  }

  static func undoChange(_ clinic: TestClinic) async throws(RPCError) -> Wire.UndoChangeDoctorResponse {
    try await TransfersClient(clinic.doors[.staff]).undoChangeDoctor(
      .init(toResource: "C2", toTurno: "matutino", reason: .correction), options: .write())
  }

  /// The four of C1's morning, whose room closes: two are moved to C2's afternoon, two wait.
  static func close(_ clinic: TestClinic, _ people: [Patient]) async throws -> (folios: [String], closure: Int64) {
    var folios: [String] = []
    for (number, person) in people.enumerated() {
      let start = AgendaMinute(minutes: 480 + 15 * (number % 4))!
      folios.append(try await clinic.book("C\(number / 4 + 1) 2026-11-24 \(start)", try await clinic.session(person)).folio)
    }
    _ = try await ClosureTests.close(clinic, "C3", "2026-11-24")
    let closure = try #require(try await ClosureTests.close(clinic, "C1", "2026-11-24").first)
    try await clinic.settle()
    let count = try await ClosureTests.checkNoOrphan(clinic, people) { $0.resource == .c(1) }
    #expect(count.moved == 2 && count.waiting == 2)
    return (folios, closure.id)
  }

  @Test("P14: a closure is taken back in one step: each person has their appointment again with its folio, and who had not heard hears nothing; who knows of the new place keeps it and is listed with what else can be done", arguments: Depth.allCases)
  func closure(depth: Depth) async throws {
    let people = strangers(8)
    try await withClinic(depth, people: people, rules: Self.rules) { clinic in
      let (folios, closure) = try await Self.close(clinic, people)
      let first = try await clinic.session(people[0])
      #expect(try await clinic.contact().listNotices(.init(sessionToken: first)).notices.map(\.kind) == [.moved])
      _ = try await clinic.contact().seeNotice(.init(sessionToken: first, folio: folios[0]), options: .write())
      let rows = try await clinic.store.head().seq
      let done = try await Self.undo(closure, clinic)
      #expect(done.closures.map(\.resource) == ["C1"])
      #expect(Set(done.back.map(\.folio)) == Set(folios[1..<4]))
      #expect(done.back.contains { $0.display.hasPrefix("martes 24 de noviembre, 08:15, consultorio 1") })
      let kept = try #require(done.kept.first)
      #expect(done.kept.count == 1 && kept.folio == folios[0] && !kept.newFolio.isEmpty && kept.display.contains("consultorio 2"))
      #expect(kept.text == "La persona ya sabe de la cita que tiene ahora, o ya hizo algo con ella: la conserva. Si prefiere la de antes y sigue libre, cámbiesela.")
      #expect(done.text == "La agenda está abierta otra vez. 3 citas quedaron como estaban. 1 no se pudo devolver: vea por qué y qué más se puede hacer.")
      for (number, person) in people.prefix(4).enumerated() {
        let token = try await clinic.session(person)
        let mine = try await clinic.appointments().list(.init(sessionToken: token)).appointments
        #expect(mine.map(\.folio) == [number == 0 ? kept.newFolio : folios[number]], "\(number)")
        #expect(mine.map(\.status) == [.booked] && mine.first?.slot?.resource == (number == 0 ? "C2" : "C1"))
        #expect(try await clinic.entries(token).isEmpty)
        #expect(try await clinic.contact().listNotices(.init(sessionToken: token)).notices.isEmpty)
      }
      #expect(try await ContactTests.untold(clinic, all: true).isEmpty)
      let history = try #require(try await clinic.agenda().history(.init(folio: folios[1])).changes.last)
      #expect([history.act, history.reason, history.before, history.after] == ["undo", "correction", "cancelled", "booked"] && history.actor.hasPrefix("staff:"))
      // A block, a moved one's two rows and its notice; two who waited: entry, appointment and notice of each.
      #expect(try await clinic.store.head().seq - rows == 1 + 3 + 2 * 3)
      // Nobody is looked for any more, and the other closure stands.
      #expect(try await clinic.settle() == 0)
      #expect(try await clinic.day("2026-11-24").closures.map(\.resource) == ["C3"])
      #expect(try await clinic.isFree("C1 2026-11-24 480", on: "2026-11-24"))
      #expect(try await clinic.isFree("C2 2026-11-24 855", on: "2026-11-24"))
      let again = try await status { () throws(RPCError) in try await Self.undo(closure, clinic) }
      #expect(again.refusal?.reason == .nothingToUndo)
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("All days of a closure come back together; what nobody has moved yet stands as it stood, and where another closure lies over it its person goes on waiting")
  func days() async throws {
    let people = strangers(3)
    let rules = Self.rules.changed { $0.policy.horizonDays = 3 }
    try await withClinic(people: people, rules: rules) { clinic in
      var folios: [String] = []
      for (number, person) in people.enumerated() {
        folios.append(try await clinic.book("C1 2026-11-2\(number + 4) 08:00", try await clinic.session(person)).folio)
      }
      for resource in ["C2", "C3"] {
        _ = try await clinic.waitlist(.staff).close(.init(resource: resource, firstDate: "2026-11-24", lastDate: "2026-11-26"), options: .write())
      }
      let closures = try await clinic.waitlist(.staff).close(.init(resource: "C1", firstDate: "2026-11-24", lastDate: "2026-11-26"), options: .write()).closures
      try await clinic.settle()
      _ = try await ClosureTests.close(clinic, "C1", "2026-11-26", 480..<495)
      clinic.clock.advance(.seconds(119))
      let done = try await Self.undo(closures[1].id, clinic)
      #expect(done.closures.map(\.date) == ["2026-11-24", "2026-11-25", "2026-11-26"])
      #expect(Set(done.back.map(\.folio)) == Set(folios.prefix(2)))
      #expect(done.kept.map(\.folio) == [folios[2]] && done.kept.map(\.newFolio) == [""] && done.kept.map(\.text) == ["A esa hora no hay servicio. Elija otra fecha u hora."])
      #expect(try await clinic.entries(try await clinic.session(people[2])).count == 1)
      // Moved by nobody yet.
      let last = try #require(try await clinic.waitlist(.staff).close(.init(resource: "C1", firstDate: "2026-11-24"), options: .write()).closures.first)
      let nothing = try await Self.undo(last.id, clinic)
      #expect(nothing.back.isEmpty && nothing.kept.isEmpty && nothing.text == "La agenda está abierta otra vez. Ninguna cita había cambiado.")
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("Who is in the clinic has their turn again, arrived as they were: out of today's line, or out of the other room")
  func here() async throws {
    let people = strangers(2)
    try await withClinic(people: people, rules: .waiting()) { clinic in
      _ = try await ClosureTests.close(clinic, "C3", "2026-11-23")
      _ = try await ClosureTests.close(clinic, "C2", "2026-11-23", 525..<1440)
      var folios: [String] = []
      for (number, person) in people.enumerated() {
        folios.append(try await clinic.book("C1 2026-11-23 08:\(30 + 15 * number)", try await clinic.session(person)).folio)
      }
      clinic.clock.advance(.seconds(75 * 60))
      for (folio, person) in zip(folios, people) {
        _ = try await clinic.appointments().checkIn(.init(sessionToken: try await clinic.session(person), folio: folio), options: .write())
      }
      let arrived = clinic.clock.now
      clinic.clock.advance(.seconds(60))
      let closure = try #require(try await ClosureTests.close(clinic, "C1", "2026-11-23").first)
      try await clinic.settle()
      clinic.clock.advance(.seconds(60))
      let done = try await Self.undo(closure.id, clinic)
      #expect(done.back.map(\.folio) == folios && done.kept.isEmpty)
      for (folio, person) in zip(folios, people) {
        let one = try #require(try await OwedPlacesTests.mine(clinic, person).first { $0.status != .cancelled })
        #expect((one.folio.description, one.status, one.isInTodaysLine, one.arrivedAt, one.slot.resource) == (folio, .checkedIn, false, arrived, .c(1)))
      }
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("After two minutes there is nothing to undo; a kiosk may not ask, and a number that is no closure's is told")
  func refused() async throws {
    let people = strangers(8)
    try await withClinic(people: people, rules: Self.rules) { clinic in
      let (_, closure) = try await Self.close(clinic, people)
      let denied = await #expect(throws: RPCError.self) {
        try await clinic.waitlist(.kiosk).undoClose(.init(closure: closure, reason: .correction), options: .write())
      }
      #expect(denied?.code == .permissionDenied)
      let unknown = try await status { () throws(RPCError) in try await Self.undo(99, clinic) }
      #expect(unknown.message == "No hay ningún cierre con ese número.")
      clinic.clock.advance(.seconds(120))
      let late = try await status { () throws(RPCError) in try await Self.undo(closure, clinic) }
      #expect(late.refusal?.reason == .nothingToUndo)
      let nobody = try await status { () throws(RPCError) in try await Self.undoChange(clinic) }
      #expect(nobody.refusal?.reason == .nothingToUndo)
    }
  }

  @Test("A change of doctor is taken back: people, appointments, places in line and calls that nobody made; who has confirmed at the new doctor keeps that", arguments: Depth.allCases)
  func doctor(depth: Depth) async throws {
    let people = ChangeDoctorTests.people
    try await withClinic(depth, people: people, rules: ChangeDoctorTests.rules) { clinic in
      try await ChangeDoctorTests.book(clinic)
      let before = try await ChangeDoctorTests.all(clinic)
      let changed = try await ChangeDoctorTests.change(clinic)
      #expect(changed.adopted == 14 && changed.appointments.count == 10)
      let calls = try await clinic.telephone(.staff).listCallbacks(.init()).callbacks.count
      #expect(calls == 5)
      let first = try #require(changed.appointments.first { !$0.newFolio.isEmpty })
      let owner = try #require(before.first { $0.folio.description == first.folio }).patient
      let person = try #require(try await clinic.store.patient(id: owner))
      _ = try await clinic.appointments().confirm(.init(sessionToken: try await clinic.session(person), folio: first.newFolio), options: .write())
      clinic.clock.advance(.seconds(119))
      let done = try await Self.undoChange(clinic)
      #expect(done.people == 14 && done.back.count == 5 && done.kept.map(\.folio) == [first.folio] && done.kept.map(\.newFolio) == [first.newFolio])
      #expect(done.text == "14 personas son otra vez de quien eran. 5 citas quedaron como estaban. 1 no se pudo devolver: vea por qué y qué más se puede hacer.")
      for person in people {
        #expect(try await clinic.store.patient(number: person.number)?.doctor == Doctor(resource: .c(1), turno: .matutino))
        #expect(try await clinic.entries(try await clinic.session(person)).isEmpty)
      }
      let standing = try await ChangeDoctorTests.all(clinic).filter { $0.status == .booked }
      #expect(standing.count == 10)
      #expect(Set(standing.map(\.folio)).symmetricDifference(before.map(\.folio)).map(\.description).sorted() == [first.folio, first.newFolio].sorted())
      #expect(try await clinic.telephone(.staff).listCallbacks(.init()).callbacks.isEmpty)
      #expect(try await ContactTests.untold(clinic, all: true).map(\.folio) == [first.folio])
      // Nobody is looked for at the doctor whom they do not have.
      clinic.clock.advance(.seconds(17 * 3600 + 600))
      try await clinic.settle()
      #expect(try await ChangeDoctorTests.all(clinic).filter { $0.status == .booked }.map(\.folio).sorted() == standing.map(\.folio).sorted())
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("P14: what the desk cancels because the clinic cannot give it is owed another place, and not that one, of a day that opens later too; undone, it stands again and nothing is owed", arguments: [true, false])
  func cancelledByTheClinic(listed: Bool) async throws {
    let people = strangers(2)
    let rules = OwedPlacesTests.rules(listed: listed) { $0.turnos[0].hours = .hours(8, 9) }
    try await withClinic(people: people, rules: rules) { clinic in
      for resource in ["C2", "C3"] { _ = try await ClosureTests.close(clinic, resource, "2026-11-24") }
      _ = try await ClosureTests.close(clinic, "C1", "2026-11-24", 495..<1440)
      let folio = try await clinic.book("C1 2026-11-24 08:00", try await clinic.session(people[0])).folio
      func cancel() async throws {
        _ = try await clinic.appointments(.staff).cancel(.init(folio: folio, reason: .clinic, staffReason: .staffAbsent), options: .write())
      }
      func mine() async throws -> [String] {
        try await OwedPlacesTests.mine(clinic, people[0]).filter { $0.status == .booked }.map { "\($0.folio) \($0.slot.date)" }
      }
      try await cancel()
      #expect(try await clinic.entries(try await clinic.session(people[0])).count == 1)
      // The only free place is the one that was taken from them.
      clinic.clock.advance(.seconds(60))
      try await clinic.settle()
      #expect(try await mine().isEmpty)
      #expect(try await ContactTests.untold(clinic, all: true).map(\.folio) == [folio])
      _ = try await clinic.agenda().undo(.init(folio: folio, reason: .correction), options: .write())
      #expect(try await mine() == ["\(folio) 2026-11-24"])
      #expect(try await clinic.entries(try await clinic.session(people[0])).isEmpty)
      #expect(try await ContactTests.untold(clinic, all: true).isEmpty)
      // Ten past midnight Wednesday opens.
      try await cancel()
      clinic.clock.advance(.seconds(17 * 3600 + 600))
      try await clinic.settle()
      let given = try await mine()
      #expect(given.count == 1 && given.first?.hasSuffix("2026-11-25") == true)
      let token = try await clinic.session(people[0])
      #expect(try await clinic.contact().listNotices(.init(sessionToken: token)).notices.map(\.kind) == [.moved])
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("A person who was given another place at once for what the desk cancelled gives it back when the desk undoes it")
  func givenAtOnce() async throws {
    let people = strangers(1)
    try await withClinic(people: people, rules: .waiting()) { clinic in
      let folio = try await clinic.book("C1 2026-11-24 09:00", try await clinic.session(people[0])).folio
      _ = try await clinic.appointments(.staff).cancel(.init(folio: folio, reason: .clinic, staffReason: .staffAbsent), options: .write())
      try await clinic.settle()
      func mine() async throws -> [Wire.Appointment] {
        try await clinic.appointments().list(.init(sessionToken: try await clinic.session(people[0]))).appointments
      }
      let given = try await mine()
      #expect(given.count == 1 && given.first?.folio != folio && given.first?.slot?.place != "C1 2026-11-24 540")
      let back = try await clinic.agenda().undo(.init(folio: folio, reason: .correction), options: .write())
      #expect(back.appointment?.status == .booked && back.appointment?.folio == folio)
      #expect(try await mine().map(\.folio) == [folio])
      #expect(try await ContactTests.untold(clinic, all: true).isEmpty)
      #expect(try await clinic.settle() == 0)
      #expect(try await clinic.store.check() == [])
    }
  }
}

extension ClinicRules {
  fileprivate func changed(_ change: (inout Clinic) -> Void) -> ClinicRules {
    var clinic = clinic
    change(&clinic)
    return ClinicRules(clinic: clinic, zone: zone)
  }
}
