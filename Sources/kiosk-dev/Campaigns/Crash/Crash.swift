internal import ArgumentParser

/// The server dies at a random moment, again and again.
struct Crash: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "crash",
    abstract: "Kill the server under booking load, and look for what was lost.",
    discussion: """
      Starts kiosk-server on a clinic of its own and lets clients hold, book and cancel over its sockets. In each round the \
      server gets SIGKILL at a random moment and is started again on the same files. Then every request of the round, answered \
      or not, is repeated under its request id: an answered one must get the same bytes. The file, read with `sqlite3 -readonly`, \
      must hold exactly what was acknowledged, no slot twice, and pass SQLite's integrity_check and the server's own check.

      The seed decides what clients ask for and when the server dies; how far they get by then is the machine's.

      Exit status: 0 when all of that held; 1 when it did not, or could not be run; 64 for a wrong flag.
      """)

  @Option(help: "How many times the server is killed, 1 to 100000.")
  var rounds = 20

  @Option(help: "The seed of chance.")
  var seed: UInt64 = 1

  @Option(help: "How many clients, 1 to 64.")
  var clients = 8

  @Flag(help: "Throw the write-ahead log away after each death: the losses must be seen, and the exit status be 1.")
  var canary = false

  func validate() throws {
    guard (1...100_000).contains(rounds) else { throw ValidationError("--rounds takes 1 to 100000, not \(rounds).") }
    guard (1...64).contains(clients) else { throw ValidationError("--clients takes 1 to 64, not \(clients).") }
  }

  func run() async throws {
    let report: CrashReport
    do {
      var campaign = CrashCampaign(rounds: rounds, seed: seed, clientCount: clients)
      campaign.losesLog = canary
      report = try await campaign.run { print($0) }
    } catch {
      print("crash: \(error)")
      throw ExitCode(1)
    }
    for complaint in report.complaints.prefix(20) { print(complaint) }
    print(report.summary)
    if !report.holds { throw ExitCode(1) }
  }
}
