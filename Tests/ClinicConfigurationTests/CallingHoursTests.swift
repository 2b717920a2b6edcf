import ClinicConfiguration
import ClinicDomain
import Testing

@Suite("llamadas in lista_espera of clinic.yaml")
struct CallingHoursTests {
  static func read(_ calls: String) throws(ConfigurationProblems) -> Configured<Clinic> {
    let list = """

      lista_espera:
        fuentes: [cancelaciones]
        ofertas_a_la_vez: 3
        minutos_para_contestar: 20
        cierra_minutos_antes: 30
        veces: 10
        dias: 30
        por_persona: 2
        \(calls)

      """
    return try ClinicConfiguration.read(bytes: Array((UnitsTests.sample + list).utf8), file: "clinic.yaml")
  }

  @Test("Days and hours; without the key nobody is called")
  func hours() throws {
    let read = try Self.read("llamadas: {dias: lunes-viernes, horario: \"09:00-20:00\"}")
    #expect(read.value.waitlist?.calls == CallingHours(
      days: [.monday, .tuesday, .wednesday, .thursday, .friday], hours: AgendaMinute(minutes: 540)!..<AgendaMinute(minutes: 1200)!))
    #expect(try Self.read("").value.waitlist?.calls == nil)
  }

  @Test("What a typo is told, and who calls at night", arguments: [
    ("llamadas: {dias: lunes}", "falta \"horario\""),
    ("llamadas: {dias: lunez, horario: \"09:00-20:00\"}", "lunez"),
    ("llamadas: {dias: lunes, horario: \"20:00-02:00\"}", "el horario pasa de la medianoche"),
  ])
  func wrong(calls: String, expected: String) {
    let error = #expect(throws: ConfigurationProblems.self) { try Self.read(calls) }
    #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
  }

  @Test("Hours before eight or after nine are warned of", arguments: ["07:30-20:00", "09:00-21:15"])
  func night(hours: String) throws {
    let warnings = try Self.read("llamadas: {dias: lunes, horario: \"\(hours)\"}").warnings.map(\.message)
    #expect(warnings.contains("horario: nadie espera que su clínica le llame antes de las 08:00 o después de las 21:00"))
  }
}
