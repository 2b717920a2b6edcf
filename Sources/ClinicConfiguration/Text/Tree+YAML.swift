internal import Yams

extension Tree {
  /// Reads one YAML document whose root is a mapping.
  ///
  /// - Throws: what makes it unreadable: one syntax error; or every repeated key; or the first thing of YAML that is not used
  ///   here (anchors and aliases, tags, keys that are no text).
  static func parse(_ yaml: String) throws(UnreadableText) -> Tree {
    if let alias = AliasSurvey.firstAnchor(in: yaml) { throw UnreadableText(anchor(at: alias)) }
    let parser: Parser
    let root: Node?
    do {
      // The parser owns the anchors: a node forgets its own when the parser goes.
      parser = try Parser(yaml: yaml, resolver: .basic, encoding: .utf8)
      root = try parser.singleRoot()
    } catch YamlError.duplicatedKeysInMapping(let names, let context) {
      throw RepeatedKeys.all(in: yaml, first: TextPosition(context.mark), name: names.first ?? "")
    } catch {
      throw UnreadableText(syntaxComplaint(error, in: yaml))
    }
    return try withExtendedLifetime(parser) { () throws(UnreadableText) in
      guard let root else {
        throw UnreadableText(
          PlacedComplaint(.start, "el archivo está vacío", fix: "copie el de una clínica de muestra y cámbielo"))
      }
      let tree = try Tree(root)
      try tree.refuseRepeatedKeys()
      return tree
    }
  }

  private init(_ node: Node, isKey: Bool = false) throws(UnreadableText) {
    let position = node.mark.map(TextPosition.init) ?? .start
    if node.anchor != nil { throw UnreadableText(Self.anchor(at: position)) }
    switch node {
    case .scalar(let scalar):
      // Yams resolves the tags of keys while it compares them.
      let ordinary = isKey || scalar.style != .plain ? ["", "tag:yaml.org,2002:str"] : [""]
      guard ordinary.contains(scalar.tag.description) else {
        throw UnreadableText(
          PlacedComplaint(
            position, "hay una etiqueta de YAML antes del valor", fix: "quítela: aquí todo se lee como está escrito"))
      }
      self.init(position: position, content: .text(scalar.string))
    case .sequence(let sequence):
      var items: [Tree] = []
      for item in sequence { items.append(try Tree(item)) }
      self.init(position: position, content: .list(items))
    case .mapping(let mapping):
      var entries: [Entry] = []
      for (key, value) in mapping {
        guard case .scalar(let scalar) = key else {
          throw UnreadableText(
            PlacedComplaint(
              key.mark.map(TextPosition.init) ?? position, "en lugar de una clave hay una lista o un grupo de claves",
              fix: "escriba como clave una palabra"))
        }
        let position = try Tree(key, isKey: true).position
        entries.append(Entry(key: scalar.string, position: position, value: try Tree(value)))
      }
      self.init(position: position, content: .mapping(entries))
    case .alias: throw UnreadableText(Self.anchor(at: position))
    }
  }

  private static func anchor(at position: TextPosition) -> PlacedComplaint {
    PlacedComplaint(
      position, "aquí no se usan anclas (&) ni alias (*) de YAML",
      fix: "repita el valor, o ponga el texto entre comillas si esos signos son parte de él")
  }

  /// Yams refuses them before it gives a tree; should it let one pass, it ends here.
  private func refuseRepeatedKeys() throws(UnreadableText) {
    var found: [PlacedComplaint] = []
    collectRepeatedKeys(&found) { $0.key }
    guard found.isEmpty else { throw UnreadableText(found) }
  }

  /// - Parameter name: the key as a person wrote it.
  func collectRepeatedKeys(_ found: inout [PlacedComplaint], name: (Entry) -> String) {
    switch content {
    case .text: break
    case .list(let items):
      for item in items { item.collectRepeatedKeys(&found, name: name) }
    case .mapping(let entries):
      var lines: [String: Int] = [:]
      for entry in entries {
        let key = name(entry)
        if let line = lines[key] {
          found.append(
            PlacedComplaint(
              entry.position, "la clave \"\(key)\" ya está en la línea \(line)", fix: "deje solo una de las dos"))
        } else {
          lines[key] = entry.position.line
        }
        entry.value.collectRepeatedKeys(&found, name: name)
      }
    }
  }

  /// As ``init(_:)``, for a text already known to be readable but for its repeated keys.
  static func treeForRepeatedKeys(_ yaml: String) throws -> Tree? {
    let parser = try Parser(yaml: yaml, resolver: .basic, encoding: .utf8)
    let root = try parser.singleRoot()
    return try withExtendedLifetime(parser) { try root.map { try Tree($0) } }
  }
}

extension TextPosition {
  init(_ mark: Mark) { self.init(line: mark.line, column: mark.column) }
}

/// Why no tree could be made of a text: complaints in the order of the file, at least one.
struct UnreadableText: Error, Hashable {
  let complaints: [PlacedComplaint]

  init(_ complaint: PlacedComplaint) { complaints = [complaint] }

  init(_ complaints: [PlacedComplaint]) {
    self.complaints = complaints.sorted { $0.position < $1.position }
  }
}
