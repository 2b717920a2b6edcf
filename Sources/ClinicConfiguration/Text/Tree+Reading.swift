internal import ClinicDomain

/// A value with the place it was read from.
struct Placed<Value> {
  let value: Value
  let position: TextPosition
}

extension Placed: Equatable where Value: Equatable {}

/// A key that a mapping may have.
struct Key {
  let name: String
  /// What to write after the key, for whoever left it out; `nil` for a key that may be left out.
  let example: String?

  static func required(_ name: String, _ example: String) -> Key { Key(name: name, example: example) }
  static func optional(_ name: String) -> Key { Key(name: name, example: nil) }
}

/// A mapping's values, by key.
struct Fields {
  let position: TextPosition
  private let entries: [Tree.Entry]

  init(position: TextPosition, entries: [Tree.Entry]) {
    self.position = position
    self.entries = entries
  }

  /// `nil` when the key is absent; that has been reported where it matters.
  subscript(_ key: String) -> Tree? { entries.first { $0.key == key }?.value }

  /// The key's value read from its text; `nil` when the key is absent, or the value wrong and reported.
  func value<Value: Sendable>(_ key: String, _ parser: ValueParser<Value>, _ findings: inout Findings) -> Value? {
    placed(key, parser, &findings)?.value
  }

  func placed<Value: Sendable>(_ key: String, _ parser: ValueParser<Value>, _ findings: inout Findings) -> Placed<Value>? {
    self[key].flatMap { tree in
      tree.value(key, parser, &findings).map { Placed(value: $0, position: tree.position) }
    }
  }
}

extension Tree {
  /// The text here, read; `nil` when it is wrong, which is then reported.
  func value<Value: Sendable>(_ name: String, _ parser: ValueParser<Value>, _ findings: inout Findings) -> Value? {
    guard case .text(let text) = content else {
      findings.error(position, "\(name) lleva un solo valor y \(kind)", fix: "escriba \(name): y el valor en la misma línea")
      return nil
    }
    guard !text.trimmed.isEmpty else {
      findings.error(position, "\(name) está vacío", fix: "escriba su valor después de los dos puntos")
      return nil
    }
    guard text.utf8.count <= Self.maximumBytes else {
      findings.error(position, "\(name) es demasiado largo", fix: "escriba no más de 200 caracteres")
      return nil
    }
    do throws(Complaint) { return try parser.parse(text) } catch {
      findings.error(position, Complaint("\(name): \(error.message)", fix: error.fix))
      return nil
    }
  }

  /// The elements of a list, which may be empty; `nil` when there is none, which is then reported.
  func items(_ name: String, _ findings: inout Findings) -> [Tree]? {
    if case .list(let items) = content { return bounded(items, name, &findings) }
    findings.error(
      position, "\(name) es una lista y \(kind)",
      fix: content == .text("") ? "escriba \"[]\" si no hay ninguno" : "empiece cada elemento con \"- \"")
    return nil
  }

  /// The values of a list, or of a single text in its place; wrong ones are reported and left out.
  ///
  /// `nil` when nothing usable stands here, which is then reported: an empty list is not usable.
  func values<Value: Sendable>(
    _ name: String, _ parser: ValueParser<Value>, _ findings: inout Findings
  ) -> [Placed<Value>]? {
    var trees = [self]
    if case .list(let items) = content {
      guard let items = bounded(items, name, &findings) else { return nil }
      trees = items
    }
    guard !trees.isEmpty else {
      findings.error(position, "\(name) está vacío", fix: "escriba al menos un valor")
      return nil
    }
    let values = trees.compactMap { tree in
      tree.value(name, parser, &findings).map { Placed(value: $0, position: tree.position) }
    }
    return values.count == trees.count ? values : nil
  }

  /// More elements or keys than any clinic needs would only make the checks slow.
  private static let maximumItems = 400
  /// So would longer texts; the longest that any parser takes is 200 characters, of up to four bytes each.
  private static let maximumBytes = 4096

  private func bounded<Item>(_ items: [Item], _ name: String, _ findings: inout Findings) -> [Item]? {
    guard items.count > Self.maximumItems else { return items }
    findings.error(
      position, "\(name) tiene \(items.count) elementos y caben \(Self.maximumItems)", fix: "quite los que sobran")
    return nil
  }

  /// A mapping's values; unknown keys and missing ones are reported. `nil` when this is no mapping, which is then reported.
  ///
  /// - Parameter place: in what: "la raíz del archivo", "el elemento 2 de servicios".
  func fields(of place: String, _ keys: [Key], _ findings: inout Findings) -> Fields? {
    guard case .mapping(let entries) = content else {
      findings.error(
        position, "\(place) es un grupo de claves y \(kind)",
        fix: "escriba \(keys.prefix(3).map { "\($0.name):" }.joined(separator: ", ")) cada una en su línea")
      return nil
    }
    guard let entries = bounded(entries, place, &findings) else { return nil }
    let legal = keys.map(\.name)
    let absent = legal.filter { name in !entries.contains { $0.key == name } }
    var meant: [String] = []
    for entry in entries where !legal.contains(entry.key) {
      // A key that is there already is not what was meant.
      let nearest = Suggestion.nearest(to: entry.key, among: absent) ?? Suggestion.nearest(to: entry.key, among: legal)
      if let nearest { meant.append(nearest) }
      findings.error(
        entry.position, "la clave \"\(entry.key.excerpt)\" no existe en \(place)",
        fix: nearest.map { "¿quiso decir \"\($0)\"?" } ?? "se admiten: \(legal.joined(separator: ", "))")
    }
    for key in keys where absent.contains(key.name) && !meant.contains(key.name) {
      guard let example = key.example else { continue }
      findings.error(position, "falta \"\(key.name)\" en \(place)", fix: "agregue, por ejemplo, \(key.name): \(example)")
    }
    return Fields(position: position, entries: entries)
  }
}

extension Findings {
  /// Reports each value that has been there before; returns the values without repeats.
  mutating func unique<Value: Hashable>(
    _ values: [Placed<Value>], _ describe: (Value) -> String, fix: String
  ) -> [Value] {
    var lines: [Value: Int] = [:]
    var kept: [Value] = []
    for item in values {
      if let line = lines[item.value] {
        error(item.position, "\(describe(item.value)) ya está en la línea \(line)", fix: fix)
      } else {
        lines[item.value] = item.position.line
        kept.append(item.value)
      }
    }
    return kept
  }
}
