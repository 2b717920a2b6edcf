internal import ArgumentParser
internal import Foundation

/// Writes which programmes the tests show, or says that the page is stale.
struct Programmes: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "programmes",
    abstract: "Write Tests/PROGRAMMES.md: which programmes the titles of the tests show.",
    discussion: "Exit status: 0 when the page is written or, with --check, up to date; 1 when --check finds it stale.")

  @Flag(help: "Write nothing; say whether the page is up to date.")
  var check = false

  @Option(help: ArgumentHelp("The project's root.", valueName: "folder"))
  var root = "."

  func run() throws {
    let page = try ProgrammePage(root: root)
    guard page.unknown.isEmpty else {
      print("no programme has these ids: \(page.unknown.joined(separator: ", "))")
      throw ExitCode(1)
    }
    let file = URL(filePath: root, directoryHint: .isDirectory).appending(path: ProgrammePage.path)
    let isUpToDate = (try? String(contentsOf: file, encoding: .utf8)) == page.text
    if check {
      print(isUpToDate ? "\(ProgrammePage.path) is up to date" : "\(ProgrammePage.path) is stale: run `kiosk-dev programmes`")
      if !isUpToDate { throw ExitCode(1) }
    } else {
      if !isUpToDate { try page.text.write(to: file, atomically: true, encoding: .utf8) }
      print(isUpToDate ? "\(ProgrammePage.path) was up to date" : "\(ProgrammePage.path) written")
    }
  }
}
