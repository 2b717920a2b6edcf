internal import ClinicConfiguration
internal import ClinicDomain
internal import Testing

@Suite("The sections embarazo, directorio and the key unifila of clinic.yaml, and the directory's file")
struct MaternityConfigurationTests {
  static func text(_ section: String) -> String { clinic(replacing: "orientacion:\n", with: section + "orientacion:\n") }

  static let maternity = """
    embarazo:
      servicio: medicina_familiar
      dias: 7
      guardia:
        - {nombre: Enf. Uno, puesto: enfermera, telefono: "5550109011", dias: lunes-viernes, horario: 08:00-14:00}
        - {nombre: Dra. Dos, puesto: médica de guardia, telefono: "5550109012"}

    """

  @Test("P19: who is on duty is read by name, post, telephone and hours; 30 minutes unless the clinic promises fewer")
  func read() throws {
    let policy = try #require(try ClinicConfiguration.read(text: Self.text(Self.maternity), file: "c.yaml").value.maternity)
    #expect(policy.service == ServiceCode("medicina_familiar") && policy.days == 7 && policy.answerMinutes == 30)
    #expect(policy.roster.map(\.title) == ["Enf. Uno, enfermera", "Dra. Dos, médica de guardia"])
    #expect(try ClinicConfiguration.read(text: Self.text(""), file: "c.yaml").value.maternity == nil)
  }

  @Test("P19: a week with an hour at which nobody is on duty is refused, and so is every other fault, with its line and what to do", arguments: [
    ("    - {nombre: Dra. Dos, puesto: médica de guardia, telefono: \"5550109012\"}\n", "",
     "c.yaml:60:5: el lunes a las 00:00 no hay nadie en guardia"),
    ("dias: 7", "dias: 90", "c.yaml:58:9: dias: 90 está fuera de lo permitido; escriba un número de 0 a 14 días"),
    ("  dias: 7\n", "  dias: 7\n  responde_minutos: 31\n", "c.yaml:59:21: responde_minutos: 31 está fuera de lo permitido"),
    ("medicina_familiar", "medicina_familar", "c.yaml:57:13: servicio: \"medicina_familar\" no está definido"),
    (", telefono: \"5550109011\"", "", "c.yaml:60:7: falta \"telefono\""),
    ("Enf. Uno", "Enf. Uno de los muchos nombres que no caben en una sola frase hablada", "c.yaml:60:16: el nombre y el puesto tienen"),
  ])
  func wrong(part: String, other: String, expected: String) throws {
    let section = Self.maternity.replacing(part, with: other)
    #expect(section != Self.maternity)
    let all = problems(Self.text(section))
    #expect(all.contains { $0.hasPrefix(expected) }, "\(all)")
  }

  static let directory = """
    unidades:
      - {clues: DFIMS999312, institucion: imss, nombre: Hospital, domicilio: Calle 1, codigo_postal: "07760", horario: siempre, atiende: [urgencias]}
      - {clues: DFSSA003961, institucion: imss-bienestar, nombre: Centro, domicilio: Calle 2, codigo_postal: "07320", horario: de día, atiende: [medicina_familiar]}

    """

  static func directoryProblems(_ text: String) -> [String] {
    do { return try DirectoryConfiguration.read(bytes: Array(text.utf8), file: "d.yaml").warnings.map(\.description) } catch {
      return error.problems.map(\.description)
    }
  }

  @Test("P09: the sample directory is read, is marked as a sample, and has a unit of every institution")
  func sampleDirectory() throws {
    let text = try sample("directorio/muestra.yaml")
    #expect(text.hasPrefix("# MUESTRA:"))
    let read = try DirectoryConfiguration.read(bytes: Array(text.utf8), file: "d.yaml")
    #expect(read.warnings.isEmpty)
    for institution in Institution.allCases where institution != .none { #expect(read.value.contains { $0.institution == institution }) }
  }

  @Test("P09: a directory without a unit for the uninsured or without urgent care is refused, as is what contradicts itself", arguments: [
    ("institucion: imss-bienestar", "institucion: semar", "d.yaml:2:3: no hay ninguna unidad de IMSS-Bienestar"),
    ("atiende: [urgencias]", "atiende: [hospital]", "d.yaml:2:3: ninguna unidad atiende urgencias"),
    ("DFSSA003961", "DFIST999022", "d.yaml:3:39: la CLUES DFIST999022 no es de una unidad de IMSS-Bienestar; escriba institucion: issste, o corrija la CLUES"),
    ("institucion: imss,", "institucion: imsss,", "d.yaml:2:39: institucion: \"imsss\" no existe; ¿quiso decir \"imss\"?"),
    ("\"07760\"", "\"776\"", "d.yaml:2:"), ("DFSSA003961", "DFIMS999312", "d.yaml:3:"),
  ])
  func wrongDirectory(part: String, other: String, expected: String) {
    let all = Self.directoryProblems(Self.directory.replacing(part, with: other))
    #expect(all.contains { $0.hasPrefix(expected) }, "\(all)")
    #expect(Self.directoryProblems(Self.directory) == [])
  }

  @Test("The units of who has no rights may come from the directory, and must come from somewhere")
  func freeCare() {
    let care = "atencion_gratuita:\n  llevar: [su CURP]\n  credencial: [Vaya al módulo.]\n"
    #expect(problems(Self.text(care)).contains { $0.contains("falta \"unidades\" en atencion_gratuita") })
    #expect(problems(Self.text("directorio: {archivo: d.yaml, codigo_postal: \"07300\"}\n" + care)) == [])
  }

  @Test("P29: `unifila: sí` alone gives the standard list; `no` gives none although the section is there; left out, the section decides", arguments: [
    ("unifila: sí\n", WaitlistPolicy.standard), ("unifila: no\n", nil), ("", nil),
    ("unifila: no\nlista_espera: {fuentes: [cancelaciones], ofertas_a_la_vez: 3, minutos_para_contestar: 20, cierra_minutos_antes: 30, veces: 10, dias: 30, por_persona: 2}\n", nil),
  ] as [(String, WaitlistPolicy?)])
  func unifila(line: String, expected: WaitlistPolicy?) throws {
    #expect(try ClinicConfiguration.read(text: Self.text(line), file: "c.yaml").value.waitlist == expected)
    let both = "unifila: sí\nlista_espera: {fuentes: [cancelaciones], ofertas_a_la_vez: 5, minutos_para_contestar: 20, cierra_minutos_antes: 30, veces: 10, dias: 30, por_persona: 2}\n"
    #expect(try ClinicConfiguration.read(text: Self.text(both), file: "c.yaml").value.waitlist?.offersAtOnce == 5)
    #expect(problems(Self.text("unifila: quizá\n")).contains { $0.contains("no es sí ni no") })
  }
}
