internal import ClinicConfiguration
internal import ClinicDomain
internal import Testing

@Suite("The section series of clinic.yaml")
struct SeriesTests {
  /// The small clinic with a section of series, which begins at line 57.
  static func text(_ section: String) -> String {
    clinic(replacing: "orientacion:\n", with: "series:\n" + section + "orientacion:\n")
  }

  @Test("The sample's series are read as they are written, without a problem")
  func sampleSection() throws {
    let read = try ClinicConfiguration.read(text: try sample("clinics/umf-muestra-30/clinic.yaml"), file: "c.yaml")
    #expect(read.warnings.isEmpty)
    let series = read.value.series
    #expect(series.programs == [
      SeriesProgram(
        code: SeriesCode("prenatal"), service: ServiceCode("medicina_familiar"), toleranceDays: 5,
        plan: .prenatal(weeks: [8, 12, 16, 20, 24, 28, 32, 36, 38, 40])),
      SeriesProgram(
        code: SeriesCode("cronicos"), service: ServiceCode("medicina_familiar"), toleranceDays: 7,
        plan: .periodic(
          PeriodicRule(everyMonths: 3, prescriptions: PrescriptionRule(count: 3, everyDays: 30, businessDays: 5, lapses: true)))),
    ])
    #expect(series.check == PreventiveCheck(service: ServiceCode("medicina_preventiva"), everyMonths: 12))
    #expect(series.doses.map(\.code) == ["srp_1", "srp_2", "sr"] && series.vaccination == ServiceCode("medicina_preventiva"))
  }

  @Test("The sample says that its doses are no clinical advice")
  func notValidated() throws {
    #expect(try sample("clinics/umf-muestra-30/clinic.yaml").contains("dosis: # MUESTRA, NO VALIDADA CLÍNICAMENTE"))
  }

  @Test("Chairs and a discreet follow-up are read")
  func chairs() throws {
    let text = Self.text(
      """
        programas:
          - {codigo: sesiones, servicio: medicina_familiar, margen_dias: 1, por_semana: 3, mueve_horas: 24, descanso_horas: 20}
          - {codigo: seguimiento, servicio: tramites, margen_dias: 7, cada_meses: 3, primera_en_dias: 7}

      """)
    #expect(try ClinicConfiguration.read(text: text, file: "c.yaml").value.series.programs.map(\.plan) == [
      .chairs(ChairRule(perWeek: 3, withinHours: 24, restHours: 20)), .periodic(PeriodicRule(everyMonths: 3, firstWithinDays: 7)),
    ])
  }

  @Test("Each fault is told with its line and what to do", arguments: [
    ("  programas:\n    - {codigo: a, servicio: medicina_familiar, margen_dias: 1}\n",
      ["c.yaml:58:7: el elemento 1 de programas no dice cada cuándo; escriba una sola: semanas, cada_meses o por_semana"]),
    ("  programas:\n    - {codigo: a, servicio: medicina_familiar, margen_dias: 1, semanas: [8], cada_meses: 3}\n",
      ["c.yaml:58:7: el elemento 1 de programas dice cada cuándo de varias maneras; escriba una sola: semanas, cada_meses o por_semana"]),
    ("  programas:\n    - {codigo: a, servicio: medicina_familiar, margen_dias: 1, semanas: [8, 43]}\n",
      ["c.yaml:58:77: semanas: 43 está fuera de lo permitido; escriba un número de 1 a 42 semanas"]),
    ("  programas:\n    - {codigo: a, servicio: medicina_familiar, margen_dias: 1, semanas: [12, 8]}\n",
      ["c.yaml:58:78: semanas: 8 viene después de 12; escríbalas de menor a mayor"]),
    ("  programas:\n    - {codigo: a, servicio: medicina_familiar, margen_dias: 1, semanas: [8], mueve_horas: 24}\n",
      ["c.yaml:58:91: mueve_horas va con por_semana y esta serie es de semanas; quítelo"]),
    ("  programas:\n    - {codigo: a, servicio: medicina_familiar, margen_dias: 1, por_semana: 3, mueve_horas: 24}\n",
      [#"c.yaml:58:7: falta "descanso_horas" en una serie con silla; agregue, por ejemplo, descanso_horas: 20"#]),
    ("  programas:\n    - {codigo: a, servicio: medicina_familia, margen_dias: 1, semanas: [8]}\n",
      [#"c.yaml:58:29: servicio: "medicina_familia" no está definido; ¿quiso decir "medicina_familiar"?"#]),
    ("  revision: {servicio: medicina_familiar, cada_meses: 0}\n",
      ["c.yaml:57:55: cada_meses: 0 está fuera de lo permitido; escriba un número de 1 a 60 meses"]),
    ("  vacunas:\n    servicio: medicina_familiar\n    dosis:\n      - {codigo: a, nombre: A, desde_meses: 12, hasta_meses: 6}\n",
      ["c.yaml:60:62: hasta_meses es 6, antes de desde_meses, que es 12; escriba 12 o más"]),
  ])
  func faults(section: String, expected: [String]) {
    #expect(problems(Self.text(section)).sorted() == expected.sorted())
  }
}
