internal import ClinicDomain
internal import Guidance
internal import IVRDialogue

/// Makes a telephone line out of linea.yaml and the dialogues that were read.
struct LineReader {
  var findings: Findings

  init(findings: Findings) { self.findings = findings }

  private static let keys: [Key] = [
    .required("linea", "principal"),
    .required("idiomas", "un grupo con es: completo"),
    .required("atienden", "una lista con dias y horario, o []"),
    .optional("segundos"),
    .optional("encuesta"),
    .required("textos", "un grupo con silencio, tecla y los demás"),
  ]

  mutating func read(_ root: Tree, dialogues: [Dialogue], guides: [GuidanceConfiguration.Loaded]) -> PhoneLine? {
    guard let fields = root.fields(of: "la raíz del archivo", Self.keys, &findings) else { return nil }
    _ = fields.value("linea", .code, &findings)
    let languages = fields["idiomas"].flatMap { readLanguages($0) }
    let attention = fields["atienden"].flatMap { readAttention($0) }
    let timing = fields["segundos"].flatMap { readTiming($0) } ?? PhoneLine.Timing()
    let texts = fields["textos"].flatMap { readTexts($0) }
    let isSurveying = fields.value("encuesta", .yesOrNo, &findings) ?? false
    guard let languages, let attention, let texts else { return nil }
    var line = PhoneLine(
      dialogues: dialogues, guides: guides.map { PhoneLine.PlayedGuide($0.guide, hash: $0.hash) }, languages: languages,
      attention: attention, timing: timing, texts: texts)
    line.isSurveying = isSurveying
    return line
  }

  private mutating func readLanguages(_ tree: Tree) -> [LanguageEntry]? {
    guard case .mapping(let entries) = tree.content else {
      findings.error(tree.position, "idiomas es un grupo de claves y \(tree.kind)", fix: "escriba es: completo y cada otro idioma")
      return nil
    }
    let read = entries.compactMap { entry -> LanguageEntry? in
      let language = findings.language(entry)
      let coverage = entry.value.value("idiomas", .coverage, &findings)
      guard let language, let coverage else { return nil }
      return LanguageEntry(language, coverage)
    }
    return read.count == entries.count ? read : nil
  }

  private mutating func readAttention(_ tree: Tree) -> [PhoneLine.Attention]? {
    guard let items = tree.items("atienden", &findings) else { return nil }
    let read = items.enumerated().compactMap { index, item -> PhoneLine.Attention? in
      let keys: [Key] = [.required("dias", "lunes-viernes"), .required("horario", "08:00-20:00")]
      guard let fields = item.fields(of: "el elemento \(index + 1) de atienden", keys, &findings) else { return nil }
      let days = fields["dias"]?.values("dias", .weekdays, &findings)
      let hours = fields.value("horario", .hours, &findings)
      guard let days, let hours else { return nil }
      guard hours.upperBound <= .endOfDay else {
        findings.error(fields.position, "el horario pasa de la medianoche", fix: "escriba dos: uno hasta 24:00 y otro desde 00:00")
        return nil
      }
      return PhoneLine.Attention(days: days.flatMap(\.value), hours: hours)
    }
    return read.count == items.count ? read : nil
  }

  private mutating func readTiming(_ tree: Tree) -> PhoneLine.Timing? {
    let keys: [Key] = [.required("primera_tecla", "8"), .required("entre_teclas", "4")]
    guard let fields = tree.fields(of: "segundos", keys, &findings) else { return nil }
    // Nobody is hurried: no time under seven seconds, and four between two keys for older callers (design/TELEPHONY.md §4, 8 and 11).
    let first = fields.value("primera_tecla", .integer(7...30, unit: "segundos"), &findings)
    let between = fields.value("entre_teclas", .integer(3...15, unit: "segundos"), &findings)
    guard let first, let between else { return nil }
    return PhoneLine.Timing(firstKey: 1000 * first, betweenKeys: 1000 * between)
  }

  private mutating func readTexts(_ tree: Tree) -> CommonTexts? {
    let keys = CommonTexts.Name.allCases.map { Key.required($0.rawValue, "lo que se oye") }
    guard let fields = tree.fields(of: "textos", keys, &findings) else { return nil }
    let entries = CommonTexts.Name.allCases.compactMap { name -> CommonTexts.Entry? in
      guard let tree = fields[name.rawValue], let text = findings.spoken(tree) else { return nil }
      for value in text.values {
        findings.error(tree.position, "aquí no se puede decir {\(value.rawValue)}", fix: "quite las llaves")
      }
      return CommonTexts.Entry(name, text)
    }
    return entries.count == keys.count ? CommonTexts(entries) : nil
  }
}

extension Findings {
  /// Words by language with values in braces; a single text is Spanish.
  mutating func spoken(_ tree: Tree) -> Spoken? {
    guard case .mapping(let entries) = tree.content else {
      return pieces(tree).map { Spoken([Spoken.Entry(.spanish, $0)]) }
    }
    let read = entries.compactMap { entry -> Spoken.Entry? in
      let language = language(entry)
      guard let pieces = pieces(entry.value), let language else { return nil }
      return Spoken.Entry(language, pieces)
    }
    return read.count == entries.count ? Spoken(read) : nil
  }

  private mutating func pieces(_ tree: Tree) -> [Spoken.Piece]? { tree.value("texto", .pieces, &self) }

  /// A language's code as a key.
  mutating func language(_ entry: Tree.Entry) -> Language? {
    if entry.key.wholeMatch(of: /[a-z]{2,3}(-x-[a-z0-9]{1,20})?/) != nil { return Language(entry.key) }
    error(entry.position, "\"\(entry.key.excerpt)\" no es el código de un idioma", fix: "escríbalo como es, nah o tzo-x-zinacantan")
    return nil
  }
}

extension ValueParser<[Spoken.Piece]> {
  static let pieces = ValueParser { text throws(Complaint) in
    let words = try ValueParser<String>.spoken.parse(text)
    do throws(Spoken.UnknownValue) { return try Spoken.pieces(of: words) } catch {
      guard error.name != "{" else { throw Complaint("una llave { no se cierra", fix: "ciérrela con }") }
      throw Complaint(
        "{\(error.name.excerpt)} no es ningún dato", fix: Suggestion.fix(for: error.name, among: SpokenValue.allCases.map(\.rawValue)))
    }
  }
}
