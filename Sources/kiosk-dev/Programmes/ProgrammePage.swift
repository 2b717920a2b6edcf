internal import Foundation

/// Which programmes the tests show: Tests/PROGRAMMES.md, made from the titles of the tests.
struct ProgrammePage {
  /// A test whose title begins with the ids of programmes: "P24 and P25: …".
  struct Shown: Hashable, Sendable {
    var ids: [String]
    /// What follows the ids.
    var statement: String
    /// From the project's root.
    var file: String

    /// Returns `nil` for a title without an id.
    init?(title: Substring, file: String) {
      guard let match = title.prefixMatch(of: /(P[0-9]{2}(?:(?:, | and )P[0-9]{2})*): (.+)/) else { return nil }
      ids = match.1.matches(of: /P[0-9]{2}/).map { String($0.0) }
      statement = String(match.2)
      self.file = file
    }
  }

  static let path = "Tests/PROGRAMMES.md"
  /// The page's own tests, which spell titles that are no tests.
  private static let ownTests = "TidyTests/ProgrammePageTests.swift"

  var shown: [Shown]

  /// Reads every test below a project's root.
  init(root: String) throws {
    let folder = URL(filePath: root, directoryHint: .isDirectory)
    let files = FileManager.default.enumerator(atPath: folder.appending(path: "Tests").path)?.compactMap { $0 as? String } ?? []
    shown = try files.filter { $0.hasSuffix(".swift") && $0 != Self.ownTests }.sorted().flatMap { file in
      Self.shown(in: try String(contentsOf: folder.appending(path: "Tests/\(file)"), encoding: .utf8), file: "Tests/\(file)")
    }
  }

  init(shown: [Shown]) { self.shown = shown }

  /// The tests of a file, in their order.
  static func shown(in text: String, file: String) -> [Shown] {
    text.matches(of: /@Test\(\s*"((?:[^"\\]|\\.)*)"/).compactMap { Shown(title: $0.1, file: file) }
  }

  /// Ids in titles that are no programme's.
  var unknown: [String] {
    Set(shown.flatMap(\.ids)).subtracting(Programme.all.map(\.id)).sorted()
  }

  private func tests(of programme: Programme) -> [Shown] { shown.filter { $0.ids.contains(programme.id) } }

  private func state(of programme: Programme) -> String {
    if tests(of: programme).isEmpty { return "no test" }
    return programme.lacks == nil ? "shown" : "in part"
  }

  /// The page as it belongs on the disk.
  var text: String {
    let states = Programme.all.map { (programme: $0, state: state(of: $0)) }
    func count(_ state: String) -> Int { states.count { $0.state == state } }
    var lines = [
      "# Which programmes the tests show",
      "",
      "Made by `kiosk-dev programmes` from the titles of the tests; a test says when it is stale. *Shown*: it has tests that `make test` runs,",
      "and who read them wrote down nothing that they lack. *In part*: what is missing is named. *No test*: nothing shows it.",
      "",
      "\(count("shown")) of \(states.count) shown, \(count("in part")) in part, \(count("no test")) without a test.",
      "",
      "| id | what it is here | state | missing |",
      "|---|---|---|---|",
    ]
    lines += states.map { "| \($0.programme.id) | \($0.programme.feature) | \($0.state) | \($0.state == "in part" ? $0.programme.lacks ?? "" : "") |" }
    for (programme, _) in states where !tests(of: programme).isEmpty {
      lines += ["", "## \(programme.id)", ""]
      lines += tests(of: programme).map { "- \($0.statement) (`\($0.file)`)" }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
