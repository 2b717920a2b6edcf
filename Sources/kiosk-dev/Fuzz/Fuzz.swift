internal import ArgumentParser
internal import Foundation
internal import FuzzTargets

/// Bytes that nobody planned, for everything that takes bytes from strangers.
struct Fuzz: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fuzz",
    abstract: "Run libFuzzer over what takes bytes from strangers.",
    discussion: """
      Targets: \(FuzzTarget.all.map { "\($0.name) (\($0.summary))" }.joined(separator: "; ")).

      Builds kiosk-fuzz with coverage in \(FuzzBuild.scratch) (the first time takes minutes), looks for a \
      planted bug, which must be found, and then runs each target. What is found is cut down and written to \
      Tests/FuzzCorpus/<target>/, which `make test` replays. The corpus that grows stays in \(FuzzBuild.scratch)/corpus.

      Exit status: 0 when the planted bug was found and no other; 1 when not, or when it could not be run; 64 for wrong arguments.
      """)

  @Argument(help: "The targets; all of them when none is named.")
  var targets: [String] = []

  @Option(help: "Seconds for each target, 1 to 86400.")
  var seconds = 60

  @Option(help: "Stop a target after so many runs, whatever time is left.")
  var runs: Int?

  @Flag(help: "Write the inputs that together reach everything reached so far to Tests/FuzzCorpus/<target>/reached.hex.")
  var distil = false

  @Flag(help: "Build with AddressSanitizer: bytes read or written outside of their memory are seen, at a third of the speed.")
  var address = false

  @Option(help: ArgumentHelp("The project's root.", valueName: "folder"))
  var root = "."

  func validate() throws {
    guard (1...86_400).contains(seconds) else { throw ValidationError("--seconds takes 1 to 86400, not \(seconds).") }
    for name in targets where FuzzTarget.named(name) == nil {
      throw ValidationError("no target \(name): there are \(FuzzTarget.all.map(\.name).joined(separator: ", ")).")
    }
  }

  func run() async throws {
    var campaign = FuzzCampaign(root: URL(filePath: root, directoryHint: .isDirectory))
    campaign.targets = targets.isEmpty ? FuzzTarget.all : targets.compactMap(FuzzTarget.named)
    (campaign.seconds, campaign.runs, campaign.distils, campaign.address) = (seconds, runs, distil, address)
    let report: FuzzReport
    do {
      report = try await campaign.run { line in
        print(line)
        fflush(nil)
      }
    } catch {
      print("fuzz: \(error)")
      throw ExitCode(1)
    }
    print(report.summary)
    if !report.holds { throw ExitCode(1) }
  }
}
