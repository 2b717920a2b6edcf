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

  static func readNotices(_ notices: String) throws(ConfigurationProblems) -> Configured<Clinic> {
    try ClinicConfiguration.read(bytes: Array("\(UnitsTests.sample)\navisos: \(notices)\n".utf8), file: "clinic.yaml")
  }

  @Test("avisos: when, how often, and of what people are told; without the section of nothing")
  func notices() throws {
    let read = try Self.readNotices("{dias: lunes, horario: \"09:00-20:00\", llamadas: 3, cada_minutos: 120, recordatorio_dias: 2}").value.notices
    let hours = CallingHours(days: [.monday], hours: AgendaMinute(minutes: 540)!..<AgendaMinute(minutes: 1200)!)
    #expect(read == NoticePolicy(hours: hours, maxCalls: 3, betweenMinutes: 120, reminderDays: 2))
    let changes = try Self.readNotices("{dias: lunes, horario: \"09:00-20:00\", llamadas: 3, cada_minutos: 120}").value.notices
    #expect(changes == NoticePolicy(hours: hours, maxCalls: 3, betweenMinutes: 120, reminderDays: nil))
    #expect(try Self.read("").value.notices == nil)
  }

  @Test("What a typo in avisos is told", arguments: [
    ("{dias: lunes, horario: \"09:00-20:00\", llamadas: 9, cada_minutos: 120}", "llamadas"),
    ("{dias: lunes, horario: \"09:00-20:00\", llamadas: 3, cada_minutos: 5}", "cada_minutos"),
    ("{dias: lunes, horario: \"09:00-20:00\", llamadas: 3, cada_minutos: 120, recordatorio_dias: 0}", "recordatorio_dias"),
    ("{dias: lunes, horario: \"20:00-02:00\", llamadas: 3, cada_minutos: 120}", "el horario pasa de la medianoche"),
    ("{dias: lunes, llamadas: 3, cada_minutos: 120}", "falta \"horario\""),
  ])
  func wrongNotices(notices: String, expected: String) {
    let error = #expect(throws: ConfigurationProblems.self) { try Self.readNotices(notices) }
    #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
  }

  @Test("Hours before eight or after nine are warned of", arguments: ["07:30-20:00", "09:00-21:15"])
  func night(hours: String) throws {
    let warnings = try Self.read("llamadas: {dias: lunes, horario: \"\(hours)\"}").warnings.map(\.message)
    #expect(warnings.contains("horario: nadie espera que su clínica le llame antes de las 08:00 o después de las 21:00"))
  }
}
