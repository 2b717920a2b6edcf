package import ClinicDomain

/// One protocol of medical guidance: what a caller hears, is asked, and where that ends.
///
/// It screens alarm signs and hands over. It does not diagnose, does not reassure, sets no TRIAGE colour. A value of this type may
/// break every rule; ``problems(under:hash:)`` says which it breaks, and only what breaks none is played to callers.
package struct Guide: Hashable, Sendable {
  package var id: GuideID
  /// From 1; raised with each change that goes to callers.
  package var version: Int
  /// For lists and maps, in Spanish.
  package var title: String
  /// Where each claim of the texts was found.
  package var sources: [String]
  /// What is known of every caller from the choice of this guide alone.
  package var startsPregnant: Bool
  /// Who is led here first.
  package var audience: Audience
  /// In the order in which they are offered; no language twice.
  package var languages: [LanguageEntry]
  package var start: NodeID
  /// In the order of the file.
  package var nodes: [Node]
  package var signature: GuideSignature?

  package enum Audience: String, Hashable, Sendable, CaseIterable {
    case everybody = "todos"
    /// Those who call from a number outside Mexico.
    case abroad = "extranjero"

    /// Whether a caller with this number is led here first. Caller id is no identity: it opens nothing.
    package func isMeant(for caller: PhoneNumber?) -> Bool { self == .abroad && caller?.isMexican == false }
  }

  package init(
    id: GuideID, version: Int, title: String, sources: [String] = [], startsPregnant: Bool = false,
    audience: Audience = .everybody, languages: [LanguageEntry], start: NodeID, nodes: [Node], signature: GuideSignature? = nil
  ) {
    self.id = id
    self.version = version
    self.title = title
    self.sources = sources
    self.startsPregnant = startsPregnant
    self.audience = audience
    self.languages = languages
    self.start = start
    self.nodes = nodes
    self.signature = signature
  }

  /// - Complexity: O(nodes); a guide has a dozen.
  package subscript(_ id: NodeID) -> Node? { nodes.first { $0.id == id } }
}

/// The code of a guide, such as `dolor_de_pecho`; also the folder of its prompts.
package struct GuideID: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible {
  package let rawValue: String
  package init(rawValue: String) { self.rawValue = rawValue }
  package init(_ rawValue: String) { self.rawValue = rawValue }
  package var description: String { rawValue }
  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// The code of a node, unique in its guide.
package struct NodeID: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible {
  package let rawValue: String
  package init(rawValue: String) { self.rawValue = rawValue }
  package init(_ rawValue: String) { self.rawValue = rawValue }
  package var description: String { rawValue }
  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
