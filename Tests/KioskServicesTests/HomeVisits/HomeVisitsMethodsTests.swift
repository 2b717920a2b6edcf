import ClinicDomain
import ClinicStore
import KioskServices
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("Visits at home, over the contract")
struct HomeVisitsMethodsTests {
  static func ask(_ token: String, _ change: (inout Wire.RequestHomeVisitRequest) -> Void = { _ in }) -> Wire.RequestHomeVisitRequest {
    var ask = Wire.RequestHomeVisitRequest(
      sessionToken: token, resource: "P1", date: "2026-11-24", startMinute: 540, street: "Norte 72 4315", neighbourhood: "La Joya",
      postalCode: "07300", references: "portón verde", phone: "55 1234 5678", applicant: "Hija De Ejemplo", kinship: "hija")
    change(&ask)
    return ask
  }

  @Test("P06: Request without consultorio/turno is completed from the patient record; without address is refused naming the missing field; 08–20 h only; the route list of a day has it in order", arguments: Depth.allCases)
  func programme(depth: Depth) async throws {
    try await withClinic(depth, rules: .homeVisits()) { clinic in
      let token = try await clinic.session(.ana)
      let visits = clinic.homeVisits()
      let missing: [(String, String, (inout Wire.RequestHomeVisitRequest) -> Void)] = [
        ("street", "street: falta la calle y el número del domicilio", { $0.street = "" }),
        ("neighbourhood", "neighbourhood: falta la colonia del domicilio", { $0.neighbourhood = " " }),
        ("postal_code", "postal_code: falta el código postal del domicilio", { $0.postalCode = "" }),
        ("applicant", "applicant: falta el nombre de quien pide la visita", { $0.applicant = "" }),
      ]
      for (name, text, change) in missing {
        let ask = Self.ask(token, change)
        let wrong = try await status { () throws(RPCError) in try await visits.requestHomeVisit(ask, options: .write()) }
        #expect(wrong == RPCError(.invalidArgument, text), "\(name)")
      }
      // Neither said nor recorded: the datum is named too.
      let phone = try await status { () throws(RPCError) in
        try await visits.requestHomeVisit(Self.ask(token) { $0.phone = "" }, options: .write())
      }
      #expect(phone.code == .failedPrecondition && phone.refusal?.reason == .homeVisit)
      #expect(phone.message == "Falta un teléfono: no está en su registro. Dígalo en la solicitud.")
      // 20:00 of Friday's night turno, of an agenda that goes south then.
      let night = try await status { () throws(RPCError) in
        try await visits.requestHomeVisit(
          Self.ask(token) { ($0.resource, $0.date, $0.startMinute, $0.postalCode) = ("P3", "2026-11-27", 1200, "14000") }, options: .write())
      }
      #expect(night.refusal?.reason == .homeVisit && night.message == "Las visitas a domicilio son de 08:00 a 20:00. Le ofrecemos las primeras horas en que sí.")
      let offered = try #require(night.refusal?.alternatives)
      #expect(!offered.isEmpty && offered.allSatisfy { 480 <= $0.startMinute && $0.endMinute <= 1200 })

      let made = try await visits.requestHomeVisit(Self.ask(token), options: .write(someID))
      #expect(made.appointment?.status == .booked && made.appointment?.slot?.display == "martes 24 de noviembre, 09:00, a domicilio")
      #expect(made.text.contains("El personal de la clínica va a su domicilio el martes 24 de noviembre, 09:00. No hace falta que venga. Tenga a la mano: Identificación oficial; Cartilla Nacional de Salud."))
      #expect(try await visits.requestHomeVisit(Self.ask(token), options: .write(someID)) == made)
      // Dario, of another family, before Ana's hour and with the other professional.
      let dario = try await clinic.session(.dario, at: .staff)
      _ = try await clinic.homeVisits(.staff).requestHomeVisit(
        Self.ask(dario) { ($0.resource, $0.startMinute, $0.street, $0.consultorio, $0.turno) = ("P2", 480, "Norte 74 12", "2", "vespertino") }, options: .write())
      let olga = try await clinic.session(.olga, at: .staff)
      _ = try await clinic.homeVisits(.staff).requestHomeVisit(
        Self.ask(olga) { ($0.resource, $0.startMinute, $0.street) = ("P1", 480, "Norte 70 1") }, options: .write())

      let route = try await clinic.homeVisits(.staff).getRoute(.init(date: "2026-11-24"))
      #expect(route.date == "2026-11-24")
      #expect(route.stops.map { "\($0.zone) \($0.appointment?.slot?.resource ?? "") \($0.appointment?.slot?.startMinute ?? 0)" } == ["norte P1 480", "norte P1 540", "norte P2 480"])
      #expect(route.stops[1] == Wire.HomeVisitStop(
        zone: "norte", zoneName: "Zona norte", appointment: made.appointment, name: "Persona 1", nss: "00809012347", street: "Norte 72 4315",
        neighbourhood: "La Joya", postalCode: "07300", references: "portón verde", phone: "55 1234 5678", applicant: "Hija De Ejemplo",
        kinship: "hija", consultorio: "C1", turno: "matutino"))
      #expect(route.stops[2].consultorio == "C2" && route.stops[2].turno == "vespertino")
      #expect(try await clinic.homeVisits(.staff).getRoute(.init(date: "2026-11-24", resource: "P2")).stops.map(\.street) == ["Norte 74 12"])
      #expect(try await clinic.homeVisits(.staff).getRoute(.init(date: "2026-11-24", zone: "sur")).stops == [])
    }
  }

  @Test("A visit whose professionals are away goes to another day of its zone, and is not tried where nobody goes there: a look that finds none asks the store for nothing")
  func displaced() async throws {
    let rules = ClinicRules.homeVisits { clinic in
      clinic.waitlist = .fixture
      clinic.policy.horizonDays = 1
    }
    try await withClinic(rules: rules) { clinic in
      let folio = try #require(try await clinic.homeVisits().requestHomeVisit(Self.ask(try await clinic.session(.ana)), options: .write()).appointment).folio
      for professional in ["P1", "P2"] { _ = try await ClosureTests.close(clinic, professional, "2026-11-24") }
      try await clinic.settle()
      #expect(try await clinic.day("2026-11-24").toBeMoved.isEmpty)
      let waits = try await clinic.entries(try await clinic.session(.ana))
      #expect(waits.count == 1)
      // P3 is free on Tuesday and goes south; on Wednesday P2 does.
      for wait in [0, 17 * 3600 + 600] {
        clinic.clock.advance(.seconds(wait))
        let before = clinic.store.statistics.commands
        for _ in 0..<3 { _ = try await clinic.keeper.look() }
        #expect(clinic.store.statistics.commands == before)
      }
      // The north is visited again on Monday.
      try await clinic.goTo("2026-11-29 12:00")
      try await clinic.settle()
      let mine = try await clinic.appointments().list(.init(sessionToken: try await clinic.session(.ana))).appointments
      #expect(mine.map { $0.slot?.place } == ["P1 2026-11-30 480"])
      #expect(try await clinic.agenda().history(.init(folio: folio)).changes.last?.act == "place-displaced")
      let route = try await clinic.homeVisits(.staff).getRoute(.init(date: "2026-11-30"))
      #expect(route.stops.map(\.street) == ["Norte 72 4315"])
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("Where somebody lives is told to staff alone, in a route, and to nobody else and nowhere else")
  func privacy() async throws {
    try await withClinic(rules: .homeVisits()) { clinic in
      let token = try await clinic.session(.ana)
      let made = try await clinic.homeVisits().requestHomeVisit(Self.ask(token), options: .write())
      let folio = try #require(made.appointment?.folio)
      let shown = [
        "\(made)", "\(try await clinic.appointments().get(.init(sessionToken: token, folio: folio)))",
        "\(try await clinic.appointments().list(.init(sessionToken: token)))", "\(try await clinic.agenda().listDay(.init(resource: "P1", date: "2026-11-24")))",
        "\(try await clinic.agenda().history(.init(folio: folio)))",
      ]
      for text in shown { for secret in ["Norte 72", "La Joya", "portón", "1234 5678", "5512345678", "Hija De"] { #expect(!text.contains(secret)) } }
      for role in RoleSet.named.map(\.role) where role != .staff {
        let denied = try await status { () throws(RPCError) in try await clinic.homeVisits(role).getRoute(.init(date: "2026-11-24")) }
        #expect(denied.code == .permissionDenied)
      }
      let past = try await status { () throws(RPCError) in try await clinic.homeVisits(.staff).getRoute(.init(date: "2026-11-21")) }
      #expect(past.code == .invalidArgument && past.message.hasPrefix("date: "))
      let zone = try await status { () throws(RPCError) in try await clinic.homeVisits(.staff).getRoute(.init(zone: "este")) }
      #expect(zone.message == "zone: las zonas de esta clínica son: norte, sur")
    }
  }

  @Test("A visit is searched by postal code, is no service of the list, and is moved and cancelled like every appointment")
  func life() async throws {
    try await withClinic(rules: .homeVisits()) { clinic in
      let token = try await clinic.session(.ana)
      let found = try await clinic.homeVisits().findHomeVisits(.init(sessionToken: token, postalCode: "07300", date: "2026-11-24", limit: 2))
      #expect(found.zone == "Zona norte" && found.slots.map(\.resource) == ["P1", "P2"] && found.slots.map(\.startMinute) == [480, 480])
      let nowhere = try await status { () throws(RPCError) in
        try await clinic.homeVisits().findHomeVisits(.init(sessionToken: token, postalCode: "06000"))
      }
      #expect(nowhere.message == "A ese código postal no llegan las visitas de esta clínica. Revise los cinco dígitos, o pregunte en la ventanilla.")
      #expect(nowhere.refusal?.steps.isEmpty == false)
      #expect(try await !clinic.appointments().listServices(.init()).services.contains { $0.code == "visita_domiciliaria" })
      let direct = try await status { () throws(RPCError) in
        try await clinic.appointments().book(
          .init(sessionToken: token, what: .slot(Wire.SlotChoice("P1 2026-11-24 09:00", service: "visita_domiciliaria"))), options: .write())
      }
      #expect(direct.refusal?.reason == .serviceNotOffered)
      let folio = try #require(try await clinic.homeVisits().requestHomeVisit(Self.ask(token), options: .write()).appointment?.folio)
      func move(_ date: String) async throws(RPCError) -> Wire.RescheduleResponse {
        try await clinic.appointments().reschedule(
          .init(sessionToken: token, folio: folio, resource: "P2", date: date, startMinute: 600), options: .write())
      }
      let thursday = try await status { () throws(RPCError) in try await move("2026-11-26") }
      #expect(thursday.message.hasPrefix("Ese día, o ese profesional, no visita su zona: Zona norte."))
      // The next times of the zone come with it, and what is not theirs tells nobody of them.
      #expect(thursday.refusal?.alternatives.isEmpty == false && thursday.refusal?.steps.isEmpty == false)
      #expect(thursday.refusal?.alternatives.allSatisfy { $0.resource.hasPrefix("P") && $0.date > "2026-11-26" } == true)
      let stranger = try await clinic.session(.dario)
      let hidden = try await status { () throws(RPCError) in
        try await clinic.appointments().reschedule(
          .init(sessionToken: stranger, folio: folio, resource: "P2", date: "2026-11-26", startMinute: 600), options: .write())
      }
      #expect(hidden.code == .notFound && hidden.refusal?.alternatives == [])
      let moved = try await move("2026-11-30")
      let route = try await clinic.homeVisits(.staff).getRoute(.init(date: "2026-11-30"))
      #expect(route.stops.map(\.street) == ["Norte 72 4315"])
      #expect(try await clinic.homeVisits(.staff).getRoute(.init(date: "2026-11-24")).stops == [])
      _ = try await clinic.appointments().cancel(.init(sessionToken: token, folio: try #require(moved.appointment?.folio)), options: .write())
      #expect(try await clinic.homeVisits(.staff).getRoute(.init(date: "2026-11-30")).stops == [])
      #expect(try await clinic.store.check() == [])
    }
  }
}
