internal import ClinicDomain
internal import Guidance
internal import Testing

@Suite("One change to a guide, and what it is refused for")
struct GuideRuleTests {
  struct Row: Sendable {
    let guide: Guide
    /// Rule, node, and the way that breaks it.
    let expected: [String]

    init(_ guide: Guide, _ expected: String...) {
      self.guide = guide
      self.expected = expected
    }
  }

  @Test("References and keys come first, and alone", arguments: [
    Row(fixture.changing("cara", key: 2) { $0.next = "embaraso" }, #"missingNode(embaraso) at cara 2: cara"#),
    Row(fixture.changing("cara", key: 2) { $0.key = 1 }, "repeatedKey at cara 1: cara"),
    Row(fixture.changing("cara", key: 2) { $0.key = 9 }, "keyOutOfRange at cara 9: cara"),
    Row(fixture.changing("cara") { $0.kind = .question([]) }, "noAnswers at cara: cara"),
    Row(fixture.changing("persona") { $0.id = "cita" }, "missingNode(persona) at cara 3: cara", "missingNode(persona) at embarazo 3: embarazo",
      "missingNode(persona) at embarazo 4: embarazo", "missingNode(persona) at cita: cita", "repeatedNode at cita: cita"),
  ])
  func references(_ row: Row) { check(row) }

  @Test("Ways", arguments: [
    Row(fixture.dropping("cara", key: 3), "noDontKnow at cara: aviso → cara"),
    Row(fixture.dropping("embarazo", key: 4), "noCannotWait at embarazo: aviso → cara (2) → embarazo"),
    Row(fixture.changing("embarazo", key: 3) { $0.next = "cita" }, "doubtGetsADate at cita: aviso → cara (2) → embarazo (3) → cita"),
    Row(fixture.changing("cuando", key: 3) { $0.next = "embarazo" },
      "doubtGetsADate at cita: aviso → cara (1) → llame → cuando (3) → embarazo (1) → cita",
      "alarmGetsADate at cita: aviso → cara (1) → llame → cuando (3) → embarazo (1) → cita"),
    Row(fixture.changing("cara", key: 1) { $0.next = "cuando" }, "unreachable at llame: llame",
      "alarmWithoutInstruction at cara 1: aviso → cara (1) → cuando"),
    Row(fixture.changing("llame") { $0.kind = .statement(emergency: .call911, next: "urgencias") }, "unreachable at cuando: cuando",
      "onsetNotAsked at urgencias: aviso → cara (1) → llame → urgencias"),
    Row(fixture.changing("aviso") { $0.kind = .identification(next: "cara") },
      "identityBeforeEmergency at llame: aviso → cara (1) → llame", "identityBeforeEmergency at urgencias: aviso → cara (1) → llame → cuando (1) → urgencias",
      "emergencyIsLate at aviso: aviso → cara"),
    Row(fixture.changing("cita") { $0.kind = .disposition(.noPlace) },
      "pregnantIsRefused at cita: aviso → cara (2) → embarazo (1) → cita", "promptSignWaits at cita: aviso → cara (2) → embarazo (2) → cita",
      "unsignedEnd at cita: aviso → cara (2) → embarazo (1) → cita"),
    Row(fixture.changing("persona") { $0.kind = .statement(emergency: nil, next: "persona") },
      "noWayOut at persona: aviso → cara (3) → persona", "speaksForEver at persona: aviso → cara (3) → persona",
      "farFromHelp(es) at embarazo: aviso → cara (2) → embarazo", "farFromHelp(es) at persona: aviso → cara (3) → persona",
      "pregnantWaits at cita: aviso → cara (2) → embarazo (1) → cita", "promptSignWaits at cita: aviso → cara (2) → embarazo (2) → cita"),
  ])
  func ways(_ row: Row) { check(row) }

  @Test("Words", arguments: [
    Row(fixture.saying("¿Usted tiene un infarto?", at: "cara"), "forbiddenWords(usted tiene) at cara: aviso → cara",
      "forbiddenWords(tiene un infarto) at cara: aviso → cara"),
    Row(fixture.saying("No se preocupe, no es grave.", at: "persona"), "forbiddenWords(no es grave) at persona: aviso → cara (3) → persona",
      "forbiddenWords(no se preocupe) at persona: aviso → cara (3) → persona"),
    Row(fixture.saying("Le toca color amarillo.", at: "persona"), "forbiddenWords(color amarillo) at persona: aviso → cara (3) → persona"),
    Row(fixture.saying("Diga su NSS. ¿Se le cae la cara?", at: "cara"), "asksIdentity(nss) at cara: aviso → cara"),
    Row(fixture.saying("Pida ayuda a un vecino.", at: "llame"), "emergencyNotSaid(es) at llame: aviso → cara (1) → llame"),
    Row(fixture.changing("cara", key: 2) { $0.text = "Si no, oprima dos." }, "keyNotSpoken(es) at cara 2: aviso → cara"),
    Row(fixture.saying("Comuníquese inmediatamente telefónicamente.", at: "persona"), "hardToRead(-170) at persona: aviso → cara (3) → persona"),
    Row(fixture.saying(Array(repeating: "pan", count: 21).joined(separator: " "), at: "persona"), "longSentence(21) at persona: aviso → cara (3) → persona"),
    Row(fixture.saying(Array(repeating: "Ve ya.", count: 31).joined(separator: " "), at: "persona"), "tooManyWords(62) at persona: aviso → cara (3) → persona"),
    Row(fixture.saying("911. " + Array(repeating: "Ve ya.", count: 19).joined(separator: " "), at: "llame"),
      "tooManyWords(41) at llame: aviso → cara (1) → llame"),
  ])
  func words(_ row: Row) { check(row) }

  @Test("A language declared complete is held to it, text by text; what is not said in it is no way to help")
  func languages() {
    var guide = fixture
    guide.languages[1].coverage = .complete
    #expect(guide.problems.contains { $0.rule == .farFromHelp(Language("nah")) && $0.node == "aviso" })
    let missing = guide.problems.filter { $0.rule == .missingText(Language("nah")) }
    #expect(missing.count == guide.nodes.reduce(0) { $0 + 1 + $1.answers.count })
    guide.languages = [LanguageEntry(Language("nah"), .person)]
    #expect(guide.problems.map(\.rule) == [.noSpanish])
  }

  private func check(_ row: Row) {
    #expect(row.guide.problems.map(\.brief) == row.expected)
  }
}

extension Guide {
  fileprivate func saying(_ words: String, at id: NodeID) -> Guide { changing(id) { $0.text = GuideText(spanish: words) } }
}

extension GuideProblem {
  fileprivate var brief: String { "\(rule.brief) at \(node)\(key.map { " \($0)" } ?? ""): \(path)" }
}

extension GuideRule {
  fileprivate var brief: String {
    switch self {
    case .missingNode(let node): "missingNode(\(node))"
    case .farFromHelp(let language): "farFromHelp(\(language))"
    case .keyNotSpoken(let language): "keyNotSpoken(\(language))"
    case .emergencyNotSaid(let language): "emergencyNotSaid(\(language))"
    case .missingText(let language): "missingText(\(language))"
    case .tooManyWords(_, let count, _): "tooManyWords(\(count))"
    case .longSentence(let count, _): "longSentence(\(count))"
    case .hardToRead(let points, _): "hardToRead(\(points))"
    case .forbiddenWords(let words): "forbiddenWords(\(words))"
    case .asksIdentity(let words): "asksIdentity(\(words))"
    default: "\(self)"
    }
  }
}
