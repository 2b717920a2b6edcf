import ClinicDomain
import ClinicStore
import KioskServices
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("Visits that come again")
struct VisitSeriesTests {
  static let wide = ClinicRules.series { $0.policy.horizonDays = 28 }

  @Test("P31: three windows of five business days over the holiday calendar, the three-monthly visit given before the third closes", arguments: Depth.allCases)
  func chronic(depth: Depth) async throws {
    try await withClinic(depth, rules: Self.wide) { clinic in
      let series = try await clinic.start("cronicos", for: .ana, on: "2026-11-23")
      // Christmas falls into the second; the reminders are on the first and the fourth business day.
      #expect(series.activities.map { "\($0.firstDate) \($0.lastDate)" } == [
        "2026-11-23 2026-11-27", "2026-12-23 2026-12-30", "2027-01-22 2027-01-28", "2027-02-16 2027-03-02",
      ])
      #expect(series.activities.map(\.reminderDates) == [
        ["2026-11-23", "2026-11-26"], ["2026-12-23", "2026-12-29"], ["2027-01-22", "2027-01-27"], [],
      ])
      func collect(_ number: Int32, id: String? = nil) async throws(RPCError) -> Wire.SeriesActivity {
        try await clinic.series().collect(.init(series: series.id, number: number, reason: .routine), options: .write(id)).activity!
      }
      #expect(try await collect(1).status == .completed)
      let early = try await status { () throws(RPCError) in try await collect(2) }
      #expect(early.message == "Todavía no: se puede recoger desde el miércoles 23 de diciembre.")
      try await clinic.goTo("2026-12-24 09:00")
      let second = try await collect(2, id: someID)
      #expect(try await collect(2, id: someID) == second && second.status == .completed)
      // On the 26th of January the agenda reaches the visit's day: it has its place, with the own doctor, and the third can still be collected.
      try await clinic.goTo("2027-01-26 09:00")
      let visit = try #require(try await clinic.series(of: .ana)?.activities.last)
      #expect(visit.status == .scheduled && visit.slot?.date == "2027-02-23" && visit.slot?.ownDoctor == true)
      #expect(visit.text == "Le esperan el martes 23 de febrero, 08:00, consultorio 1, planta baja.")
      #expect(try await collect(3).status == .completed)
      // It counts in no limit: one more of the service is allowed, and a second one is not.
      let token = try await clinic.session(.ana)
      try await clinic.book("C2 2027-02-02 08:00", token)
      let full = try await status { () throws(RPCError) in
        try await clinic.appointments().book(
          Wire.BookRequest(sessionToken: token, what: .slot(Wire.SlotChoice("C2 2027-02-03 08:00"))), options: .write())
      }
      #expect(full.refusal?.reason == .limitReached)
      // The visit took place: three more, and the next in three months.
      try await clinic.goTo("2027-02-23 12:00")
      let renewed = try await clinic.series().renew(.init(series: series.id, reason: .routine), options: .write()).series
      #expect(renewed?.activities.map { "\($0.number) \($0.firstDate) \($0.lastDate)" } == [
        "4 2027-02-16 2027-03-02", "5 2027-02-23 2027-03-01", "6 2027-03-25 2027-03-31", "7 2027-04-26 2027-04-30",
        "8 2027-05-16 2027-05-30",
      ])
      #expect(renewed?.activities.first?.status == .completed)
    }
  }

  @Test("P14: a visit that a closure puts off waits in its series alone: taken back within two minutes it is the same visit, and later the series gives one, not two", arguments: [true, false])
  func closed(undone: Bool) async throws {
    try await withClinic(rules: Self.wide) { clinic in
      try await clinic.start("continuo", for: .ana)
      try await clinic.settle()
      let visit = try #require(try await clinic.series(of: .ana)?.activities.first)
      #expect(visit.status == .scheduled)
      let closures = try await clinic.waitlist(.staff).close(
        .init(resource: "C2", firstDate: "2026-11-23", lastDate: "2026-12-23"), options: .write()).closures
      try await clinic.settle()
      func mine() async throws -> [String] { try await clinic.appointments().list(.init(sessionToken: try await clinic.session(.ana))).appointments.map(\.folio) }
      #expect(try await mine().isEmpty)
      #expect(try await clinic.entries(try await clinic.session(.ana)).isEmpty)
      if undone {
        #expect(try await UndoForManyTests.undo(closures[0].id, clinic).back.map(\.folio) == [visit.folio])
      } else {
        clinic.clock.advance(.seconds(121))
        try await clinic.settle()
        for closure in closures { _ = try await clinic.waitlist(.staff).reopen(.init(closure: closure.id), options: .write()) }
      }
      try await clinic.settle()
      #expect(try await mine().count == 1)
      #expect(try await clinic.series(of: .ana)?.activities.first?.folio == mine().first)
      #expect(try await mine() == [visit.folio] || !undone)
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("After a missed prescription the others of its visit are void, and the next visit is given at once")
  func missed() async throws {
    try await withClinic(rules: Self.wide) { clinic in
      let series = try await clinic.start("cronicos", for: .ana, on: "2026-11-23")
      try await clinic.goTo("2026-11-30 07:00")
      let after = try #require(try await clinic.series(of: .ana))
      #expect(after.activities.map(\.status) == [.stopped, .cancelled, .cancelled, .scheduled])
      #expect(try #require(after.activities[3].slot).date == "2026-12-01")
      let late = try await status { () throws(RPCError) in
        try await clinic.series().collect(.init(series: series.id, number: 2, reason: .routine), options: .write())
      }
      #expect(late.message == "No se recogió a tiempo: el último día fue el viernes 27 de noviembre. La persona tiene que venir a consulta.")
    }
  }

  @Test("P18: creating a pregnancy generates the configured number of visits, and each gets its place when the agenda reaches it", arguments: Depth.allCases)
  func prenatal(depth: Depth) async throws {
    try await withClinic(depth, rules: Self.wide) { clinic in
      let series = try await clinic.start("prenatal", for: .ana, on: "2026-10-19", id: someID)
      #expect(series.activities.count == 10)
      let first = CivilDate(iso: "2026-10-19")!
      #expect(series.activities.map { first.distance(to: CivilDate(iso: $0.dueDate)!) / 7 } == [8, 12, 16, 20, 24, 28, 32, 36, 38, 40])
      // The same request again is the same series; another one of the program is refused, and so is another content under the same id.
      #expect(try await clinic.start("prenatal", for: .ana, on: "2026-10-19", id: someID) == series)
      let token = try await clinic.session(.ana, at: .staff)
      let again = Wire.StartSeriesRequest(sessionToken: token, program: "prenatal", date: "2026-10-18", reason: .routine)
      #expect(try await status { () throws(RPCError) in try await clinic.series().start(again, options: .write(someID)) }.code == .alreadyExists)
      let second = try await status { () throws(RPCError) in try await clinic.series().start(again, options: .write()) }
      #expect(second.message == "La persona ya tiene esa serie: es la número \(series.id). Termínela antes de empezar otra.")
      try await clinic.settle()
      let now = try #require(try await clinic.series(of: .ana)).activities
      #expect(now.map(\.status) == [.scheduled] + Array(repeating: .notStarted, count: 9))
      #expect(now[0].slot?.date == "2026-12-14" && now[0].slot?.ownDoctor == true)
      try await clinic.goTo("2026-12-20 07:00")
      #expect(try #require(try await clinic.series(of: .ana)).activities[1].slot?.date == "2027-01-11")
    }
  }

  @Test("A series that ends gives its places back: whoever waits is offered them, and what is due is due no more")
  func yields() async throws {
    try await withClinic(rules: Self.wide) { clinic in
      let series = try await clinic.start("prenatal", for: .ana, on: "2026-10-19")
      try await clinic.settle()
      let waiting = try await clinic.session(.beto)
      try await clinic.join(waiting, from: "2026-12-14", to: "2026-12-14")
      let request = Wire.EndSeriesRequest(series: series.id, end: .finished, reason: .routine)
      let ended = try await clinic.series().end(request, options: .write(someID)).series
      #expect(ended?.status == .completed && ended?.activities.count == 10 && ended?.activities.allSatisfy { $0.status == .cancelled } == true)
      #expect(try await clinic.series().end(request, options: .write(someID)).series == ended)
      try await clinic.settle()
      #expect(try await clinic.offers(waiting).map(\.slot?.date) == ["2026-12-14"])
      let list = try await clinic.appointments().list(.init(sessionToken: try await clinic.session(.ana))).appointments
      #expect(list.isEmpty)
    }
  }

  @Test("A date that cannot be the last menstruation, an unknown program and a person without staff's reason are refused")
  func refusals() async throws {
    try await withClinic(rules: Self.wide) { clinic in
      let token = try await clinic.session(.ana, at: .staff)
      for (program, date, text) in [
        ("prenatal", "2026-11-24", "Con esa fecha no se puede contar: es de después, o de hace demasiado tiempo. Revísela."),
        ("prenatal", "2026-02-01", "Con esa fecha no se puede contar: es de después, o de hace demasiado tiempo. Revísela."),
        ("otra", "", "Esta clínica no tiene esa serie, o no es de las que se renuevan. Revise su código en clinic.yaml."),
      ] {
        let request = Wire.StartSeriesRequest(sessionToken: token, program: program, date: date, reason: .routine)
        let error = try await status { () throws(RPCError) in try await clinic.series().start(request, options: .write()) }
        #expect(error.message == text && error.refusal?.reason == .series)
      }
      let reasonless = Wire.StartSeriesRequest(sessionToken: token, program: "prenatal", date: "2026-10-19")
      #expect(try await status { () throws(RPCError) in try await clinic.series().start(reasonless, options: .write()) }.code == .invalidArgument)
    }
  }

  @Test("P40: a discreet series goes from its test to a visit every three months, and no text of it, no parent and no screen names what it is for")
  func discreet() async throws {
    try await withClinic(rules: Self.wide) { clinic in
      try await clinic.start("continuo", for: .noe)
      try await clinic.settle()
      var own = try #require(try await clinic.series(of: .noe))
      #expect(own.activities.map(\.status) == [.scheduled] && own.activities[0].slot?.service == "seguimiento")
      _ = try await clinic.series().renew(.init(series: own.id, reason: .routine), options: .write())
      own = try #require(try await clinic.series(of: .noe))
      #expect(own.activities.map(\.status) == [.completed, .notStarted] && own.activities[1].dueDate == "2027-02-23")
      let said = own.text + own.program + own.activities.map { $0.text + ($0.slot?.display ?? "") }.joined()
      for word in ["prep", "profilaxis", "vih", "seguimiento"] { #expect(!said.lowercased().contains(word), "\(word): \(said)") }
      // Their mother neither sees it nor begins one.
      let mother = try await clinic.session(.ana)
      let number = try #require(try await clinic.number(of: .noe, in: mother))
      #expect(try await clinic.series(.kiosk).list(.init(sessionToken: mother, person: number)).series == [])
      let desk = try await clinic.session(.ana, at: .staff)
      _ = try await clinic.patients(.staff).listFamily(.init(sessionToken: desk))
      let request = Wire.StartSeriesRequest(sessionToken: desk, person: number, program: "continuo", reason: .routine)
      #expect(try await status { () throws(RPCError) in try await clinic.series().start(request, options: .write()) } == .notForThisPerson)
    }
  }

  /// Ana's first prenatal visit and its row in the list.
  private func visit(_ clinic: TestClinic) async throws -> Wire.SeriesActivity {
    try #require(try await clinic.series(of: .ana)?.activities.first)
  }

  @Test("A visit that its person cancels is given no other place unasked: staff are alerted, and what the person books in its days is the visit")
  func cancelled() async throws {
    try await withClinic(rules: Self.wide) { clinic in
      try await clinic.start("prenatal", for: .ana, on: "2026-10-19")
      try await clinic.settle()
      let folio = try await visit(clinic).folio
      let token = try await clinic.session(.ana)
      _ = try await clinic.appointments().cancel(.init(sessionToken: token, folio: folio, reason: .cannotCome), options: .write())
      // Somebody may take it back for two minutes: until then nothing is done.
      try await clinic.settle()
      #expect(try await clinic.alerts() == [])
      clinic.clock.advance(.seconds(121))
      try await clinic.settle()
      try await clinic.settle()
      let alerts = try await clinic.alerts()
      #expect(alerts.map(\.text) == [
        "Canceló el lunes 14 de diciembre. Llámele y pregúntele qué sigue: si pide otra cita a más tardar el sábado 19 de diciembre, este aviso se quita solo.",
      ])
      #expect(try await visit(clinic).status == .onHold)
      #expect(try await clinic.appointments().list(.init(sessionToken: try await clinic.session(.ana))).appointments.isEmpty)
      let again = try await clinic.book("C1 2026-12-15 09:00", try await clinic.session(.ana))
      try await clinic.settle()
      let now = try await visit(clinic)
      #expect(now.status == .scheduled && now.folio == again.folio)
      #expect(try await clinic.alerts() == [])
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("A visit that the clinic cancels is placed again; one that nobody came to is alerted; one that is taken back in time stays as it was")
  func lostPlaces() async throws {
    try await withClinic(rules: Self.wide) { clinic in
      try await clinic.start("prenatal", for: .ana, on: "2026-10-19")
      try await clinic.settle()
      let folio = try await visit(clinic).folio
      _ = try await clinic.appointments(.staff).cancel(.init(folio: folio, reason: .clinic, staffReason: .staffAbsent), options: .write())
      _ = try await clinic.agenda().undo(.init(folio: folio, reason: .correction), options: .write())
      clinic.clock.advance(.seconds(121))
      try await clinic.settle()
      #expect(try await visit(clinic).folio == folio)
      _ = try await clinic.appointments(.staff).cancel(.init(folio: folio, reason: .clinic, staffReason: .staffAbsent), options: .write())
      clinic.clock.advance(.seconds(121))
      try await clinic.settle()
      try await clinic.settle()
      let placed = try await visit(clinic)
      #expect(placed.status == .scheduled && placed.folio != folio && placed.slot?.date == "2026-12-14")
      #expect(try await clinic.alerts() == [])
      try await clinic.goTo("2026-12-14 20:00")
      _ = try await clinic.agenda().markNoShow(.init(folio: placed.folio, reason: .routine), options: .write())
      clinic.clock.advance(.seconds(121))
      try await clinic.settle()
      #expect(try await clinic.alerts().map(\.text) == [
        "No vino el lunes 14 de diciembre. Llámele y pregúntele qué sigue: si pide otra cita a más tardar el sábado 19 de diciembre, este aviso se quita solo.",
      ])
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("Whatever the programme, whoever is stable yields every place that is still to come, and others have it", arguments: [
    ("cronicos", "2026-11-23"), ("continuo", ""), ("sesiones", ""), ("prenatal", "2026-10-19"),
  ])
  func stable(program: String, date: String) async throws {
    // Far enough ahead that the visit after three months has its place.
    let rules = ClinicRules.series { clinic in
      clinic.policy.horizonDays = 100
      clinic.waitlist = nil
    }
    try await withClinic(rules: rules) { clinic in
      let chair = program == "sesiones" ? Wire.StandingChair(resource: "C6", startMinute: 480, weekdays: [1, 3, 5]) : nil
      let series = try await clinic.start(program, for: .dario, on: date, chair: chair)
      try await clinic.settle()
      let given = try #require(try await clinic.series(of: .dario)).activities.compactMap(\.slot)
      #expect(!given.isEmpty)
      let ended = try await clinic.series().end(.init(series: series.id, end: .stable, reason: .routine), options: .write()).series
      #expect(ended?.status == .completed && ended?.activities.allSatisfy { ![.scheduled, .notStarted, .onHold].contains($0.status) } == true)
      #expect(try await clinic.appointments().list(.init(sessionToken: try await clinic.session(.dario))).appointments.isEmpty)
      let last = try #require(given.last)
      let found = try await clinic.appointments(.staff).find(
        .init(service: last.service, date: last.date, resource: last.resource, limit: 100)).slots
      #expect(found.contains { $0.startMinute == last.startMinute })
    }
  }
}
