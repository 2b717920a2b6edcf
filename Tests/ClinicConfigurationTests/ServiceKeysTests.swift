internal import ClinicConfiguration
internal import ClinicDomain
internal import Testing

@Suite("What a service and a consultorio may say besides")
struct ServiceKeysTests {
  /// The small clinic, whose first service says more.
  static func service(_ lines: String) -> String { clinic(replacing: "    citas_por_persona: 1\n", with: "    citas_por_persona: 1\n" + lines) }

  /// The small clinic, whose consultorios say more.
  static func rooms(_ line: String) -> String { clinic(replacing: "    piso: 0\n", with: "    piso: 0\n" + line) }

  /// The small clinic, whose first service is confidential.
  static func prevention(_ line: String = "") -> String {
    clinic(
      replacing: "codigo: medicina_familiar\n    nombre: Medicina familiar\n",
      with: "codigo: medicina_familiar\n    nombre: Profilaxis\n    nombre_discreto: Consulta de seguimiento\n" + line)
  }

  @Test("A service waits as long as it says, and as the clinic does when it says nothing")
  func grace() throws {
    let services = try ClinicConfiguration.read(text: Self.service("    tolerancia_minutos: 0\n"), file: "c.yaml").value.services
    #expect(services.map(\.graceMinutes) == [0, nil])
  }

  @Test("A room says that nobody writes down who comes, and somebody does when it says nothing")
  func attendance() throws {
    let clinic = try ClinicConfiguration.read(text: Self.rooms("    asistencia_en_vivo: no\n"), file: "c.yaml").value
    #expect(clinic.resources.map(\.attendsLive) == [false, false, false, true])
  }

  @Test("A confidential service is called by its discreet name wherever it can be overheard")
  func discreet() throws {
    let clinic = try ClinicConfiguration.read(text: Self.prevention(), file: "c.yaml").value
    #expect(clinic.services.map(\.isConfidential) == [true, false])
    #expect(clinic.services.map(\.spokenName) == ["Consulta de seguimiento", "Trámites"])
  }

  @Test("A service says what it keeps free around each appointment and how many share a slot; without a word it is one person's and keeps nothing")
  func stamps() throws {
    let text = Self.service("    preparacion_minutos: 5\n    limpieza_minutos: 10\n    cupo: 8\n")
    let services = try ClinicConfiguration.read(text: text, file: "c.yaml").value.services
    #expect(services.map(\.stamp) == [SlotStamp(before: 5, after: 10, capacity: 8), .exclusive])
  }

  @Test("What a stamp does not go together with is refused, and told what to do", arguments: [
    (service("    limpieza_minutos: 121\n"),
      ["c.yaml:13:23: limpieza_minutos: 121 está fuera de lo permitido; escriba un número de 0 a 120 minutos"]),
    (service("    cupo: 0\n"), ["c.yaml:13:11: cupo: 0 está fuera de lo permitido; escriba un número de 1 a 99 personas"]),
    (service("    limpieza_minutos: 10\n").replacing(
      "orientacion:\n", with: "series:\n  programas:\n    - {codigo: sesiones, servicio: medicina_familiar, margen_dias: 1, por_semana: 3, mueve_horas: 24, descanso_horas: 20}\norientacion:\n"),
      ["c.yaml:7:13: medicina_familiar se da en sillas propias: ahí la limpieza va dentro de minutos, y en una silla no caben dos; quite preparacion_minutos, limpieza_minutos y cupo, y alargue minutos"]),
    (service("    limpieza_minutos: 10\n").replacing(
      "orientacion:\n", with: "capacidad:\n  cuotas:\n    - {recursos: [C1], turno: matutino, canales: {kiosco: 13}, se_liberan_horas: 24}\norientacion:\n"),
      ["c.yaml:59:7: las cuotas suman 13 y en el turno matutino de C1 caben 11 citas; baje las cuotas hasta que sumen 11 o menos"]),
    (service("    cupo: 3\n").replacing("    servicios: [medicina_familiar]\n", with: "    servicios: [medicina_familiar, otra]\n").replacing(
      "turnos:\n", with: "  - {codigo: otra, nombre: Otra, minutos: 15, canales: [kiosco], exige_derechos: no, citas_por_persona: 1}\nturnos:\n"),
      ["c.yaml:30:36: otra tiene cupo de 1 y medicina_familiar, del mismo lugar, de 3; ponga juntos solo servicios del mismo cupo"]),
  ])
  func stampFaults(text: String, expected: [String]) {
    #expect(problems(text) == expected)
  }

  @Test("Each fault is told with its place and what to do", arguments: [
    (service("    tolerancia_minutos: 500\n"),
      ["c.yaml:13:25: tolerancia_minutos: 500 está fuera de lo permitido; escriba un número de 0 a 120 minutos"]),
    (service("    tolerancia_minuto: 5\n"),
      [#"c.yaml:13:5: la clave "tolerancia_minuto" no existe en el elemento 1 de servicios; ¿quiso decir "tolerancia_minutos"?"#]),
    (rooms("    asistencia_en_vivo: false\n"), [#"c.yaml:30:25: asistencia_en_vivo: "false" no es sí ni no; escriba no"#]),
    (service("    nombre_discreto: Su medicina\n"),
      [
        #"c.yaml:7:13: el codigo de un servicio confidencial dice "MEDICINA", y el código llega a las pantallas; use uno que no lo diga, como consulta_discreta"#,
        #"c.yaml:13:22: nombre_discreto dice "MEDICINA", que es del nombre del servicio; escriba uno que no lo diga, como Consulta de seguimiento"#,
      ]),
    (prevention("    requisitos: [Traiga su receta]\n"),
      ["c.yaml:10:17: un servicio con nombre_discreto no lleva requisitos: se leen y se oyen; quítelos; el personal los dice en persona"]),
  ])
  func faults(text: String, expected: [String]) {
    #expect(problems(text) == expected)
  }
}
