internal import Foundation
internal import TerminalText
internal import VentanillaMessages

/// Where text goes: standard output and standard error, each with its own style.
struct Output: Sendable {
  let style: TerminalStyle
  let errorStyle: TerminalStyle
  private let write: @Sendable (_ text: String, _ isError: Bool) -> Void

  init(
    style: TerminalStyle = .plain, errorStyle: TerminalStyle = .plain,
    write: @escaping @Sendable (_ text: String, _ isError: Bool) -> Void
  ) {
    self.style = style
    self.errorStyle = errorStyle
    self.write = write
  }

  static let standard = Output(
    style: TerminalStyle(descriptor: STDOUT_FILENO), errorStyle: TerminalStyle(descriptor: STDERR_FILENO)
  ) { text, isError in
    try? (isError ? FileHandle.standardError : FileHandle.standardOutput).write(contentsOf: Data(text.utf8))
  }

  /// Lines on standard output.
  func text(_ text: String) { write(text + "\n", false) }
  func lines(_ lines: [String]) { for line in lines { text(line) } }

  /// One JSON value on standard output.
  func json(_ value: JSONValue) { text(value.text(pretty: true)) }

  /// Lines on standard error.
  func error(_ text: String) { write(text + "\n", true) }
  /// A piece of text on standard error, such as a progress bar's.
  func errorPiece(_ text: String) { write(text, true) }

  /// A person reads standard error; a program that asked for JSON gets one object on standard output besides.
  func fail(_ failure: Failure, asJSON: Bool) {
    if asJSON { json(.object([.init("error", failure.json)])) }
    for line in failure.lines(errorStyle) { error(line) }
  }
}
