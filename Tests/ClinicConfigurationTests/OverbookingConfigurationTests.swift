internal import ClinicConfiguration
internal import ClinicDomain
internal import Testing

@Suite("The list sobrecupo of clinic.yaml")
struct OverbookingConfigurationTests {
  /// The small clinic with a cap of C1 to C3 in line 58, and what follows it from line 59 on.
  static func text(_ section: String, waitlist: String? = nil) -> String {
    let capacity = "capacidad:\n  topes:\n    - {recursos: [C1-C3], personas: 40}\n" + section
    let list = waitlist.map { "lista_espera: {fuentes: [\($0)], ofertas_a_la_vez: 3, minutos_para_contestar: 20, cierra_minutos_antes: 30, veces: 10, dias: 30, por_persona: 2}\n" }
    return clinic(replacing: "orientacion:\n", with: capacity + (list ?? "") + "orientacion:\n")
  }

  static let mondays = "  sobrecupo:\n    - {recursos: [C1-C2], dias: lunes, horario: 08:00-10:00, anticipacion_dias: 14, personas: 2}\n"
  static let freedTwice =
    "c.yaml:60:7: C1 y C2 de 08:00 a 10:00: el sobrecupo ya da el lugar de quienes no llegarán, y la fuente inasistencias (línea 61) lo ofrecería otra vez; quite inasistencias de las fuentes de lista_espera, o quite este sobrecupo"

  @Test("By consultorio, weekday, hour and how far ahead; without the list nothing is overbooked")
  func read() throws {
    let read = try ClinicConfiguration.read(text: Self.text(Self.mondays), file: "c.yaml")
    #expect(read.warnings.isEmpty)
    #expect(read.value.capacity.overbooking == [
      OverbookingRule(
        resources: [.init(.consultorio, 1)!, .init(.consultorio, 2)!], weekdays: [.monday],
        hours: .init(minutes: 480)!..<AgendaMinute(minutes: 600)!, lead: 14, people: 2)
    ])
    #expect(try ClinicConfiguration.read(text: smallClinic, file: "c.yaml").value.capacity.overbooking.isEmpty)
  }

  @Test("The same no-shows are not spent twice: overbooked and offered to those who wait is refused with both places", arguments: [
    ("inasistencias", [freedTwice]),
    ("reaperturas, inasistencias", [freedTwice]),
    ("reaperturas", []),
    ("cancelaciones", [
      "c.yaml:60:7: aviso: C1 y C2 de 08:00 a 10:00: lo que se cancele a esas horas no se ofrece a la lista de espera (cancelaciones, línea 61): el sobrecupo ya lo dio; es a propósito si así lo quiere; si no, quite uno de los dos"
    ]),
  ])
  func spentOnce(sources: String, expected: [String]) {
    #expect(problems(Self.text(Self.mondays, waitlist: sources)) == expected)
  }

  @Test("Where nobody writes down who comes, no place is offered for a no-show, and both may stand")
  func unseen() {
    let text = Self.text(Self.mondays, waitlist: "inasistencias")
      .replacing("  - numeros: C1-C3\n    servicios: [medicina_familiar]\n", with: "  - numeros: C1-C3\n    asistencia_en_vivo: no\n    servicios: [medicina_familiar]\n")
    #expect(problems(text).isEmpty)
  }

  @Test("Each fault is told with its line, its column and what to do", arguments: [
    ("  sobrecupos: []\n", [#"c.yaml:59:3: la clave "sobrecupos" no existe en capacidad; ¿quiso decir "sobrecupo"?"#]),
    ("  sobrecupo:\n    - {recursos: [C1], dias: lunes, horario: 08:00-10:00, antisipacion_dias: 14, personas: 2}\n",
      [#"c.yaml:60:59: la clave "antisipacion_dias" no existe en el elemento 1 de sobrecupo; ¿quiso decir "anticipacion_dias"?"#]),
    ("  sobrecupo:\n    - {recursos: [C1], dias: lunes, horario: 08:00-10:00, anticipacion_dias: 14}\n",
      [#"c.yaml:60:7: falta "personas" en el elemento 1 de sobrecupo; agregue, por ejemplo, personas: 2"#]),
    ("  sobrecupo:\n    - {recursos: [C1], dias: lunes, horario: 08:00-10:00, anticipacion_dias: 29, personas: 2}\n",
      ["c.yaml:60:78: anticipacion_dias es 29 y la agenda solo llega a 28 días (horizonte_dias): nunca valdría; escriba 28 o menos, o suba horizonte_dias"]),
    ("  sobrecupo:\n    - {recursos: [C1], dias: lunes, horario: 08:00-10:00, anticipacion_dias: 0, personas: 2}\n",
      ["c.yaml:60:78: anticipacion_dias: 0 está fuera de lo permitido; escriba un número de 1 a 366 días"]),
    ("  sobrecupo:\n    - {recursos: [C1], dias: lunes, horario: 08:00-10:00, anticipacion_dias: 7, personas: 2}\n    - {recursos: [C1-C2], dias: lunes-martes, horario: 09:30-11:00, anticipacion_dias: 14, personas: 2}\n",
      ["c.yaml:61:7: C1 ya tiene sobrecupo a esas horas en la línea 60; deje cada consultorio, día y hora en un solo elemento"]),
    ("  sobrecupo:\n    - {recursos: [V1], dias: sábado, horario: 18:00-20:00, anticipacion_dias: 7, personas: 2}\n",
      ["c.yaml:60:7: el turno nocturno de V1 tiene sobrecupo y no tiene tope; agregue V1 a un elemento de topes: el sobrecupo nunca lo pasa"]),
    ("  sobrecupo:\n    - {recursos: [C1], dias: lunes, horario: 15:00-16:00, anticipacion_dias: 7, personas: 2}\n",
      ["c.yaml:60:7: aviso: C1 no trabaja a esas horas; revise los días y el horario, o agregue una regla"]),
  ])
  func faults(section: String, expected: [String]) {
    #expect(problems(Self.text(section)) == expected)
  }

  @Test("Where appointments keep time around themselves, or several share a slot, nothing is overbooked", arguments: ["cupo: 2", "limpieza_minutos: 5"])
  func stamped(line: String) {
    let text = Self.text(Self.mondays).replacing("    citas_por_persona: 1\n", with: "    citas_por_persona: 1\n    \(line)\n", maxReplacements: 1)
    #expect(problems(text).contains(
      "c.yaml:61:7: medicina_familiar tiene cupo, preparación o limpieza, y en esos lugares no se da sobrecupo; quite esos recursos de este elemento"))
  }

  @Test("A chair is one person's")
  func chairs() {
    let text = Self.text(Self.mondays)
      .replacing("orientacion:\n", with: "series:\n  programas:\n    - {codigo: sesiones, servicio: medicina_familiar, margen_dias: 1, por_semana: 3, mueve_horas: 24, descanso_horas: 20}\norientacion:\n")
    #expect(problems(text).contains(
      "c.yaml:60:7: medicina_familiar se da en sillas propias, y en una silla no caben dos; quite esos recursos de este elemento"))
  }
}
