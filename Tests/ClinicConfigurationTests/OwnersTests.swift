internal import ClinicConfiguration
internal import ClinicDomain
internal import Testing

@Suite("The section duenas of clinic.yaml")
struct OwnersTests {
  /// The small clinic with a section of owners, which begins at line 57.
  static func text(_ section: String) -> String {
    clinic(replacing: "orientacion:\n", with: "duenas:\n" + section + "orientacion:\n")
  }

  @Test("By consultorio, weekday, and turno or hours, in the order of the file")
  func read() throws {
    let text = Self.text("""
        - {duena: ventanilla, recursos: C2, dias: lunes}
        - {duena: externa, recursos: [C1-C2], turno: matutino}
        - {duena: externa, recursos: [V1], dias: [sábado], horario: 18:00-01:00}

      """)
    #expect(try ClinicConfiguration.read(text: text, file: "c.yaml").value.owners == [
      OwnershipRule(.ventanilla, resources: [.c(2)], weekdays: [.monday]),
      OwnershipRule(.externa, resources: [.c(1), .c(2)], hours: .init(minutes: 480)!..<AgendaMinute(minutes: 840)!),
      OwnershipRule(.externa, resources: [.v(1)], weekdays: [.saturday], hours: .init(minutes: 1080)!..<AgendaMinute(minutes: 1500)!),
    ])
  }

  @Test("The sample's section, once it is used as its comment says, is read without a problem")
  func sampleSection() throws {
    let lines = try sample("clinics/umf-muestra-30/clinic.yaml").split(separator: "\n", omittingEmptySubsequences: false)
    let first = try #require(lines.firstIndex(of: "# duenas:"))
    let length = lines[first...].prefix { $0.hasPrefix("# ") }.count
    let used = lines.enumerated().map { $0 >= first && $0 < first + length ? String($1.dropFirst(2)) : String($1) }.joined(separator: "\n")
    let read = try ClinicConfiguration.read(text: used, file: "c.yaml")
    #expect(read.warnings.isEmpty && read.value.owners.map(\.owner) == [.ventanilla, .externa])
  }

  @Test("A clinic without the section gives all its appointments itself")
  func none() throws {
    #expect(try ClinicConfiguration.read(text: smallClinic, file: "c.yaml").value.owners.isEmpty)
  }

  @Test("Each fault is told with its line, its column and what to do", arguments: [
    ("  - {duena: esterna, recursos: [C1]}\n", [#"c.yaml:57:13: duena: "esterna" no existe; ¿quiso decir "externa"?"#]),
    ("  - {duena: externa, recursos: [C7]}\n", ["c.yaml:57:33: recursos: C7 no está definido; solo están definidos C1 a C3"]),
    ("  - {duena: externa, recursos: [C1], turno: vespertino}\n", [#"c.yaml:57:45: turno: "vespertino" no está definido; "#]),
    ("  - {duena: externa, recursos: [C1], turno: matutino, horario: 08:00-09:00}\n",
      ["c.yaml:57:64: hay turno y horario; deje uno de los dos"]),
    ("  - {duena: externa, recursos: [C1], horario: 8}\n",
      [#"c.yaml:57:47: horario: "8" no es un horario de una hora a otra; escriba también cuándo termina, como 08:00-14:00"#]),
    ("  - {duena: externa, recursos: [C1-C3]}\n  - {duena: ventanilla, recursos: [C2], turno: matutino}\n",
      [
        "c.yaml:58:5: los elementos anteriores ya dicen de quién es cada una de esas horas; póngalo antes que ellos, o quítelo: vale el primero que nombra el consultorio, el día y la hora"
      ]),
    ("  - {recursos: [C1]}\n", [#"c.yaml:57:5: falta "duena" en el elemento 1 de duenas; agregue, por ejemplo, duena: externa"#]),
    ("  - {duena: externa, recursos: [C2], dias: domingo}\n  - {duena: externo, recursos: [C1]}\n",
      [
        "c.yaml:57:5: aviso: C2 no trabaja a esas horas; revise los días y el horario, o agregue una regla",
        #"c.yaml:58:13: duena: "externo" no existe; ¿quiso decir "externa"?"#,
      ]),
  ])
  func faults(section: String, expected: [String]) {
    let told = problems(Self.text(section))
    #expect(told.count == expected.count, "\(told)")
    for (text, start) in zip(told, expected) { #expect(text.hasPrefix(start), "\(text)") }
  }
}

extension ResourceID {
  fileprivate static func c(_ number: Int) -> ResourceID { ResourceID(.consultorio, number)! }
  fileprivate static func v(_ number: Int) -> ResourceID { ResourceID(.ventanilla, number)! }
}
