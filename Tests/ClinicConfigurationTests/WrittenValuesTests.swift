internal import ClinicConfiguration
internal import ClinicDomain
internal import Testing

/// What is legal and how it is understood; what is not stands in `WrongFilesTests`.
@Suite("Values mean what is written, not what YAML makes of it")
struct WrittenValuesTests {
  func read(_ old: String, _ new: String) throws -> Clinic {
    let read = try ClinicConfiguration.read(text: clinic(replacing: old, with: new), file: "c.yaml")
    #expect(read.warnings == [])
    return read.value
  }

  @Test("The small clinic of these tests has neither problems nor warnings")
  func smallClinicIsFine() { #expect(problems(smallClinic) == []) }

  @Test(
    "A turno's hours; what ends before it begins ends on the following day",
    arguments: [
      ("08:00-14:00", 480..<840), ("8:00-14:00", 480..<840), ("\"8:00 - 14:00\"", 480..<840), ("8:00–14:00", 480..<840),
      ("18:00-02:00", 1080..<1560), ("00:00-24:00", 0..<1440), ("16:00-00:00", 960..<1440), ("16:00-24:00", 960..<1440),
    ])
  func hours(text: String, expected: Range<Int>) throws {
    // The breaks and other rules are of no interest here.
    let text = clinic(replacing: "horario: 08:00-14:00", with: "horario: \(text)")
      .replacing("    descansos: [11:00-11:30]\n", with: "")
      .replacing("dias: [sábado, domingo]\n    recursos: [C1, V1]", with: "dias: sábado\n    recursos: V1")
    let hours = try #require(ClinicConfiguration.read(text: text, file: "c.yaml").value.turno(TurnoCode("matutino"))).hours
    #expect(hours.lowerBound.minutes..<hours.upperBound.minutes == expected)
  }

  @Test("P16: the night pilot of 18:00 to 02:00 is a turno of 8 hours, 32 slots of 15 minutes, that ends past 1440")
  func nightTurno() throws {
    let hours = try #require(read("nombre: nocturno", "nombre: noche").turno(TurnoCode("nocturno"))).hours
    #expect(hours.upperBound == AgendaMinute(minutes: 1560))
    #expect((hours.upperBound.minutes - hours.lowerBound.minutes) / 15 == 32)
  }

  @Test("A break of a night turno may lie after midnight")
  func breakAfterMidnight() throws {
    let clinic = try read("recursos: [C1, V1]", "recursos: [C1, V1]\n    descansos: [\"1:00-1:30\", 23:30-00:30]")
    let rule = try #require(clinic.resource(ResourceID(.ventanilla, 1)!)?.rules.first)
    #expect(rule.breaks == [minutes("23:30")..<minutes("24:30"), minutes("25:00")..<minutes("25:30")])
  }

  @Test(
    "Whether rights are needed is said in Spanish; YAML's idea of no and yes plays no part",
    arguments: [("no", false), ("No", false), ("\"no\"", false), ("sí", true), ("si", true), ("'sí'", true)])
  func yesAndNo(text: String, expected: Bool) throws {
    #expect(try read("exige_derechos: no", "exige_derechos: \(text)").service(ServiceCode("tramites"))?.requiresRights == expected)
  }

  @Test(
    "Weekdays: names, abbreviations, with and without accents, from one to another, over the week's end",
    arguments: [
      ("lunes-viernes", [1, 2, 3, 4, 5]), ("lun-vie", [1, 2, 3, 4, 5]), ("[miercoles, LUNES]", [1, 3]), ("viernes-lunes", [1, 5, 6, 7]),
      ("todos", [1, 2, 3, 4, 5, 6, 7]), ("[lunes-martes, jue]", [1, 2, 4]),
    ])
  func weekdays(text: String, expected: [Int]) throws {
    let clinic = try read("dias: lunes-viernes", "dias: \(text)")
    #expect(clinic.resource(ResourceID(.consultorio, 2)!)?.rules.first?.weekdays.map(\.rawValue) == expected)
  }

  @Test(
    "Resources by ranges, lists and single names, in any order",
    arguments: ["C1-C3", "[C1-C2, C3]", "[C3, C1, C2]", "[\"c1\", C2 - C3]"])
  func resources(text: String) throws {
    let clinic = try read("numeros: C1-C3", "numeros: \(text)")
    #expect(clinic.resources.map(\.id.description) == ["C1", "C2", "C3", "V1"])
  }

  @Test(
    "An OOAD is found without accents, in any case and by its short name, and kept by its full one",
    arguments: ["ciudad de mexico norte", "CIUDAD DE MÉXICO NORTE", "CDMX Norte", "\"Ciudad de México Norte\""])
  func ooad(text: String) throws {
    #expect(try read("ooad: Ciudad de México Norte", "ooad: \(text)").identity.ooad == "Ciudad de México Norte")
  }

  @Test("There are 35 OOAD, each with a name of its own; three states have two")
  func ooadTable() {
    #expect(OOAD.all.count == 35)
    #expect(Set(OOAD.all.map(\.name)).count == 35)
    #expect(Set(OOAD.all.map(\.state)).count == 32)
  }

  @Test(
    "Each zone of the country is known, and is the one of its own states",
    arguments: [
      ("Ciudad de México Norte", "America/Mexico_City"), ("Quintana Roo", "America/Cancun"), ("Yucatán", "America/Merida"),
      ("Nuevo León", "America/Monterrey"), ("Tamaulipas", "America/Matamoros"), ("Chihuahua", "America/Chihuahua"),
      ("Chihuahua", "America/Ciudad_Juarez"), ("Chihuahua", "America/Ojinaga"), ("Sonora", "America/Hermosillo"),
      ("Sinaloa", "America/Mazatlan"), ("Nayarit", "America/Bahia_Banderas"), ("Baja California", "America/Tijuana"),
    ])
  func zones(ooad: String, zone: String) throws {
    let text = smallClinic.replacing("America/Mexico_City", with: zone).replacing("Ciudad de México Norte", with: ooad)
    let read = try ClinicConfiguration.read(text: text, file: "c.yaml")
    #expect(read.value.identity.zone == zone)
    #expect(!read.warnings.contains { $0.message.contains("zona") })
  }

  @Test("Days without appointments come out in order, whatever their order in the file")
  func nonWorkingDays() throws {
    let clinic = try ClinicConfiguration.read(text: smallClinic, file: "c.yaml").value
    #expect(try clinic.nonWorkingDays == [day("2026-01-01"), day("2026-12-25")])
  }

  @Test("A file from Windows, with a byte order mark and CR LF, reads the same")
  func windows() throws {
    let plain = try ClinicConfiguration.read(text: smallClinic, file: "c.yaml").value
    let windows = "\u{FEFF}" + smallClinic.replacing("\n", with: "\r\n")
    #expect(try ClinicConfiguration.read(text: windows, file: "c.yaml").value == plain)
  }

  @Test("Ventanillas and closures may be left out; a list of closures may be empty")
  func optionalSections() throws {
    #expect(try read("cierres:\n  - desde: 2026-12-24\n    motivo: fumigación\n", "").closures == [])
    #expect(try read("cierres:\n  - desde: 2026-12-24\n    motivo: fumigación\n", "cierres: []\n").closures == [])
    #expect(try SampleClinicTests.read(SampleClinicTests.rural).resources.count == 3)
  }
}
