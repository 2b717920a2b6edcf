/// Looks for anchors that are used, before any YAML is read: expanding aliases of aliases can take for ever.
///
/// An alias needs an anchor of the same name; a text that holds both `&x` and `*x` is refused, also where they stand in a comment.
/// An anchor that nobody uses is seen later, in the tree.
enum AliasSurvey {
  static func firstAnchor(in yaml: String) -> TextPosition? {
    guard yaml.utf8.contains(UInt8(ascii: "&")), yaml.utf8.contains(UInt8(ascii: "*")) else { return nil }
    var anchors: [(name: Substring.UnicodeScalarView, position: TextPosition)] = []
    var aliases: Set<String> = []
    let text = yaml.unicodeScalars
    var (line, column) = (1, 1)
    for index in text.indices {
      let scalar = text[index]
      if scalar == "&" || scalar == "*" {
        let name = text[text.index(after: index)...].prefix(while: isName)
        if scalar == "*" {
          aliases.insert(String(name))
        } else if !name.isEmpty {
          anchors.append((name, TextPosition(line: line, column: column)))
        }
      }
      if scalar == "\n" { (line, column) = (line + 1, 1) } else { column += 1 }
    }
    return anchors.first { aliases.contains(String($0.name)) }?.position
  }

  private static func isName(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar == "-" || (scalar.isASCII && scalar.properties.isAlphabetic) || ("0"..."9").contains(scalar)
  }
}
