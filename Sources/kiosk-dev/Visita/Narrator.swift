internal import Foundation
internal import TTRPCCore
internal import TerminalText

/// Tells the visit: Spanish, coloured where somebody sees it.
struct Narrator: Sendable {
  /// Wide enough for the tables, narrow enough for a terminal beside an editor.
  private static let width = 100

  let style: TerminalStyle

  init(style: TerminalStyle = TerminalStyle(descriptor: STDOUT_FILENO)) { self.style = style }

  func line(_ text: String) {
    try? FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8))
  }

  func failure(_ text: String) {
    let style = TerminalStyle(descriptor: STDERR_FILENO)
    try? FileHandle.standardError.write(contentsOf: Data((style.red(text) + "\n").utf8))
  }

  /// Begins a step.
  func step(_ number: Int, _ title: String, _ text: String) {
    line("")
    line(style.bold(style.cyan("\(number). \(title)")))
    paragraph(text, indent: 3)
  }

  /// A text that may be longer than a line.
  func paragraph(_ text: String, indent: Int = 5) {
    for part in text.wrapped(to: Self.width, indent: indent) { line(part) }
  }

  /// One call and how long it took, as the kiosk saw it.
  func call(_ name: String, _ took: Duration, _ outcome: String) {
    line(style.dim("   → \(name)  \(Self.milliseconds(took))  ") + outcome)
  }

  func table(_ table: TextTable, limit: Int = 6) {
    let lines = table.lines(style, indent: 5)
    for row in lines.prefix(limit + 1) { line(row) }
    if lines.count > limit + 1 { line("     … y \(lines.count - limit - 1) más") }
  }

  /// A promise that was kept.
  func kept(_ promise: String) { line("   \(style.green("✓")) \(promise)") }

  func thingsToTry(_ place: VisitPlace) {
    line("")
    line(style.bold("Todo sigue en marcha. Ctrl-C lo cierra en orden. En otra terminal pruebe:"))
    let here = FileManager.default.currentDirectoryPath + "/"
    let path = (try? place.program("kioskctl")) ?? "kioskctl"
    let tool = path.hasPrefix(here) ? String(path.dropFirst(here.count)) : path
    let server = place.isDefault ? "" : " --servidor \(place.staffSocket)"
    for example in [
      "cita servicios", "cita buscar --servicio medicina_familiar --turno vespertino --limite 5",
      "call Operations/GetStatus '{}'", "call --lista", "db check", "config check", "help cita agendar",
    ] {
      line("  \(tool) \(example)\(example.hasPrefix("config") || example.hasPrefix("help") || example.hasSuffix("--lista") ? "" : server)")
    }
  }

  /// "0.84 ms".
  static func milliseconds(_ duration: Duration) -> String {
    let hundredths = Int((duration / .microseconds(10)).rounded())
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) ms"
  }
}
