internal import ClinicConfiguration
internal import Crypto
internal import Foundation
internal import Guidance
internal import Testing

@Suite("Each kind of wrong guide, and what its author reads")
struct WrongGuidesTests {
  typealias Row = (old: String, new: String, expected: [String])

  static let file = "guidance/dolor_de_pecho.yaml"

  private func problems(_ text: String, profile: GuidanceProfile = .production) -> [String] {
    do throws(ConfigurationProblems) {
      return try GuidanceConfiguration.read(
        bytes: Array(text.utf8), file: Self.file, profile: profile, digest: { Array(SHA256.hash(data: $0)) }
      ).warnings.map(\.description)
    } catch {
      return error.problems.map(\.description)
    }
  }

  private func guide(replacing old: String, with new: String) throws -> String {
    let text = try sample(Self.file)
    precondition(text.components(separatedBy: old).count == 2, "not there once: \(old)")
    return text.replacing(old, with: new)
  }

  @Test("Every shipped guide is taken without a warning, says that nobody has validated it, and falls back to a person in six languages")
  func shipped() throws {
    let guides = try GuidanceConfiguration.load(folder: samplePath("guidance"), profile: .production, digest: { Array(SHA256.hash(data: $0)) })
    #expect(guides.warnings == [])
    #expect(guides.value.count == 10)
    for loaded in guides.value {
      #expect(try sample("guidance/\(loaded.guide.id).yaml").contains("validacion: no validado clínicamente"))
      #expect(loaded.guide.signature == nil)
      #expect(loaded.guide.languages.filter { $0.coverage == .person }.map(\.language.rawValue) == ["nah", "yua", "tzh", "tzo", "mix", "zap"])
    }
  }

  @Test("Keys and words", arguments: [
    ("va: persona", "va: persna", [#"dolor_de_pecho.yaml:22:39: va: "persna" no es ningún paso de esta guía; ¿quiso decir "persona"?"#]),
    ("inicio: aviso", "inicio: avisos", [#"dolor_de_pecho.yaml:10:9: inicio: "avisos" no es ningún paso de esta guía; ¿quiso decir "aviso"?"#]),
    ("guia: dolor_de_pecho", "guia: dolor",
      [#"dolor_de_pecho.yaml:3:7: la guía se llama "dolor" y el archivo "dolor_de_pecho.yaml"; llame al archivo dolor.yaml"#]),
    ("tipo: pregunta", "tipo: preguntas", [#"dolor_de_pecho.yaml:18:11: tipo: "preguntas" no existe; ¿quiso decir "pregunta"?"#]),
    ("validacion: no validado clínicamente", "validacion: firmada",
      ["dolor_de_pecho.yaml:6:13: la guía dice que está firmada y no hay firma; escriba validacion: no validado clínicamente, o agregue firma con medico, cedula, fecha y huella"]),
    ("destino: urgencias", "destino: cita",
      ["dolor_de_pecho.yaml:31:14: falta \"servicio\" para destino: cita; agregue servicio:",
        "dolor_de_pecho.yaml:31:14: falta \"dias\" para destino: cita; agregue dias:",
        "dolor_de_pecho.yaml:31:14: falta \"si_no_hay_lugar\" para destino: cita; agregue si_no_hay_lugar: con el paso que atiende a quien no alcanza lugar"]),
    ("alarma: dolor_de_pecho, codigo: infarto", "codigo: infarto",
      ["dolor_de_pecho.yaml:21:9: la respuesta activa un código sin señal de alarma; agregue alarma: con el nombre de la señal"]),
    ("tecla: 3", "tecla: 9", ["dolor_de_pecho.yaml:23:17: tecla: 9 está fuera de lo permitido; escriba un número de 1 a 8"]),
    ("nah: persona", "Nahuatl: persona", [#"dolor_de_pecho.yaml:9:25: "Nahuatl" no es el código de un idioma; escríbalo como es, nah o tzo-x-zinacantan"#]),
  ] as [Row])
  func keys(_ row: Row) throws { try check(row) }

  @Test("What the proofs find stands at its step or answer, with the way that breaks the rule", arguments: [
    ("respuesta: no_se", "respuesta: otra",
      ["dolor_de_pecho.yaml:17:11: la pregunta no tiene respuesta para quien no sabe; agregue una con respuesta: no_se que vaya a una persona"]),
    ("tecla: 3", "tecla: 2", ["dolor_de_pecho.yaml:23:9: la tecla 2 tiene dos respuestas; dé a cada respuesta su tecla"]),
    ("nah: persona", "nah: completo",
      []),
    ("tipo: fin\n    destino: persona", "tipo: fin\n    destino: llamada\n    minutos: 30",
      ["dolor_de_pecho.yaml:33:11: por el camino aviso → senales (2) → persona se termina en algo que necesita la firma de un médico; agregue firma, o termine en 911, urgencias, una persona o una cita"]),
    ("texto: Le comunico con una persona. Si empeora, cuelgue y marque 911.", "texto: No se preocupe.",
      [#"dolor_de_pecho.yaml:33:11: "no se preocupe" diagnostica, tranquiliza o clasifica; diga solo qué hacer: la guía no dictamina"#]),
  ] as [Row])
  func proofs(_ row: Row) throws {
    guard !row.expected.isEmpty else {
      let found = problems(try guide(replacing: row.old, with: row.new))
      return #expect(found.count > 8 && found.allSatisfy { $0.contains("nah") })
    }
    try check(row)
  }

  @Test("For trying out, an end that waits for its signature is a warning")
  func trial() throws {
    let text = try guide(replacing: "tipo: fin\n    destino: persona", with: "tipo: fin\n    destino: llamada\n    minutos: 30")
    #expect(problems(text, profile: .trial).allSatisfy { $0.contains("aviso: ") })
  }

  @Test("A signature is held to the content: the hash that is asked for is the one that is told")
  func signature() throws {
    let firm = "validacion: firmada\nfirma: {medico: Dra. Ejemplo Muestra, cedula: \"1234567\", fecha: 2026-11-26, huella: HUELLA}"
    let text = try guide(replacing: "validacion: no validado clínicamente", with: firm)
    let wrong = problems(text.replacing("HUELLA", with: String(repeating: "0", count: 64)))
    #expect(wrong.count == 1)
    let hash = try #require(wrong.first?.firstMatch(of: /la huella de este es ([0-9a-f]{64})/)?.1)
    #expect(problems(text.replacing("HUELLA", with: hash)) == [])
  }

  @Test("Each line of a guide deleted, doubled or cut: it is taken, or refused inside the file")
  func damage() throws {
    let lines = try sample(Self.file).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    for index in lines.indices where !lines[index].isEmpty && !lines[index].hasPrefix("#") {
      for damaged in [[], [lines[index], lines[index]], [String(lines[index].prefix(lines[index].count / 2))], ["\t" + lines[index]]] {
        var all = lines
        all.replaceSubrange(index...index, with: damaged)
        for problem in problems(all.joined(separator: "\n")) {
          let line = problem.firstMatch(of: /yaml:([0-9]+):/).flatMap { Int($0.1) }
          #expect(line.map { (1...all.count).contains($0) } == true, "\(problem)")
        }
      }
    }
  }

  @Test("A folder without guides, and one with a wrong one, are told")
  func folders() throws {
    #expect(throws: ConfigurationProblems.self) {
      try GuidanceConfiguration.load(folder: "/nowhere", profile: .production, digest: { Array(SHA256.hash(data: $0)) })
    }
  }

  private func check(_ row: Row) throws {
    #expect(problems(try guide(replacing: row.old, with: row.new)) == row.expected.map { "guidance/" + $0 })
  }
}
