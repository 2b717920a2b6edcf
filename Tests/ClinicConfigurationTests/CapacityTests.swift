internal import ClinicConfiguration
internal import ClinicDomain
internal import Testing

@Suite("The section capacidad of clinic.yaml")
struct CapacityTests {
  /// The small clinic with a section of capacity, which begins at line 57.
  static func text(_ section: String) -> String {
    clinic(replacing: "orientacion:\n", with: "capacidad:\n" + section + "orientacion:\n")
  }

  @Test("Caps, shares and releases are read, in the order of the file")
  func read() throws {
    let text = Self.text(
      """
        topes:
          - {recursos: [C1-C2], turno: matutino, personas: 22}
        cuotas:
          - {recursos: [C1-C3], turno: matutino, canales: {kiosco: 8, telefono: 10}, se_liberan_horas: 24}
        liberaciones:
          - {recursos: [C3, C1-C2], dias_antes: 28, desde: 07:00, cada_minutos: 2}
          - {recursos: V1, dias_antes: 1, desde: 12:30, cada_minutos: 0}

      """.replacing("orientacion", with: ""))
    #expect(try ClinicConfiguration.read(text: text, file: "c.yaml").value.capacity == CapacityPolicy(
      caps: [TurnoCap(scope: TurnoScope(resources: [.c(1), .c(2)], turno: .init("matutino")), places: 22)],
      quotas: [
        ChannelQuotas(
          scope: TurnoScope(resources: [.c(1), .c(2), .c(3)], turno: .init("matutino")), kiosk: 8, phone: 10, fallbackMinutes: 1440)
      ],
      releases: [
        ReleaseRule(scope: TurnoScope(resources: [.c(3), .c(1), .c(2)]), daysAhead: 28, first: .init(minutes: 420)!, stepMinutes: 2),
        ReleaseRule(scope: TurnoScope(resources: [.v(1)]), daysAhead: 1, first: .init(minutes: 750)!, stepMinutes: 0),
      ]))
  }

  @Test("Each fault is told with its line and what to do", arguments: [
    ("  topes:\n    - {recursos: [C1], personas: 30}\n    - {recursos: [C1-C2], turno: matutino, personas: 24}\n",
      ["c.yaml:59:7: C1 ya tiene tope en la línea 58; deje cada consultorio y turno en un solo elemento"]),
    ("  topes:\n    - {recursos: [C9], personas: 30}\n",
      ["c.yaml:58:19: recursos: C9 no está definido; solo están definidos C1 a C3"]),
    ("  cuotas:\n    - {recursos: [C1-C3], turno: matutino, canales: {kiosco: 12, telefono: 11}, se_liberan_horas: 24}\n",
      ["c.yaml:58:7: las cuotas suman 23 y en el turno matutino de C1 caben 22 citas; baje las cuotas hasta que sumen 22 o menos"]),
    ("  topes:\n    - {recursos: [C2], turno: matutino, personas: 10}\n  cuotas:\n    - {recursos: [C1-C3], turno: matutino, canales: {kiosco: 12}, se_liberan_horas: 24}\n",
      [
        "c.yaml:58:7: aviso: el tope es de 10 personas y en el turno matutino de C2 caben 22 citas; es a propósito si quiere dejar tiempo libre; si no, suba personas",
        "c.yaml:60:7: las cuotas suman 12 y en el turno matutino de C2 caben 10 citas; baje las cuotas hasta que sumen 10 o menos",
      ]),
    ("  cuotas:\n    - {recursos: [C1], canales: {kiosko: 12}, se_liberan_horas: 24}\n",
      [#"c.yaml:58:34: la clave "kiosko" no existe en canales; ¿quiso decir "kiosco"?"#]),
    ("  cuotas:\n    - {recursos: [C1], canales: {kiosco: 0}, se_liberan_horas: 24}\n",
      ["c.yaml:58:33: ningún canal tiene lugares propios; escriba cuántos tiene cada uno, o quite este elemento de cuotas"]),
    ("  cuotas:\n    - {recursos: [C1], canales: {kiosco: 2}}\n",
      [#"c.yaml:58:7: falta "se_liberan_horas" en el elemento 1 de cuotas; agregue, por ejemplo, se_liberan_horas: 24"#]),
    ("  liberaciones:\n    - {recursos: [C1-C3], dias_antes: 40, desde: 07:00, cada_minutos: 2}\n",
      ["c.yaml:58:39: dias_antes es 40 y la agenda solo llega a 28 días (horizonte_dias); escriba 28 o menos, o suba horizonte_dias"]),
    ("  liberaciones:\n    - {recursos: [C1-C3], dias_antes: 1, desde: 23:00, cada_minutos: 20}\n",
      ["c.yaml:58:49: no alcanza el día: con 20 minutos entre uno y otro, el último se abriría después de las 24:00; empiece antes, o ponga menos minutos en cada_minutos"]),
    ("  liberaciones:\n    - {recursos: [C1-C3], dias_antes: 1, desde: 7, cada_minutos: 20}\n",
      [#"c.yaml:58:49: desde: "7" no es una hora del día; escriba 07:00"#]),
    ("  quotas: []\n", [#"c.yaml:57:3: la clave "quotas" no existe en capacidad; ¿quiso decir "cuotas"?"#]),
  ])
  func faults(section: String, expected: [String]) {
    #expect(problems(Self.text(section)).sorted() == expected.sorted())
  }

  @Test("The sample's section, once it is used as its comment says, is read without a problem")
  func sampleSection() throws {
    let text = try sample("clinics/umf-muestra-30/clinic.yaml")
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let first = try #require(lines.firstIndex(of: "# capacidad:"))
    let length = lines[first...].prefix { $0.hasPrefix("# ") }.count
    let used = lines.enumerated().map { $0 >= first && $0 < first + length ? String($1.dropFirst(2)) : String($1) }.joined(separator: "\n")
    let read = try ClinicConfiguration.read(text: used, file: "c.yaml")
    #expect(read.warnings.isEmpty)
    #expect(read.value.capacity.quotas.map(\.total) == [20])
    #expect(read.value.capacity.releases.map(\.daysAhead) == [28])
    #expect(read.value.capacity.caps.map(\.places) == [26])
  }

  @Test("A family's limit below a person's is doubtful")
  func household() throws {
    let text = clinic(replacing: "  apartados_por_persona: 1\n", with: "  citas_activas_por_familia: 2\n  apartados_por_persona: 1\n")
    let read = try ClinicConfiguration.read(text: text, file: "c.yaml")
    #expect(read.value.policy.maxActivePerHousehold == 2)
    #expect(read.warnings.map(\.description) == [
      "c.yaml:54:30: aviso: una familia puede tener 2 citas y una sola persona 3; suba citas_activas_por_familia o baje citas_activas_por_persona"
    ])
  }
}

extension ResourceID {
  fileprivate static func c(_ number: Int) -> ResourceID { ResourceID(.consultorio, number)! }
  fileprivate static func v(_ number: Int) -> ResourceID { ResourceID(.ventanilla, number)! }
}
