package import VentanillaMessages

extension Wire.Refusal {
  /// Keys: those of the contract's `Refusal`; `reason` is a word such as "slot_taken".
  package var json: JSONValue {
    .object([
      .init("reason", .string(reason.word)),
      .init("text", .string(text)),
      .init("alternatives", .array(alternatives.map(\.json))),
      .init("steps", .array(steps.map(\.json))),
    ])
  }

  /// The reason, the free slots that fit, and what else can be done; no answer is ever "no hay citas" alone.
  package func lines(_ style: TerminalStyle = .plain) -> [String] {
    var lines = ["\(style.yellow(text.printable)) \(style.dim("(\(reason.word))"))"]
    if !alternatives.isEmpty {
      lines.append("Lugares libres parecidos, el más cercano primero:")
      lines += TextTable(slots: alternatives).lines(style, indent: 2)
    }
    return lines + steps.lines
  }
}

extension Wire.NextStep {
  package var json: JSONValue { .object([.init("code", .string(code)), .init("text", .string(text))]) }
}

extension [Wire.NextStep] {
  /// A heading and one line for each; nothing when there is none.
  package var lines: [String] {
    isEmpty ? [] : ["También puede:"] + map { "  • \($0.text.printable)" }
  }
}
