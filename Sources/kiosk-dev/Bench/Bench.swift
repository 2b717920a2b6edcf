internal import ArgumentParser
internal import Foundation
internal import Glibc

/// The promised numbers, each as a ratio within one run.
struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure the promised numbers, as ratios against peers in the same run.",
    discussion: """
      Use a release build (swift run -c release kiosk-dev bench …). What is compared runs in turns within one run, and \
      medians are printed: on a shared machine times move by a factor of two, ratios do not. The machine's load stands \
      beside them.

      Exit status: 0 when every bound held, 1 when one did not or the measurement could not be made.
      """,
    subcommands: [BenchRPC.self, BenchBooking.self, BenchSearch.self, BenchMemory.self, BenchPhone.self])
}

/// What every bench takes.
struct BenchOptions: ParsableArguments {
  @Flag(help: "Print one JSON object instead of tables.")
  var json = false

  @Flag(help: "Fewer and shorter rounds: a first look, not the number to quote.")
  var quick = false

  @Option(help: ArgumentHelp("The project's root, where `make interop` and `make bench-peers` put the peers (.build-interop).", valueName: "folder"))
  var root = "."

  /// The keys that every bench's object has, for the help of each.
  static let jsonKeys = """
    Keys of --json: bench, build (release or debug), rounds; machine {cores, loadBefore, loadAfter: 1-minute averages}; \
    rows [{name, values {…}}]; bounds [{name, value, atMost or atLeast, held}]; \
    notes [sentences]; held (all bounds).
    """

  /// Prints the report and ends with its status.
  func finish(_ report: BenchReport) throws {
    print(json ? try report.json() : report.text())
    fflush(nil)
    if !report.held { throw ExitCode(1) }
  }

  /// Tells a waiting person what is going on; programs get nothing.
  func progress(_ text: String) {
    guard !json, isatty(STDERR_FILENO) == 1 else { return }
    FileHandle.standardError.write(Data("\u{1B}[2K\r\(text)".utf8))
  }

  func progressEnded() { progress("") }
}

/// Why a measurement could not be made.
struct BenchFault: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
