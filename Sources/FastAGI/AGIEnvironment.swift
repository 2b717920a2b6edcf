/// What Asterisk says of a call before the first command: `key: value` lines.
///
/// Any key may be missing, unknown, or empty. Nothing of it is to be believed: the caller's number and name are what the other end wrote.
package struct AGIEnvironment: Hashable, Sendable {
  package struct Field: Hashable, Sendable {
    /// `agi_channel`, `agi_arg_1`, …
    package let key: String
    package let value: String
  }

  /// In the order in which they came.
  package private(set) var fields: [Field] = []

  package init() {}

  package init(_ pairs: KeyValuePairs<String, String>) { fields = pairs.map { Field(key: $0.key, value: $0.value) } }

  /// The first value of a key; `nil` when the line did not come.
  package subscript(_ key: String) -> String? { fields.first { $0.key == key }?.value }

  /// Takes one line without its end; split at the first `: `, and at a colon that ends the line, after which nothing came.
  mutating func take(_ line: String) {
    if let mark = line.utf8.firstMark {
      fields.append(Field(key: String(line[..<mark]), value: String(line[line.utf8.index(mark, offsetBy: 2)...])))
    } else {
      fields.append(Field(key: line.hasSuffix(":") ? String(line.dropLast()) : line, value: ""))
    }
  }
}

extension String.UTF8View {
  /// The first `: `.
  fileprivate var firstMark: Index? {
    indices.first { self[$0] == UInt8(ascii: ":") && index(after: $0) < endIndex && self[index(after: $0)] == UInt8(ascii: " ") }
  }
}

// MARK: - The dialplan's URL

extension AGIEnvironment {
  /// The dialogue that the dialplan asks for: the path of `agi://host/PATH?query`; `nil` without one.
  package var script: String? {
    guard let whole = self["agi_network_script"] else { return nil }
    let path = whole.prefix { $0 != "?" }
    return path.isEmpty ? nil : String(path)
  }

  /// The value of a query's name; nothing is URL-decoded, as Asterisk sends it as it stands.
  package func query(_ name: String) -> String? {
    guard let whole = self["agi_network_script"], let mark = whole.firstIndex(of: "?") else { return nil }
    for pair in whole[whole.index(after: mark)...].split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts[0] == name { return parts.count == 2 ? String(parts[1]) : "" }
    }
    return nil
  }
}
