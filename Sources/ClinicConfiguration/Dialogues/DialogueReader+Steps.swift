internal import ClinicDomain
internal import Guidance
internal import IVRDialogue

extension DialogueReader {
  mutating func readSteps(_ tree: Tree) -> [Step]? {
    guard let items = tree.items("pasos", &findings) else { return nil }
    var names: [Placed<String>] = []
    var steps: [Step] = []
    for (index, item) in items.enumerated() {
      guard let kind = stepKind(item, index), let fields = item.fields(of: "el elemento \(index + 1) de pasos", kind.keys, &findings)
      else { continue }
      let name = fields.placed("paso", .code, &findings)
      if let name { names.append(name) }
      let text = fields["texto"].map { findings.spoken($0) } ?? Spoken()
      let isGreeting = fields.value("saludo", .yesOrNo, &findings) ?? false
      let content = read(kind, fields, StepID(name?.value ?? ""))
      guard let name, let text, let content else { continue }
      steps.append(Step(StepID(name.value), content, text, isGreeting: isGreeting))
    }
    _ = findings.unique(names, { "el paso \"\($0)\"" }, fix: "cambie el nombre de uno de los dos")
    return steps.count == items.count ? steps : nil
  }

  enum StepKind: String, CaseIterable {
    case say = "mensaje"
    case menu
    case field = "dato"
    case request = "solicitud"
    case guide = "guia"
    case branch = "segun"
    case dialogue = "dialogo"
    case back = "regreso"
    case language = "lengua"
    case end = "fin"

    var keys: [Key] {
      let common: [Key] = [.required("paso", "saludo"), .required("tipo", rawValue)]
      let text = Key.required("texto", "lo que se oye")
      let next = Key.required("siguiente", "el paso que sigue")
      switch self {
      case .say: return common + [text, next, .optional("emergencia"), .optional("saludo")]
      case .menu:
        return common + [
          .required("opciones", "una lista con tecla, va y texto"), .optional("texto"), .optional("no_se"), .optional("lista"),
          .optional("si_se_acaban"), .optional("saludo"),
        ]
      case .field: return common + [.required("dato", "nss"), text, .required("ejemplo", "Por ejemplo: …"), next, .required("no_se", "persona")]
      case .request:
        return common + [
          .required("pide", "horarios"), .required("resultados", "un grupo con lo que puede contestar el sistema"), .optional("texto"),
          .optional("servicio"), .optional("desde_fecha"), .optional("motivo"),
        ]
      case .guide: return common + [.required("guia", "dolor_de_pecho"), .optional("fecha")]
      case .branch: return common + [.required("si", "atienden"), .required("va", "el paso si es así"), .required("si_no", "el paso si no")]
      case .dialogue: return common + [.required("dialogo", "citas"), .optional("desde"), .optional("regresa")]
      case .back: return common
      case .language: return common + [.required("lengua", "nah")]
      case .end: return common + [text, .required("resultado", "ok")]
      }
    }
  }

  /// The kind comes first: the other keys depend on it.
  private mutating func stepKind(_ item: Tree, _ index: Int) -> StepKind? {
    guard case .mapping(let entries) = item.content, let entry = entries.first(where: { $0.key == "tipo" }) else {
      let kinds = StepKind.allCases.map(\.rawValue).joined(separator: ", ")
      findings.error(item.position, "el elemento \(index + 1) de pasos no tiene tipo", fix: "agregue tipo: uno de \(kinds)")
      return nil
    }
    return entry.value.value("tipo", .word(of: StepKind.allCases.map { ($0.rawValue, $0) }), &findings)
  }

  private mutating func read(_ kind: StepKind, _ fields: Fields, _ name: StepID) -> Step.Kind? {
    switch kind {
    case .say:
      let emergency = fields["emergencia"].map { $0.value("emergencia", .emergency, &findings) }
      let next = fields.value("siguiente", stepName, &findings)
      guard let next, emergency != .some(.none) else { return nil }
      return .say(emergency: emergency ?? nil, next: next)
    case .menu: return readMenu(fields, name).map { .menu($0) }
    case .field: return readField(fields).map { .field($0) }
    case .request: return readRequest(fields).map { .request($0) }
    case .guide:
      let date = fields.value("fecha", stepName, &findings)
      return fields.value("guia", .code, &findings).map { .guide(GuideID($0), date: date) }
    case .branch:
      let condition = fields.value("si", .condition, &findings)
      let then = fields.value("va", stepName, &findings)
      let otherwise = fields.value("si_no", stepName, &findings)
      guard let condition, let then, let otherwise else { return nil }
      return .branch(condition, then: then, otherwise: otherwise)
    case .dialogue:
      let dialogue = fields.value("dialogo", .code, &findings)
      let start = fields.value("desde", .code, &findings)
      let next = fields.value("regresa", stepName, &findings)
      guard let dialogue else { return nil }
      return .dialogue(DialogueID(dialogue), at: start.map { StepID($0) }, next: next)
    case .back: return .back
    case .language: return fields.value("lengua", .language, &findings).map { .language($0) }
    case .end: return fields.value("resultado", .callResult, &findings).map { .end($0) }
    }
  }

  // MARK: - What is asked

  private static let optionKeys: [Key] = [
    .required("tecla", "1"), .required("texto", "Para cancelar, oprima 1."), .optional("va"), .optional("otra"), .optional("no_se"),
  ]

  private mutating func readMenu(_ fields: Fields, _ name: StepID) -> Menu? {
    guard let items = fields["opciones"]?.items("opciones", &findings) else { return nil }
    let options = items.enumerated().compactMap { index, item -> Menu.Option? in
      guard let option = item.fields(of: "el elemento \(index + 1) de opciones", Self.optionKeys, &findings) else { return nil }
      let key = option.value("tecla", .integer(1...8), &findings)
      if let key { optionPositions[OptionPlace(step: name, key: key)] = item.position }
      let text = option["texto"].flatMap { findings.spoken($0) }
      let action = readAction(option)
      let isDontKnow = option.value("no_se", .yesOrNo, &findings) ?? false
      guard let key, let text, let action else { return nil }
      return Menu.Option(key, action, text, isDontKnow: isDontKnow)
    }
    let dontKnow = fields.value("no_se", stepName, &findings)
    let list = readList(fields)
    guard options.count == items.count else { return nil }
    return Menu(options, dontKnow: dontKnow, list: list)
  }

  private mutating func readAction(_ fields: Fields) -> Menu.Action? {
    let isNext = fields.value("otra", .yesOrNo, &findings) ?? false
    guard isNext == (fields["va"] == nil) else {
      findings.error(
        fields.position, isNext ? "la opción tiene va y otra: sí" : "la opción no dice a dónde va",
        fix: isNext ? "deje una de las dos" : "agregue va: con un paso, u otra: sí para el siguiente de la lista")
      return nil
    }
    return isNext ? .nextOne : fields.value("va", stepName, &findings).map { .go($0) }
  }

  private mutating func readList(_ fields: Fields) -> Menu.Listing? {
    let source = fields.value("lista", .listing, &findings)
    let exhausted = fields.value("si_se_acaban", stepName, &findings)
    if (fields["lista"] == nil) != (fields["si_se_acaban"] == nil) {
      findings.error(fields.position, "lista y si_se_acaban van juntas", fix: "agregue la que falta")
    }
    guard let source, let exhausted else { return nil }
    return Menu.Listing(of: source, exhausted: exhausted)
  }

  private mutating func readField(_ fields: Fields) -> Field? {
    let kind = fields.value("dato", .fieldKind, &findings)
    let next = fields.value("siguiente", stepName, &findings)
    let dontKnow = fields.value("no_se", stepName, &findings)
    let example = fields["ejemplo"].flatMap { findings.spoken($0) }
    guard let kind, let next, let dontKnow, let example else { return nil }
    return Field(kind, next: next, dontKnow: dontKnow, example: example)
  }

  private mutating func readRequest(_ fields: Fields) -> Request? {
    guard let kind = fields.value("pide", .requestKind, &findings), let tree = fields["resultados"] else { return nil }
    let keys = kind.outcomes.map { Key.required($0.rawValue, "un paso") }
    guard let ways = tree.fields(of: "resultados de pide: \(kind.rawValue)", keys, &findings) else { return nil }
    let outcomes = kind.outcomes.compactMap { word in ways.value(word.rawValue, stepName, &findings).map { Request.Outcome(word, $0) } }
    let service = fields.value("servicio", .code, &findings).map { ServiceCode($0) }
    let fromDate = fields.value("desde_fecha", .yesOrNo, &findings) ?? false
    let reason = fields.value("motivo", .callbackReason, &findings)
    for (key, owner) in [("servicio", RequestKind.find), ("desde_fecha", .find), ("motivo", .callback)] where kind != owner {
      if let tree = fields[key] {
        findings.error(tree.position, "\"\(key)\" no va con pide: \(kind.rawValue)", fix: "quite la línea")
      }
    }
    guard outcomes.count == kind.outcomes.count else { return nil }
    return Request(kind, outcomes, service: service, fromAskedDate: fromDate, reason: reason)
  }
}

extension ValueParser<Condition> {
  static let condition = word(of: Condition.allCases.map { ($0.rawValue, $0) })
}

extension ValueParser<CallResult> {
  static let callResult = word(of: [CallResult.ok, .person, .emergency].map { ($0.rawValue, $0) })
}

extension ValueParser<FieldKind> {
  static let fieldKind = word(of: FieldKind.allCases.map { ($0.rawValue, $0) })
}

extension ValueParser<RequestKind> {
  static let requestKind = word(of: RequestKind.allCases.map { ($0.rawValue, $0) })
}

extension ValueParser<CallbackReason> {
  static let callbackReason = word(of: CallbackReason.allCases.map { ($0.rawValue, $0) })
}

extension ValueParser<Menu.Listing.Source> {
  static let listing = word(of: Menu.Listing.Source.allCases.map { ($0.rawValue, $0) })
}

extension ValueParser<Language> {
  static let language = ValueParser { text throws(Complaint) in
    guard text.wholeMatch(of: /[a-z]{2,3}(-x-[a-z0-9]{1,20})?/) != nil else {
      throw Complaint("\"\(text.excerpt)\" no es el código de un idioma", fix: "escríbalo como es, nah o tzo-x-zinacantan")
    }
    return Language(text)
  }
}
