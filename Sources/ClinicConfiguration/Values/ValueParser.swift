internal import ClinicDomain

/// How the text of one kind of value is read.
struct ValueParser<Value: Sendable>: Sendable {
  let parse: @Sendable (String) throws(Complaint) -> Value

  init(_ parse: @escaping @Sendable (String) throws(Complaint) -> Value) { self.parse = parse }
}

// MARK: - Texts

extension ValueParser<String> {
  /// One line for people, 1 to 200 characters; spaces around it are dropped.
  static let sentence = ValueParser { text throws(Complaint) in
    let trimmed = text.trimmed
    guard !trimmed.contains(where: \.isNewline) else {
      throw Complaint("el texto ocupa varias líneas", fix: "escríbalo en una sola")
    }
    // YAML can write them ("\0"), screens cannot show them, and a message of the wire cannot carry a NUL.
    guard !trimmed.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
      throw Complaint("el texto tiene un carácter que no se ve", fix: "escríbalo de nuevo, con letras y signos")
    }
    guard trimmed.count <= 200 else {
      throw Complaint("el texto tiene \(trimmed.count) caracteres y caben 200", fix: "acórtelo")
    }
    return trimmed
  }

  /// A word for programs, such as `medicina_familiar`: 1 to 40 of `a`–`z`, `0`–`9` and `_`, a letter first.
  static let code = ValueParser { text throws(Complaint) in
    let letters = "a"..."z"
    if text.isOfCodeLetters, text.count <= 40, let first = text.first, letters.contains(String(first)) { return text }
    let proposal = codeProposal(for: text)
    throw Complaint(
      "\"\(text.excerpt)\" no sirve como código: solo letras minúsculas sin acento, dígitos y _, con una letra al principio",
      fix: proposal.map { "escriba \($0)" } ?? "escriba uno como medicina_familiar")
  }

  /// "Medicina Familiar" → "medicina_familiar"; `nil` when nothing fitting is left.
  private static func codeProposal(for text: String) -> String? {
    let folded = text.trimmed.foldedSpanish.replacing("Ñ", with: "N").lowercased()
    let proposal = String(folded.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }.prefix(40))
    guard let first = proposal.first, first.isLetter else { return nil }
    return proposal
  }

  /// A trámite's key: `IMSS-02-066`, with or without the letter of its variant (`IMSS-02-066-M`).
  static let homoclave = ValueParser { text throws(Complaint) in
    guard text.wholeMatch(of: /IMSS-[0-9]{2}-[0-9]{3}(-[A-Z])?/) != nil else {
      throw Complaint("\"\(text.excerpt)\" no es una homoclave", fix: "escríbala como IMSS-02-066 o IMSS-02-066-M")
    }
    return text
  }

  /// A path of the operating system.
  static let path = ValueParser { text throws(Complaint) in
    guard !text.unicodeScalars.contains(where: { $0.value < 0x20 }) else {
      throw Complaint("la ruta contiene caracteres que no se ven", fix: "escríbala de nuevo")
    }
    return text.trimmed
  }
}

// MARK: - Words

extension ValueParser {
  /// One of a few words, exactly as written.
  static func word(of legal: [(word: String, value: Value)]) -> ValueParser {
    ValueParser { text throws(Complaint) in
      if let found = legal.first(where: { $0.word == text }) { return found.value }
      throw Complaint("\"\(text.excerpt)\" no existe", fix: Suggestion.fix(for: text, among: legal.map(\.word)))
    }
  }
}

extension ValueParser<Bool> {
  /// `sí` or `no`; `si` without its accent is taken too.
  static let yesOrNo = ValueParser { text throws(Complaint) in
    switch text {
    case "sí", "si", "Sí", "Si": return true
    case "no", "No": return false
    default:
      let likely = ["true", "yes", "verdadero", "s", "1"].contains(text.lowercased()) ? "sí" : nil
      let unlikely = ["false", "falso", "n", "0"].contains(text.lowercased()) ? "no" : nil
      throw Complaint(
        "\"\(text.excerpt)\" no es sí ni no", fix: (likely ?? unlikely).map { "escriba \($0)" } ?? "escriba sí o no")
    }
  }
}

extension String {
  /// Enough of a value to recognize it in a message.
  var excerpt: String {
    let line = String(map { $0.isNewline ? " " : $0 })
    return line.count <= 40 ? line : line.prefix(39) + "…"
  }

}
