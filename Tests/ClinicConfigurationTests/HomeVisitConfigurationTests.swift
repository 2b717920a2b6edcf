internal import ClinicConfiguration
internal import ClinicDomain
internal import Testing

@Suite("The section visitas_domiciliarias of clinic.yaml")
struct HomeVisitConfigurationTests {
  /// The small clinic with the section, whose zones begin at line 59.
  static func text(_ zones: String) -> String {
    clinic(
      replacing: "orientacion:\n",
      with: "visitas_domiciliarias:\n  servicio: medicina_familiar\n  zonas:\n" + zones + "orientacion:\n")
  }

  static let north =
    "    - {codigo: norte, nombre: Zona norte, codigos_postales: [07300-07399, \"01000\"], dias: [lunes, jueves], profesionales: [C1-C2], visitas_por_dia: 8}\n"

  @Test("Zones with their postal codes, days, professionals and visits")
  func read() throws {
    let read = try ClinicConfiguration.read(text: Self.text(Self.north), file: "c.yaml")
    #expect(read.warnings == [])
    #expect(
      read.value.homeVisits
        == HomeVisitPolicy(
          service: ServiceCode("medicina_familiar"),
          zones: [
            HomeZone(
              code: "norte", name: "Zona norte",
              postalCodes: [PostalCode("07300")!...PostalCode("07399")!, PostalCode("01000")!...PostalCode("01000")!], weekdays: [.monday, .thursday],
              professionals: [ResourceID(.consultorio, 1)!, ResourceID(.consultorio, 2)!], visitsPerDay: 8)
          ]))
    #expect(try ClinicConfiguration.read(text: smallClinic, file: "c.yaml").value.homeVisits == nil)
  }

  @Test("The sample's section, once it is used as its comment says, is read without a problem")
  func sampleSection() throws {
    var isUsed = false
    let lines = try sample("clinics/umf-muestra-30/clinic.yaml").split(separator: "\n", omittingEmptySubsequences: false).map { line in
      if line.hasPrefix("#v ") { isUsed = true; return String(line.dropFirst(3)) }
      return String(line)
    }
    #expect(isUsed)
    let read = try ClinicConfiguration.read(text: lines.joined(separator: "\n"), file: "c.yaml")
    #expect(read.warnings == [] && read.value.homeVisits?.zones.map(\.code) == ["norte", "sur"])
  }

  @Test("Each fault is told with its line and what to do", arguments: [
    (north.replacing("07300-07399", with: "07300-0739"), #"codigos_postales: "07300-0739" no es un código postal; escriba cinco dígitos, como 07300, o de uno a otro, como 07300-07399"#),
    (north.replacing("07300-07399", with: "07399-07300"), #"codigos_postales: "07399-07300" va de mayor a menor; escriba 07300-07399"#),
    (north + north.replacing("norte", with: "este"), "ese código postal ya está en la línea 59; deje cada código postal en una sola zona"),
    (north.replacing("C1-C2", with: "V1"), #"V1 no da el servicio "medicina_familiar"; agréguelo a sus servicios, o nombre a otro"#),
    (north.replacing("[lunes, jueves]", with: "[sábado]").replacing("C1-C2", with: "C1"),
      "C1 trabaja de 18:00 a 02:00, y las visitas a domicilio son de 08:00 a 20:00; póngale un turno dentro de ese horario"),
    (north.replacing("visitas_por_dia: 8", with: "visitas_por_dia: 0"), "visitas_por_dia: 0 está fuera de lo permitido"),
  ])
  func faults(zones: String, expected: String) {
    let told = problems(Self.text(zones))
    #expect(told.contains { $0.contains(expected) }, "\(told)")
  }
}
