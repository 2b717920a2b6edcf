/// A JSON text as a value. Numbers keep their digits and members their order, so nothing of the text is lost.
package enum JSONValue: Hashable, Sendable {
  case null
  case bool(Bool)
  /// The digits as written, such as `18446744073709551615`.
  case number(String)
  case string(String)
  case array([JSONValue])
  case object([Member])

  package struct Member: Hashable, Sendable {
    package let name: String
    package let value: JSONValue

    package init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }
}

extension JSONValue {
  /// The text on one line, or with two spaces of indentation a level.
  package func text(pretty: Bool) -> String {
    var text = ""
    write(to: &text, pretty ? 0 : nil)
    return text
  }

  private func write(to text: inout String, _ level: Int?) {
    switch self {
    case .null: text += "null"
    case .bool(let flag): text += flag ? "true" : "false"
    case .number(let digits): text += digits
    case .string(let string): Self.write(string, to: &text)
    case .array(let elements):
      Self.write(elements, "[", "]", to: &text, level) { element, text, level in element.write(to: &text, level) }
    case .object(let members):
      Self.write(members, "{", "}", to: &text, level) { member, text, level in
        Self.write(member.name, to: &text)
        text += level == nil ? ":" : ": "
        member.value.write(to: &text, level)
      }
    }
  }

  private static func write<Element>(
    _ elements: [Element], _ open: String, _ close: String, to text: inout String, _ level: Int?,
    _ body: (Element, inout String, Int?) -> Void
  ) {
    guard !elements.isEmpty else { return text += open + close }
    let line = { (level: Int?) in level.map { "\n" + String(repeating: "  ", count: $0) } ?? "" }
    let inner = level.map { $0 + 1 }
    text += open
    for (index, element) in elements.enumerated() {
      text += (index == 0 ? "" : ",") + line(inner)
      body(element, &text, inner)
    }
    text += line(level) + close
  }

  private static func write(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let hex = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
