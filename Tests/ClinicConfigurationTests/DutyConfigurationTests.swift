internal import ClinicConfiguration
internal import ClinicDomain
internal import Testing

@Suite("The section compromisos of clinic.yaml")
struct DutyConfigurationTests {
  static func text(_ section: String) -> String { clinic(replacing: "orientacion:\n", with: "compromisos:\n" + section + "orientacion:\n") }

  @Test("What it says holds; what it leaves out is as without it")
  func read() throws {
    func duties(_ text: String) throws -> DutyPolicy { try ClinicConfiguration.read(text: text, file: "c.yaml").value.duties }
    #expect(try duties(clinic(replacing: "orientacion:\n", with: "orientacion:\n")) == .standard)
    let section = "  referencia_minutos: 20\n  cirugia_dias: 20\n  tamiz_dias_habiles: 2\n  tamiz_servicio: medicina_familiar\n  revision_nocturna: 04:30\n"
    #expect(try duties(Self.text(section)) == DutyPolicy(
      referralMinutes: 20, surgeryDays: 20, childBusinessDays: 2, childService: .init("medicina_familiar"),
      nightlyMinute: AgendaMinute(minutes: 270)!))
    #expect(try duties(Self.text("  cirugia_dias: 90\n")) == DutyPolicy(surgeryDays: 90))
  }

  @Test("Each fault is told with its line and what to do", arguments: [
    ("  cirugia_dias: 400\n", "c.yaml:57:17: "),
    ("  referencia_minutos: 0\n", "c.yaml:57:23: "),
    ("  tamiz_servicio: pediatria\n", "c.yaml:57:19: tamiz_servicio: \"pediatria\" no está definido"),
    ("  revision_nocturna: 25:00\n", "c.yaml:57:22: revision_nocturna: \"25:00\" no es una hora del día"),
    ("  cirugia_dias: 200\n", "c.yaml:57:17: aviso: con 200 días, una cirugía puede esperar medio año"),
  ])
  func wrong(section: String, expected: String) {
    #expect(problems(Self.text(section)).first?.hasPrefix(expected) == true, "\(problems(Self.text(section)))")
  }
}
