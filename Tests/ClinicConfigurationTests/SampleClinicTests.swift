internal import ClinicConfiguration
internal import ClinicDomain
internal import Foundation
internal import Testing

@Suite("The clinics that ship with the project")
struct SampleClinicTests {
  static let large = "clinics/umf-muestra-30/clinic.yaml"
  static let rural = "clinics/umf-rural-2/clinic.yaml"

  static func read(_ path: String) throws -> Clinic {
    let read = try ClinicConfiguration.read(text: sample(path), file: path)
    #expect(read.warnings == [])
    return read.value
  }

  @Test("The large one is itself, and nothing real")
  func identity() throws {
    #expect(
      try Self.read(Self.large).identity
        == ClinicIdentity(
          clues: CLUES(parsing: "DFIMS999306"), ooad: "Ciudad de México Norte", number: 930, name: "UMF 930 de muestra",
          zone: "America/Mexico_City"))
  }

  @Test("The large one gives four services; one of them is a trámite with its homoclave")
  func services() throws {
    let clinic = try Self.read(Self.large)
    #expect(clinic.services.map(\.code.rawValue) == ["medicina_familiar", "estomatologia", "medicina_preventiva", "cambio_de_clinica"])
    #expect(
      clinic.service(ServiceCode("medicina_familiar"))
        == Service(
          code: ServiceCode("medicina_familiar"), name: "Medicina familiar", slotMinutes: 15, bookableBy: [.kiosk, .phone, .desk],
          requiresRights: true, maxActivePerPatient: 1))
    #expect(
      clinic.service(ServiceCode("cambio_de_clinica"))
        == Service(
          code: ServiceCode("cambio_de_clinica"), name: "Cambio de clínica, consultorio o turno", slotMinutes: 15,
          bookableBy: [.kiosk, .phone, .desk], requiresRights: false, maxActivePerPatient: 1, homoclave: "IMSS-02-066",
          requirements: [
            "CURP", "Número de Seguridad Social (NSS)", "Identificación oficial",
            "Comprobante de domicilio, si cambió de domicilio", "Correo electrónico, si tiene",
          ]))
  }

  @Test("The large one has 30 family consultorios on three floors, each with 48 slots a weekday: 1,440 in all")
  func size() throws {
    let clinic = try Self.read(Self.large)
    let family = clinic.resources.filter { $0.services == [ServiceCode("medicina_familiar")] }
    #expect(family.map(\.id) == (1...30).map { ResourceID(.consultorio, $0)! })
    #expect(Set(family.map(\.floor)) == [0, 1, 2])
    let slots = family.map { room in
      room.rules.map { clinic.turno($0.turno)!.hours }.reduce(0) { $0 + ($1.upperBound.minutes - $1.lowerBound.minutes) / 15 }
    }
    #expect(slots.reduce(0, +) == 1440)
  }

  @Test("A ventanilla is a resource like a consultorio, with its breaks")
  func ventanilla() throws {
    let clinic = try Self.read(Self.large)
    #expect(
      clinic.resource(ResourceID(.ventanilla, 4)!)
        == AgendaResource(
          id: ResourceID(.ventanilla, 4)!, services: [ServiceCode("cambio_de_clinica")], floor: 0, tags: ["sin_escaleras"],
          rules: [
            WeeklyRule(turno: TurnoCode("matutino"), weekdays: workdays, breaks: [minutes("11:00")..<minutes("11:30")]),
            WeeklyRule(turno: TurnoCode("vespertino"), weekdays: workdays, breaks: [minutes("17:00")..<minutes("17:30")]),
          ]))
    #expect(clinic.resources.filter { $0.id.kind == .ventanilla }.count == 4)
  }

  @Test("A closure of some consultorios is one closure for each of them")
  func closures() throws {
    let paint = try day("2026-12-28")...day("2026-12-30")
    #expect(
      try Self.read(Self.large).closures == [
        Closure(
          resource: nil, turno: TurnoCode("vespertino"), dates: day("2026-12-24")...day("2026-12-24"), reason: "cierre anticipado"),
        Closure(resource: ResourceID(.consultorio, 21), turno: nil, dates: paint, reason: "pintura"),
        Closure(resource: ResourceID(.consultorio, 22), turno: nil, dates: paint, reason: "pintura"),
      ])
  }

  @Test("The rural one: who works when and where, with which limits")
  func ruralClinic() throws {
    let ground = ["sin_escaleras"]
    let morning = WeeklyRule(turno: TurnoCode("matutino"), weekdays: workdays)
    let afternoon = WeeklyRule(turno: TurnoCode("vespertino"), weekdays: workdays)
    let clinic = try Self.read(Self.rural)
    #expect(
      clinic.resources == [
        AgendaResource(
          id: ResourceID(.consultorio, 1)!, services: [ServiceCode("medicina_familiar")], floor: 0, tags: ground,
          rules: [morning, afternoon]),
        AgendaResource(
          id: ResourceID(.consultorio, 2)!, services: [ServiceCode("medicina_familiar")], floor: 0, tags: ground, rules: [morning]),
        AgendaResource(
          id: ResourceID(.ventanilla, 1)!, services: [ServiceCode("cambio_de_clinica")], floor: 0, tags: ground,
          rules: [
            WeeklyRule(
              turno: TurnoCode("matutino"), weekdays: [.monday, .wednesday, .friday], breaks: [minutes("11:00")..<minutes("11:30")])
          ]),
      ])
    #expect(
      clinic.turnos == [
        Turno(code: TurnoCode("matutino"), name: "matutino", hours: minutes("08:00")..<minutes("14:00")),
        Turno(code: TurnoCode("vespertino"), name: "vespertino", hours: minutes("14:00")..<minutes("20:00")),
      ])
    #expect(
      clinic.policy
        == BookingPolicy(
          horizonDays: 28, holdSeconds: HoldSeconds(kiosk: 120, phone: 180, desk: 300), graceMinutes: 15,
          checkInOpensMinutes: 60, maxActivePerPatient: 2, maxHoldsPerPatient: 1, adultAge: 18))
    #expect(clinic.closures == [])
    #expect(clinic.guidance[.noSlot]?.map(\.code) == ["espontanea", "orientacion_telefonica", "urgencias"])
  }

  @Test("Both carry the statutory rest days of 2026 and 2027, as article 74 counts them", arguments: [large, rural])
  func restDays(_ path: String) throws {
    var expected: [CivilDate] = []
    for year in [2026, 2027] {
      expected += [
        try day("\(year)-01-01"), monday(1, of: 2, year), monday(3, of: 3, year), try day("\(year)-05-01"),
        try day("\(year)-09-16"), monday(3, of: 11, year), try day("\(year)-12-25"),
      ]
    }
    #expect(try Self.read(path).nonWorkingDays == expected)
  }

  @Test("Both offer something else on every occasion", arguments: [large, rural])
  func guidance(_ path: String) throws {
    let clinic = try Self.read(path)
    for occasion in StepOccasion.allCases { #expect(clinic.guidance[occasion]?.isEmpty == false, "\(occasion)") }
  }

  @Test("The same file with another CLUES, OOAD, number and name is the same clinic but for its identity")
  func sameProfile() throws {
    var text = try sample(Self.large)
    for (old, new) in [
      ("DFIMS999306", "JCIMS000313"), ("Ciudad de México Norte", "Jalisco"), ("numero: 930", "numero: 3"),
      ("nombre: UMF 930 de muestra", "nombre: UMF 3 de prueba"),
    ] { text = text.replacing(old, with: new) }
    var other = try ClinicConfiguration.read(text: text, file: "otra.yaml").value
    let clinic = try Self.read(Self.large)
    #expect(other.identity != clinic.identity)
    other.identity = clinic.identity
    #expect(other == clinic)
  }

  @Test("The mistake that the README shows gives the line that it shows")
  func readmeExample() throws {
    let text = try sample(Self.large)
    let rule = try #require(text.range(of: "turno: matutino"))
    let wrong = text.replacingCharacters(in: rule, with: "turno: matutno")
    let shown = problems(wrong, file: "kiosk-config/\(Self.large)")
    #expect(shown.count == 1)
    #expect(try sample("README.md").contains("    \(shown.first ?? "nothing")\n"))
  }

  private func monday(_ number: Int, of month: Int, _ year: Int) -> CivilDate {
    (1...31).compactMap { CivilDate(year: year, month: month, day: $0) }.filter { $0.weekday == .monday }[number - 1]
  }
}

let workdays: [Weekday] = [.monday, .tuesday, .wednesday, .thursday, .friday]

func minutes(_ text: String) -> AgendaMinute { AgendaMinute(text: text)! }

func day(_ text: String) throws -> CivilDate { try #require(CivilDate(iso: text)) }
