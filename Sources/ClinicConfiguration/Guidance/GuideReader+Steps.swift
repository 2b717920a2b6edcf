internal import ClinicDomain
internal import Guidance

extension GuideReader {
  /// Reads the name of a step of this guide.
  var stepName: ValueParser<NodeID> { .step(among: stepNames, of: "esta guía") { NodeID($0) } }

  mutating func readSteps(_ tree: Tree) -> [Node]? {
    guard let items = tree.items("pasos", &findings) else { return nil }
    var names: [Placed<String>] = []
    var nodes: [Node] = []
    for (index, item) in items.enumerated() {
      guard let kind = stepKind(item, index), let fields = item.fields(of: "el elemento \(index + 1) de pasos", kind.keys, &findings)
      else { continue }
      let name = fields.placed("paso", .code, &findings)
      if let name { names.append(name) }
      let text = fields["texto"].flatMap { readText($0) }
      let content = read(kind, fields, NodeID(name?.value ?? ""))
      guard let name, let text, let content else { continue }
      nodes.append(Node(NodeID(name.value), content, text))
    }
    _ = findings.unique(names, { "el paso \"\($0)\"" }, fix: "cambie el nombre de uno de los dos")
    return nodes.count == items.count ? nodes : nil
  }

  enum StepKind: String, CaseIterable {
    case statement = "instruccion"
    case question = "pregunta"
    case identification = "identificacion"
    case disposition = "fin"

    var keys: [Key] {
      let common: [Key] = [.required("paso", "aviso"), .required("tipo", rawValue), .required("texto", "lo que se oye")]
      switch self {
      case .statement: return common + [.required("siguiente", "el paso que sigue"), .optional("emergencia")]
      case .identification: return common + [.required("siguiente", "el paso que sigue")]
      case .question: return common + [.required("respuestas", "una lista con tecla, respuesta, va y texto")]
      case .disposition:
        return common + [
          .required("destino", "urgencias"), .optional("servicio"), .optional("dias"), .optional("dias_habiles"), .optional("minutos"),
          .optional("si_no_hay_lugar"),
        ]
      }
    }
  }

  /// The kind comes first: the other keys depend on it.
  private mutating func stepKind(_ item: Tree, _ index: Int) -> StepKind? {
    guard case .mapping(let entries) = item.content, let entry = entries.first(where: { $0.key == "tipo" }) else {
      findings.error(item.position, "el elemento \(index + 1) de pasos no tiene tipo", fix: "agregue tipo: instruccion, pregunta, identificacion o fin")
      return nil
    }
    return entry.value.value("tipo", .word(of: StepKind.allCases.map { ($0.rawValue, $0) }), &findings)
  }

  private mutating func read(_ kind: StepKind, _ fields: Fields, _ name: NodeID) -> Node.Kind? {
    switch kind {
    case .statement:
      let emergency = fields["emergencia"].map { $0.value("emergencia", .emergency, &findings) }
      let next = fields.value("siguiente", stepName, &findings)
      guard let next, emergency != .some(.none) else { return nil }
      return .statement(emergency: emergency ?? nil, next: next)
    case .identification: return fields.value("siguiente", stepName, &findings).map { .identification(next: $0) }
    case .question: return fields["respuestas"].flatMap { readAnswers($0, name) }.map { .question($0) }
    case .disposition: return readDisposition(fields).map { .disposition($0) }
    }
  }

  /// Words by language; a single text is Spanish.
  mutating func readText(_ tree: Tree) -> GuideText? {
    guard case .mapping(let entries) = tree.content else {
      return tree.value("texto", .spoken, &findings).map { GuideText(spanish: $0) }
    }
    let read = entries.compactMap { entry -> GuideText.Entry? in
      let language = language(entry)
      let words = entry.value.value("texto", .spoken, &findings)
      guard let language, let words else { return nil }
      return GuideText.Entry(language, words)
    }
    return read.count == entries.count ? GuideText(read) : nil
  }
}

extension ValueParser<Node.Emergency> {
  static let emergency = word(of: Node.Emergency.allCases.map { ($0.rawValue, $0) })
}
