/// A language as its prompts' folder is called: `es`, `nah`, or with a variant, `tzo-x-zinacantan`.
package struct Language: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible {
  package let rawValue: String
  package init(rawValue: String) { self.rawValue = rawValue }
  package init(_ rawValue: String) { self.rawValue = rawValue }
  package var description: String { rawValue }
  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  package static let spanish = Language("es")
}

/// What a guide offers in one language.
package struct LanguageEntry: Hashable, Sendable {
  package enum Coverage: String, Hashable, Sendable, CaseIterable {
    /// Every text is there.
    case complete = "completo"
    /// The caller is told that a person answers, and a person does: never silent Spanish.
    case person = "persona"
  }

  package var language: Language
  package var coverage: Coverage

  package init(_ language: Language, _ coverage: Coverage) {
    self.language = language
    self.coverage = coverage
  }
}

/// Words by language.
package struct GuideText: Hashable, Sendable {
  package struct Entry: Hashable, Sendable {
    package var language: Language
    package var words: String

    package init(_ language: Language, _ words: String) {
      self.language = language
      self.words = words
    }
  }

  /// In the order of the file; no language twice.
  package var entries: [Entry]

  package init(_ entries: [Entry]) { self.entries = entries }
  package init(spanish words: String) { entries = [Entry(.spanish, words)] }

  package subscript(_ language: Language) -> String? { entries.first { $0.language == language }?.words }
}

/// The name of one text, the same in every language: a prompt's file is called so.
///
/// Text form: `dolor_de_pecho.senales` for a node, `dolor_de_pecho.senales.1` for the answer on key 1.
package struct TextKey: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let description: String

  package init(_ guide: GuideID, _ node: NodeID) { description = "\(guide).\(node)" }
  package init(_ guide: GuideID, _ node: NodeID, key: Int) { description = "\(guide).\(node).\(key)" }

  package static func < (left: Self, right: Self) -> Bool { left.description < right.description }
}

extension Node {
  /// Whether all that is played here is there in the language.
  func hasWords(in language: Language) -> Bool {
    text[language] != nil && answers.allSatisfy { $0.text[language] != nil }
  }
}

extension Guide {
  /// What is played at a node, in one go: its own text, then its answers'. `nil` when one of them is not there in this language.
  package func prompt(at node: Node, in language: Language) -> String? {
    let texts = [node.text] + node.answers.map(\.text)
    let words = texts.compactMap { $0[language] }
    return words.count == texts.count ? words.joined(separator: " ") : nil
  }

  package func textKeys(at node: Node) -> [TextKey] {
    [TextKey(id, node.id)] + node.answers.map { TextKey(id, node.id, key: $0.key) }
  }
}
