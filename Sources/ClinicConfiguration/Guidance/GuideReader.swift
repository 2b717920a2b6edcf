internal import ClinicDomain
internal import Guidance

/// Makes a guide out of a tree, and remembers where each step and answer stands.
struct GuideReader {
  var findings: Findings
  /// The names of all steps, so that whatever leads to one can be checked while it is read.
  var stepNames: [Placed<String>] = []
  /// Where each answer stands, by step and key.
  var answerPositions: [AnswerPlace: TextPosition] = [:]
  var start: TextPosition = .start

  struct AnswerPlace: Hashable {
    let node: NodeID
    let key: Int
  }

  init(findings: Findings) { self.findings = findings }

  private static let keys: [Key] = [
    .required("guia", "dolor_de_pecho"),
    .required("version", "1"),
    .required("titulo", "Dolor de pecho"),
    .required("validacion", GuideReader.notValidated),
    .required("fuentes", "una lista, o []"),
    .optional("embarazo"),
    .optional("para"),
    .required("idiomas", "un grupo con es: completo"),
    .required("inicio", "el nombre de uno de los pasos"),
    .required("pasos", "una lista con paso, tipo y texto"),
    .optional("firma"),
  ]

  static let notValidated = "no validado clínicamente"

  /// `nil` when something is missing or wrong, which then stands in ``findings``.
  mutating func read(_ root: Tree) -> Guide? {
    start = root.position
    guard let fields = root.fields(of: "la raíz del archivo", Self.keys, &findings) else { return nil }
    let id = fields.placed("guia", .code, &findings)
    let version = fields.value("version", .integer(1...9999), &findings)
    let title = fields.value("titulo", .sentence, &findings)
    let isSigned = fields.placed("validacion", Self.validation, &findings)
    let sources = fields["fuentes"]?.items("fuentes", &findings).map { items in
      items.compactMap { $0.value("fuentes", .sentence, &findings) }
    }
    let startsPregnant = fields.value("embarazo", .yesOrNo, &findings)
    let audience = fields.value("para", .audience, &findings)
    let languages = fields["idiomas"].flatMap { readLanguages($0) }
    stepNames = fields["pasos"]?.stepNames ?? []
    let first = fields.value("inicio", stepName, &findings)
    let nodes = fields["pasos"].flatMap { readSteps($0) }
    let signature = fields["firma"].flatMap { readSignature($0) }
    check(isSigned, hasSignature: fields["firma"] != nil)
    if let id { check(id) }
    guard let id, let version, let title, let sources, let languages, let first, let nodes, !findings.hasErrors else { return nil }
    return Guide(
      id: GuideID(id.value), version: version, title: title, sources: sources, startsPregnant: startsPregnant ?? false,
      audience: audience ?? .everybody, languages: languages, start: first, nodes: nodes, signature: signature)
  }

  private static let validation = ValueParser<Bool>.word(of: [(GuideReader.notValidated, false), ("firmada", true)])

  private mutating func check(_ isSigned: Placed<Bool>?, hasSignature: Bool) {
    guard let isSigned, isSigned.value != hasSignature else { return }
    if hasSignature {
      findings.error(isSigned.position, "hay firma y la guía dice que no está validada", fix: "escriba validacion: firmada, o quite la firma")
    } else {
      findings.error(
        isSigned.position, "la guía dice que está firmada y no hay firma",
        fix: "escriba validacion: \(Self.notValidated), o agregue firma con medico, cedula, fecha y huella")
    }
  }

  /// The file is called as the guide is, so that no two files of a folder hold the same one.
  private mutating func check(_ id: Placed<String>) {
    let name = findings.file.split(separator: "/").last.map(String.init) ?? ""
    guard name != "\(id.value).yaml" else { return }
    findings.error(id.position, "la guía se llama \"\(id.value)\" y el archivo \"\(name.excerpt)\"", fix: "llame al archivo \(id.value).yaml")
  }

  private mutating func readLanguages(_ tree: Tree) -> [LanguageEntry]? {
    guard case .mapping(let entries) = tree.content else {
      findings.error(tree.position, "idiomas es un grupo de claves y \(tree.kind)", fix: "escriba es: completo en una línea y cada otro idioma en la suya")
      return nil
    }
    let read = entries.compactMap { entry -> LanguageEntry? in
      let language = language(entry)
      let coverage = entry.value.value("idiomas", .coverage, &findings)
      guard let language, let coverage else { return nil }
      return LanguageEntry(language, coverage)
    }
    return read.count == entries.count ? read : nil
  }

  /// A language's code as a key.
  mutating func language(_ entry: Tree.Entry) -> Language? {
    if entry.key.wholeMatch(of: /[a-z]{2,3}(-x-[a-z0-9]{1,20})?/) != nil { return Language(entry.key) }
    findings.error(
      entry.position, "\"\(entry.key.excerpt)\" no es el código de un idioma", fix: "escríbalo como es, nah o tzo-x-zinacantan")
    return nil
  }

  private mutating func readSignature(_ tree: Tree) -> GuideSignature? {
    let keys: [Key] = [
      .required("medico", "Dra. Nombre Apellido"), .required("cedula", "1234567"), .required("fecha", "2026-11-21"),
      .required("huella", "los 64 dígitos que da kioskctl guia --huella"),
    ]
    guard let fields = tree.fields(of: "firma", keys, &findings) else { return nil }
    let clinician = fields.value("medico", .sentence, &findings)
    let licence = fields.value("cedula", .licence, &findings)
    let date = fields.value("fecha", .date, &findings)
    let hash = fields.value("huella", .contentHash, &findings)
    guard let clinician, let licence, let date, let hash else { return nil }
    return GuideSignature(clinician: clinician, licence: licence, date: date, hash: hash)
  }
}

extension ValueParser<LanguageEntry.Coverage> {
  static let coverage = word(of: LanguageEntry.Coverage.allCases.map { ($0.rawValue, $0) })
}

extension ValueParser<Guide.Audience> {
  static let audience = word(of: Guide.Audience.allCases.map { ($0.rawValue, $0) })
}

extension ValueParser<String> {
  /// A cédula profesional.
  static let licence = ValueParser { text throws(Complaint) in
    guard text.wholeMatch(of: /[0-9]{5,8}/) != nil else {
      throw Complaint("\"\(text.excerpt)\" no es una cédula profesional", fix: "escriba sus 5 a 8 dígitos")
    }
    return text
  }

  /// What is said in one prompt: 1 to 500 characters on any number of lines, which become one.
  static let spoken = ValueParser { text throws(Complaint) in
    let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    guard !line.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
      throw Complaint("el texto tiene un carácter que no se ve", fix: "escríbalo de nuevo, con letras y signos")
    }
    guard line.count <= 500 else {
      throw Complaint("el texto tiene \(line.count) caracteres y caben 500", fix: "acórtelo, o haga de él dos pasos")
    }
    return line
  }
}

extension ValueParser<ContentHash> {
  static let contentHash = ValueParser { text throws(Complaint) in
    guard let hash = ContentHash(text) else {
      throw Complaint("\"\(text.excerpt)\" no es una huella", fix: "copie los 64 dígitos que da kioskctl guia --huella")
    }
    return hash
  }
}
