internal import Yams

/// Finds where a repeated key stands for the second time.
///
/// Yams tells where one of them stands first, and gives no tree. So that first key is disguised, its length kept, until the text
/// gives a tree; in it, a disguised key and its later namesakes stand in one mapping.
enum RepeatedKeys {
  /// The first of as many private-use characters as ``bound``: legal in YAML, and in nobody's key.
  private static let firstDisguise: UInt32 = 0xE000
  /// When more keys than this are repeated, only the first is reported: each costs another reading of the text.
  private static let bound = 16

  static func all(in yaml: String, first: TextPosition, name: String) -> UnreadableText {
    var text = Array(yaml.unicodeScalars)
    var names: [TextPosition: String] = [:]
    var (position, key) = (first, name)
    for number in 0..<bound {
      // Each key its own disguise, or two disguised ones would repeat each other.
      let disguise = Unicode.Scalar(firstDisguise + UInt32(number))!
      guard disguiseKey(at: position, in: &text, with: disguise) else { break }
      names[position] = key
      do {
        let tree = try Tree.treeForRepeatedKeys(String(String.UnicodeScalarView(text)))
        var found: [PlacedComplaint] = []
        tree?.collectRepeatedKeys(&found) { names[$0.position] ?? $0.key }
        if !found.isEmpty { return UnreadableText(found) }
        break
      } catch YamlError.duplicatedKeysInMapping(let more, let context) {
        (position, key) = (TextPosition(context.mark), more.first ?? "")
      } catch {
        break
      }
    }
    return UnreadableText(
      PlacedComplaint(first, "la clave \"\(name)\" está repetida en este grupo", fix: "deje solo una"))
  }

  /// Changes one character of the key; `false` when there is none to change.
  private static func disguiseKey(
    at position: TextPosition, in text: inout [Unicode.Scalar], with disguise: Unicode.Scalar
  ) -> Bool {
    guard var index = text.index(of: position) else { return false }
    if text[index] == "\"" || text[index] == "'" { index += 1 }
    let ends: [Unicode.Scalar] = ["\"", "'", "\n"]
    guard index < text.count, !ends.contains(text[index]) else { return false }
    text[index] = disguise
    return true
  }
}

extension [Unicode.Scalar] {
  /// Where a position lies; line breaks are LF, CR LF or CR, and those of Unicode, as YAML has them.
  func index(of position: TextPosition) -> Int? {
    var line = 1
    var index = 0
    while line < position.line, index < count {
      switch self[index] {
      case "\r" where index + 1 < count && self[index + 1] == "\n": break
      case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": line += 1
      default: break
      }
      index += 1
    }
    let place = index + position.column - 1
    return line == position.line && place < count ? place : nil
  }
}
