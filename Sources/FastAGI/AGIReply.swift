/// What Asterisk answers to one command.
package enum AGIReply: Hashable, Sendable {
  /// `200 result=RESULT (DATA) endpos=ENDPOS`
  case result(AGIResult)
  /// `510`: no such command, or a line that ended in CR.
  case unknownCommand
  /// `511`: the caller has hung up.
  case deadChannel
  /// `520`: the words of the command are wrong; what Asterisk says about its use.
  case usage([String])
  /// A line that is none of these. The next answer may belong to another command than ours.
  case unreadable(String)
}

/// The parts of a `200` line.
package struct AGIResult: Hashable, Sendable {
  /// What follows `result=`, up to a space; may be empty. For GET DATA the digits, leading zeros kept.
  package var value: String
  /// What stands in parentheses, `timeout` or a variable's value; `nil` without parentheses.
  package var data: String?
  /// Where a sound was stopped, in its own unit; `nil` where it is not told.
  package var endPosition: Int?

  package init(_ value: String, data: String? = nil, endPosition: Int? = nil) {
    self.value = value
    self.data = data
    self.endPosition = endPosition
  }

  /// The value as a number; `nil` for one that is none, or no `Int`.
  package var number: Int? { Int(value) }

  /// The key that a sound was stopped with: 0–9, `*` or `#`, from its ASCII code; `nil` for any other number.
  package var key: Character? {
    guard let number, let byte = UInt8(exactly: number) else { return nil }
    return AGIKeys.all.utf8.contains(byte) ? Character(Unicode.Scalar(byte)) : nil
  }

  package var timedOut: Bool { data == "timeout" }
}

/// The keys of a telephone.
package enum AGIKeys {
  package static let all = "0123456789*#"
}

extension AGIReply {
  /// Reads one line that is no part of a 520 block.
  static func line(_ line: String) -> AGIReply {
    if line.hasPrefix("200 result=") { return .result(AGIResult(reading: line.dropFirst(11))) }
    if line.code == "510" { return .unknownCommand }
    if line.code == "511" { return .deadChannel }
    if line.hasPrefix("520 ") { return .usage([]) }
    return .unreadable(line)
  }
}

extension String {
  /// What stands before the first space.
  fileprivate var code: Substring { prefix { $0 != " " } }
}

extension AGIResult {
  /// `R (data) endpos=N`: the data go from the first `(` to the last `)`, whatever stands between.
  fileprivate init(reading text: Substring) {
    let value = text.prefix { $0 != " " }
    var rest = text[value.endIndex...]
    self.value = String(value)
    if let open = rest.firstIndex(of: "("), let close = rest.lastIndex(of: ")"), open < close {
      data = String(rest[rest.index(after: open)..<close])
      rest = rest[rest.index(after: close)...]
    }
    let mark = " endpos="
    if rest.hasPrefix(mark) { endPosition = Int(rest.dropFirst(mark.count)) }
  }
}
