internal import ClinicDomain
package import Guidance

extension PhoneLine {
  /// Every fixed text that can be heard in a language, by the name of its sound, sorted and without repeats: what is rendered or recorded.
  ///
  /// Of a language without prompts only what is said to who speaks it before a person does, where it was written down. A guide's texts are among them where the guide is complete in the language.
  package func texts(in language: Language) -> [(id: PromptID, words: String)] {
    guard isComplete(in: language) else {
      return Self.ofEveryLanguage.flatMap { Self.texts(self.texts[$0], named: "linea.\($0.rawValue)", in: language) }
    }
    var texts = self.texts.entries.flatMap { Self.texts($0.text, named: "linea.\($0.name.rawValue)", in: language) }
    for dialogue in dialogues {
      for step in dialogue.steps { texts += Self.texts(of: step, in: dialogue.id, language) }
    }
    for played in guides where played.guide.languages.contains(LanguageEntry(language, .complete)) {
      for node in played.guide.nodes {
        texts += zip(played.guide.textKeys(at: node), [node.text] + node.answers.map(\.text)).compactMap { key, text in
          text[language].map { (PromptID(key), $0) }
        }
      }
    }
    if language == .spanish, let unit = infarctionUnit { texts += unit.texts }
    if language == .spanish, let maternity { texts += maternity.texts }
    if language == .spanish { texts += units.map { ($0.id, $0.words) } }
    return texts.sorted { $0.id < $1.id }
  }

  /// What is said in languages that have nothing else, by name.
  private static let ofEveryLanguage: [CommonTexts.Name] = [.otherLanguage, .personForLanguage, .nobodyForLanguage]

  private static func texts(of step: Step, in dialogue: DialogueID, _ language: Language) -> [(id: PromptID, words: String)] {
    let own = texts(step.text, named: "\(dialogue).\(step.id)", in: language)
    switch step.kind {
    case .menu(let menu):
      return own + menu.options.flatMap { texts($0.text, named: "\(dialogue).\(step.id).tecla_\($0.key)", in: language) }
    case .field(let field): return own + texts(field.example, named: "\(dialogue).\(step.id).ejemplo", in: language)
    case .say, .request, .guide, .branch, .dialogue, .back, .language, .end: return own
    }
  }

  private static func texts(_ text: Spoken, named name: String, in language: Language) -> [(id: PromptID, words: String)] {
    let words = (text[language] ?? []).compactMap { piece in
      if case .words(let words) = piece { words } else { nil }
    }
    return zip(text.ids(named: name, in: language), words).map { ($0, $1) }
  }
}

extension CapableUnit {
  /// What is said of it in fixed words; its digits are said between and behind them.
  fileprivate var texts: [(id: PromptID, words: String)] {
    [(Self.nameText, "La unidad más cercana que atiende infartos es \(name), en \(address). Su teléfono es")]
      + (phoneExtension == nil ? [] : [(Self.extensionText, "extensión")])
  }

  /// Which unit, where, and its number.
  var prompt: Prompt {
    var parts: [Prompt.Part] = [.text(Self.nameText), .digits((phone.national ?? "").inGroups(of: 2))]
    if let phoneExtension { parts += [.text(Self.extensionText), .digits([phoneExtension])] }
    return Prompt(.spanish, parts)
  }

  private static let nameText = PromptID("linea.unidad_infarto")
  private static let extensionText = PromptID("linea.unidad_infarto.extension")
}

extension Spoken {
  /// The names of its words, in order: one name for one, numbered ones for more.
  func ids(named name: String, in language: Language) -> [PromptID] {
    let count = (self[language] ?? []).count { if case .words = $0 { true } else { false } }
    return count == 1 ? [PromptID(name)] : (0..<count).map { PromptID("\(name).\($0 + 1)") }
  }
}
