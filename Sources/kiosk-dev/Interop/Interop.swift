internal import ArgumentParser
internal import KioskServer

/// Our wire against implementations that the project did not write.
struct Interop: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "interop",
    abstract: "Call, and be called by, Go's and Rust's ttrpc.",
    discussion: """
      Debian's Go ttrpc 1.1.1 and Rust ttrpc 0.5.2, each as client of this project's server and as server of its client, over a \
      Unix socket and over TCP. Each run echoes messages from empty to nearly 4 MiB, then many at once on one connection, and \
      compares every reply's bytes; then come wrong requests, every status code, deadlines and metadata. Needs `make interop`.

      Exit status: 0 when every check passed; 1 when one did not, or a run could not be made; 64 for a wrong flag.

      Examples:
        kiosk-dev interop
        kiosk-dev interop --peer rust --calls 200000 --concurrency 64
      """)

  @Option(help: ArgumentHelp("One peer instead of all: go or rust; may be repeated.", valueName: "peer"))
  var peer: [InteropPeer] = []

  @Option(help: "How many messages are echoed in each run, 1 to 10000000.")
  var calls = 20_000

  @Option(help: "How many of them at once, 1 to 1000.")
  var concurrency = 16

  @Option(help: ArgumentHelp("The project's root, where `make interop` puts the peers (.build-interop).", valueName: "folder"))
  var root = "."

  func validate() throws {
    guard 1...10_000_000 ~= calls else { throw ValidationError("--calls takes 1 to 10000000, not \(calls).") }
    guard 1...1000 ~= concurrency else { throw ValidationError("--concurrency takes 1 to 1000, not \(concurrency).") }
  }

  func run() async throws {
    DescriptorLimit.raise()
    var (runs, passed, failed) = (0, 0, 0)
    let plan = InteropRun(peersFolder: "\(root)/.build-interop", calls: calls, concurrency: concurrency)
    for peer in peer.isEmpty ? InteropPeer.allCases : peer {
      for way in InteropWay.allCases {
        for transport in InteropTransport.allCases {
          let title = "\(way.title(peer)) over \(transport.rawValue)"
          let result: InteropResult
          do { result = try await plan.run(peer, way, over: transport) } catch {
            print("FAILED \(title): \(error)")
            throw ExitCode(1)
          }
          print("\(result.failures.isEmpty ? "ok    " : "FAILED") \(title): \(result.passed) passed, \(result.failures.count) failed, \(result.took.milliseconds) ms")
          for failure in result.failures { print("         \(failure)") }
          (runs, passed, failed) = (runs + 1, passed + result.passed, failed + result.failures.count)
        }
      }
    }
    print("interop: \(runs) runs of \(calls) calls, \(concurrency) at once; \(passed) checks passed, \(failed) failed")
    if failed > 0 { throw ExitCode(1) }
  }
}
