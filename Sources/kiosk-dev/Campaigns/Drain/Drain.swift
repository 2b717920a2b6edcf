internal import ArgumentParser

/// The server is told to stop while everybody calls, and a client dies with its hands full.
struct Drain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drain",
    abstract: "Stop the server in order under load, and kill a client that holds slots.",
    discussion: """
      Starts kiosk-server on a clinic of its own, and a second one beside it. In each round clients hold, book and cancel, ask for free \
      slots and watch them, all on the same connections, half of them as plain ttrpc and half with the wire's extensions; then the \
      server gets SIGTERM. It must end with status 0 within its grace. Every call must be answered or refused with UNAVAILABLE; one \
      that was refused must not have been done; a watch must end with UNAVAILABLE; whoever asked and was refused asks the second server \
      and is answered. Started again on the same files, the server \
      must hold exactly what was acknowledged, and answer each repeat with the first answer's bytes.

      Then a client process that holds slots, each on a connection of its own, gets SIGKILL: all of them must be free within a second.

      Exit status: 0 when all of that held; 1 when it did not, or could not be run; 64 for a wrong flag.
      """)

  @Option(help: "How many times the server is stopped, 1 to 1000.")
  var rounds = 10

  @Option(help: "The seed of chance.")
  var seed: UInt64 = 1

  @Option(help: "How many clients, 1 to 64.")
  var clients = 32

  @Option(help: "How many slots the killed client holds, 1 to 100.")
  var holds = 50

  func validate() throws {
    guard (1...1000).contains(rounds) else { throw ValidationError("--rounds takes 1 to 1000, not \(rounds).") }
    guard (1...64).contains(clients) else { throw ValidationError("--clients takes 1 to 64, not \(clients).") }
    guard (1...100).contains(holds) else { throw ValidationError("--holds takes 1 to 100, not \(holds).") }
  }

  func run() async throws {
    let report: DrainReport
    do {
      report = try await DrainCampaign(rounds: rounds, seed: seed, clientCount: clients, holdCount: holds).run { print($0) }
    } catch {
      print("drain: \(error)")
      throw ExitCode(1)
    }
    for complaint in report.complaints.prefix(20) { print(complaint) }
    print(report.summary)
    if !report.holds { throw ExitCode(1) }
  }
}
