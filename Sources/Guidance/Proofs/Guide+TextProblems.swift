internal import ClinicDomain

extension Guide {
  /// What is wrong with the words, language by language, in the order of the nodes.
  func textProblems(_ search: WaySearch) -> [GuideProblem] {
    languages.filter { $0.coverage == .complete }.flatMap { entry in
      nodes.flatMap { node in
        textRules(node, entry.language).map { rule, key in GuideProblem(rule, at: node.id, key: key, path: search.path(to: node.id)) }
      }
    }
  }

  private func textRules(_ node: Node, _ language: Language) -> [(GuideRule, key: Int?)] {
    guard let prompt = prompt(at: node, in: language) else { return missing(node, language) }
    var rules: [(GuideRule, key: Int?)] = []
    let reading = Readability(prompt)
    let allowed = node.isEmergency ? GuideLimits.emergencyWords : GuideLimits.promptWords
    if reading.words > allowed { rules.append((.tooManyWords(language, reading.words, allowed: allowed), nil)) }
    for answer in node.answers where answer.text[language]?.contains("\(answer.key)") != true {
      rules.append((.keyNotSpoken(language), answer.key))
    }
    let words = FoldedWords(prompt)
    if node.isEmergency, !words.contain("911"), language != .spanish || !words.contain("URGENCIAS") {
      rules.append((.emergencyNotSaid(language), nil))
    }
    return language == .spanish ? rules + spanishRules(node, reading, words) : rules
  }

  private func missing(_ node: Node, _ language: Language) -> [(GuideRule, key: Int?)] {
    let own: [(GuideRule, key: Int?)] = node.text[language] == nil ? [(.missingText(language), nil)] : []
    return own + node.answers.filter { $0.text[language] == nil }.map { (.missingText(language), $0.key) }
  }

  /// Only Spanish has a measure of readability here, and words that we know to be wrong.
  private func spanishRules(_ node: Node, _ reading: Readability, _ words: FoldedWords) -> [(GuideRule, key: Int?)] {
    var rules: [(GuideRule, key: Int?)] = []
    if reading.longestSentence > GuideLimits.sentenceWords {
      rules.append((.longSentence(reading.longestSentence, allowed: GuideLimits.sentenceWords), nil))
    }
    if reading.points < GuideLimits.readability {
      rules.append((.hardToRead(points: reading.points, needed: GuideLimits.readability), nil))
    }
    rules += FoldedWords.forbidden.filter(words.contain).map { (.forbiddenWords($0.lowercased()), nil) }
    if node.isEmergency || !node.answers.isEmpty {
      rules += FoldedWords.identity.filter(words.contain).map { (.asksIdentity($0.lowercased()), nil) }
    }
    return rules
  }
}

/// A text as words in capitals without accents, to look phrases up in.
struct FoldedWords {
  private let text: String

  init(_ text: String) {
    let words = text.foldedSpanish.split { !$0.isLetter && !$0.isNumber }
    self.text = " " + words.joined(separator: " ") + " "
  }

  func contain(_ phrase: String) -> Bool { text.contains(" \(phrase) ") }

  /// Guidance does not diagnose, does not reassure, sets no TRIAGE colour. A list catches the plain cases; the clinician who signs
  /// reads the rest.
  static let forbidden = [
    "USTED TIENE", "USTED PADECE", "DIAGNOSTICO", "TIENE UN INFARTO", "ES UN INFARTO", "TIENE UNA EMBOLIA", "ES CANCER", "TIENE CANCER",
    "NO ES GRAVE", "NO ES URGENTE", "NO ES UNA EMERGENCIA", "NO ES EMERGENCIA", "NO SE PREOCUPE", "NO SE ALARME", "NO PASA NADA",
    "NO HAY PELIGRO", "NO CORRE PELIGRO", "ESTA BIEN", "ES NORMAL", "TRANQUILO", "TRANQUILA", "TRANQUILICESE",
    "TRIAGE", "CODIGO ROJO", "COLOR ROJO", "COLOR NARANJA", "COLOR AMARILLO", "COLOR VERDE", "COLOR AZUL",
  ]

  static let identity = ["NSS", "CURP", "SEGURIDAD SOCIAL", "FECHA DE NACIMIENTO", "SU NOMBRE", "NUMERO DE AFILIACION"]
}
