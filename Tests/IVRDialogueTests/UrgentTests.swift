internal import ClinicDomain
internal import Guidance
internal import IVRDialogue
internal import KioskTestSupport
internal import Testing

/// What the proofs say of who cannot wait, and a listener that knows nothing of the proofs: each finds what the other does.
@Suite("Who cannot wait, in every slip of a hand")
struct UrgentTests {
  private static func hears(_ line: PhoneLine, _ words: String, seed: UInt64, calls: Int = 1500) -> Bool {
    var random = SeededGenerator(seed: seed)
    let oracle = CallOracle(line)
    for _ in 0..<calls { if oracle.play(&random)?.contains(words) == true { return true } }
    return false
  }

  @Test("P04: an option that asks for a number, or the server, before a guide's emergency words is refused at that option; other guides may ask", arguments: 1...8 as ClosedRange<UInt64>)
  func asksFirst(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var line = shippedLine
    line.askBeforeGuide(&random)
    let step = try #require(line.dialogues.flatMap(\.steps).first { $0.id.rawValue.hasPrefix("antes_de_") })
    let coded = ["dolor_de_pecho", "cara_caida", "sangrado", "otra_embarazo"].contains(String(step.id.rawValue.dropFirst("antes_de_".count)))
    let rules = line.problems().map(\.rule)
    #expect(rules.contains { if case .emergencyOutOfReach = $0 { true } else { false } } == coded, "\(step.id): \(rules)")
  }

  @Test("P04: the listener finds such an option by playing, without the proofs")
  func heard() throws {
    var line = shippedLine
    var random = SeededGenerator(seed: 1)
    while !line.dialogues.flatMap(\.steps).contains(where: { $0.id == StepID("antes_de_dolor_de_pecho") }) {
      line = shippedLine
      line.askBeforeGuide(&random)
    }
    #expect(Self.hears(line, "antes de la emergencia de la guía dolor_de_pecho se pide algo", seed: 3))
  }

  @Test("«No puedo esperar» that leads anywhere but to a person is refused; the listener hears that something is asked or looked for", arguments: [1, 2] as [UInt64])
  func waits(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var refused = 0
    for _ in 0..<10 {
      var line = shippedLine
      line.makeUrgentWait(&random)
      guard !line.problems().map(\.rule).contains(.cannotWaitGetsNoPerson) else {
        refused += 1
        continue
      }
      // What it leads to is a person all the same.
      let oracle = CallOracle(line)
      for _ in 0..<40 { #expect(oracle.play(&random)?.contains("no puede esperar") != true) }
    }
    #expect(refused > 5)
  }

  @Test("The listener hears it where «no puedo esperar» offers a date")
  func waitsHeard() throws {
    var line = shippedLine
    let dialogue = try #require(line.dialogues.firstIndex { $0.id.rawValue == "citas" })
    let step = try #require(line.dialogues[dialogue].steps.firstIndex { $0.id.rawValue == "servicio" })
    guard case .menu(var menu) = line.dialogues[dialogue].steps[step].kind else { return #expect(Bool(false)) }
    menu.options[3].action = .go(StepID("busca_medico"))
    line.dialogues[dialogue].steps[step].kind = .menu(menu)
    #expect(Self.hears(line, "no puede esperar y se espera al sistema", seed: 5))
  }

  @Test("The campaign's mutations make both slips, and the proofs refuse each of a guide with a code", arguments: [11] as [UInt64])
  func campaign(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var rules: [LineRule] = []
    for _ in 0..<150 { rules += shippedLine.mutated(&random).problems().map(\.rule) }
    #expect(rules.contains(.cannotWaitGetsNoPerson))
    #expect(rules.contains { if case .emergencyOutOfReach = $0 { true } else { false } })
  }

  @Test("Every dialogue in which a call can begin says that a key may be pressed at any time, and that 0 is a person and 9 another language")
  func greetings() {
    for script in shippedLine.dialogues.filter(\.isEntry).map(\.id.rawValue) {
      let start = CallStart(script: script, today: LengthTests.tuesday, time: AgendaMinute(minutes: 600)!, notice: RehearsedClinic.notice(of: script))
      let heard = Rehearsal(shippedLine, start).heard.map(\.words).joined(separator: " ")
      #expect(heard.contains("cuando quiera.") == (script != "aviso"))
      #expect(heard.lowercased().contains("persona, 0. otra lengua, 9."))
    }
  }

  @Test("9 is announced in the language that it leads to where somebody wrote it, and that sound is wanted in that language's folder")
  func nine() {
    var line = shippedLine
    let index = line.texts.entries.firstIndex { $0.name == .otherLanguage }!
    // No word of Maya: nobody here speaks it.
    line.texts.entries[index].text.entries.append(Spoken.Entry(Language("yua"), [.words("xxx, 9.")]))
    var call = Call(line: line)
    _ = call.handle(.started(CallTests.start("menu")), at: .epoch)
    guard case .collect(let prompts, _) = call.handle(.played, at: .epoch).step else { return #expect(Bool(false)) }
    #expect(prompts.contains(Prompt(Language("yua"), [.text(PromptID("linea.otra_lengua"))])))
    // Who speaks another one hears it in Spanish, until every language has its own words.
    #expect(prompts.contains(Prompt(.spanish, [.text(PromptID("linea.otra_lengua"))])))
    #expect(line.texts(in: Language("yua")).map(\.id) == [PromptID("linea.otra_lengua")])
  }
}
