/// A configuration file as written: texts, lists and mappings, each with its place.
///
/// A text is what stands in the file, quotes and escapes resolved and nothing else: `8:00`, `010` and `no` are not numbers or truth
/// values here, as YAML would have them. What they mean is decided by who reads the key.
struct Tree: Hashable, Sendable {
  indirect enum Content: Hashable, Sendable {
    /// Empty when nothing stands after the key.
    case text(String)
    case list([Tree])
    /// Keys are unique, in the order of the file.
    case mapping([Entry])
  }

  struct Entry: Hashable, Sendable {
    let key: String
    let position: TextPosition
    let value: Tree
  }

  let position: TextPosition
  let content: Content

  /// What stands here instead of what was expected: "hay una lista".
  var kind: String {
    switch content {
    case .text(""): "no hay nada"
    case .text: "hay un valor"
    case .list: "hay una lista"
    case .mapping: "hay un grupo de claves"
    }
  }
}
