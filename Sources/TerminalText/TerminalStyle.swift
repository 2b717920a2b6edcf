internal import Foundation

/// Colours where somebody sees them, plain text everywhere else.
package struct TerminalStyle: Equatable, Sendable {
  package var isColoured: Bool

  package init(isColoured: Bool) { self.isColoured = isColoured }

  package static let plain = TerminalStyle(isColoured: false)

  /// The style of an open file: coloured when it is a terminal that has colours and nobody asked for none.
  ///
  /// Source: no-color.org for `NO_COLOR`.
  package init(
    descriptor: Int32, environment: [String: String] = ProcessInfo.processInfo.environment
  ) {
    let declined = !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb"
    isColoured = isatty(descriptor) == 1 && !declined
  }

  package func bold(_ text: String) -> String { marked(text, "1") }
  package func dim(_ text: String) -> String { marked(text, "2") }
  package func red(_ text: String) -> String { marked(text, "31") }
  package func green(_ text: String) -> String { marked(text, "32") }
  package func yellow(_ text: String) -> String { marked(text, "33") }
  package func cyan(_ text: String) -> String { marked(text, "36") }

  private func marked(_ text: String, _ code: String) -> String {
    isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
