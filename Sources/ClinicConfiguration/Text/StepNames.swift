/// Names of the steps of a guide or a dialogue, known before any step is read: whatever leads to one can then be checked where it stands.
extension Tree {
  /// Every step's name in a list of steps, quietly: what is wrong with them is reported when they are read.
  var stepNames: [Placed<String>] {
    guard case .list(let items) = content else { return [] }
    return items.compactMap { item in
      guard case .mapping(let entries) = item.content, let entry = entries.first(where: { $0.key == "paso" }),
        case .text(let name) = entry.value.content
      else { return nil }
      return Placed(value: name, position: entry.value.position)
    }
  }
}

extension ValueParser {
  /// Reads the name of a step.
  ///
  /// - Parameter whole: what the step is missing from: "esta guía".
  static func step(
    among names: [Placed<String>], of whole: String, _ make: @escaping @Sendable (String) -> Value
  ) -> ValueParser {
    let legal = names.map(\.value)
    return ValueParser { text throws(Complaint) in
      if legal.contains(text) { return make(text) }
      throw Complaint("\"\(text.excerpt)\" no es ningún paso de \(whole)", fix: Suggestion.fix(for: text, among: legal))
    }
  }
}
