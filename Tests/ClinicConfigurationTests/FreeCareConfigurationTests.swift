internal import ClinicConfiguration
internal import ClinicDomain
internal import Testing

@Suite("The sections atencion_gratuita and plan_de_parto of clinic.yaml")
struct FreeCareConfigurationTests {
  static func text(_ section: String) -> String { clinic(replacing: "orientacion:\n", with: section + "orientacion:\n") }

  static let care = """
    atencion_gratuita:
      unidades:
        - {clues: DFSSA003961, nombre: Centro de Salud Uno, domicilio: Calle 1, horario: todos los días}
      llevar: [su CURP]
      credencial: [Vaya al módulo., Pida la credencial.]

    """
  static let plan = """
    plan_de_parto:
      aviso: Muestra.
      puntos:
        - {codigo: acompanante, texto: Quiero compañía.}
        - {codigo: cordon, texto: Quiero que esperen.}

    """

  @Test("What they say holds; a clinic may do without them")
  func read() throws {
    let read = try ClinicConfiguration.read(text: Self.text(Self.care + Self.plan), file: "c.yaml").value
    #expect(read.freeCare == FreeCare(
      units: [.init(clues: CLUES("DFSSA003961")!, name: "Centro de Salud Uno", address: "Calle 1", hours: "todos los días")],
      bring: ["su CURP"], credential: ["Vaya al módulo.", "Pida la credencial."]))
    #expect(read.birthPlan == BirthPlanForm(
      notice: "Muestra.", items: [.init(code: "acompanante", text: "Quiero compañía."), .init(code: "cordon", text: "Quiero que esperen.")]))
    let bare = try ClinicConfiguration.read(text: Self.text(""), file: "c.yaml").value
    #expect(bare.freeCare == nil && bare.birthPlan == nil)
  }

  @Test("Each fault is told with its line and what to do", arguments: [
    (care, "DFSSA003961", "DFIMS000266", "c.yaml:58:15: la CLUES DFIMS000266 es de una unidad del IMSS, que pide derechos"),
    (care, "DFSSA003961", "DFSSA39", "c.yaml:58:15: clues: tiene 7 caracteres y son 11"),
    (care, "    - {clues: DFSSA003961, nombre: Centro de Salud Uno, domicilio: Calle 1, horario: todos los días}\n", "    []\n",
     "c.yaml:58:5: unidades tiene 0: a quien perdió sus derechos se le dice a dónde ir"),
    (care, ", horario: todos los días", "", "c.yaml:58:7: "),
    (care, "  llevar: [su CURP]\n", "", "c.yaml:57:3: "),
    (plan, "codigo: cordon", "codigo: acompanante", "c.yaml:60:"),
    (plan, "codigo: cordon", "codigo: Cordón", "c.yaml:60:"),
    (plan, "  aviso: Muestra.\n", "", "c.yaml:57:3: "),
  ])
  func wrong(section: String, part: String, other: String, expected: String) {
    let range = section.firstRange(of: part)!
    let all = problems(Self.text(section[..<range.lowerBound] + other + section[range.upperBound...]))
    #expect(all.first?.hasPrefix(expected) == true, "\(all)")
  }
}
