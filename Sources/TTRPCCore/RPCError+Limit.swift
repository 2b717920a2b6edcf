/// A limit as the status that it answers with names it, for whoever has only the status.
package struct ReachedLimit: Hashable, Sendable {
  package let name: LimitName
  /// What the server allows, where its message says so.
  package let maximum: Int?

  package init(_ name: LimitName, maximum: Int?) {
    self.name = name
    self.maximum = maximum
  }
}

extension RPCError {
  /// The limit that was reached, read from the words of ``limitReached(_:_:_:)`` and ``messageTooLong(_:maximum:)``; `nil` for any other status.
  package var reachedLimit: ReachedLimit? {
    guard code == .resourceExhausted else { return nil }
    let words = message.split(separator: " ")
    if words.starts(with: ["message", "length"]) { return ReachedLimit(.maxFrameLength, maximum: words.last.flatMap { Int($0) }) }
    guard words.count > 3, words[0] == "limit", words[2] == "reached:", let name = LimitName(rawValue: String(words[1])) else { return nil }
    return ReachedLimit(name, maximum: words.lazy.dropFirst(3).compactMap { Int($0) }.first)
  }
}
