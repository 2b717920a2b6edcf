internal import ArgumentParser

/// Many clients, one slot, round after round.
struct Winners: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "winners",
    abstract: "Have 64 clients book one slot at once, a thousand times: exactly one wins each.",
    discussion: """
      The clients are tasks at the door of a real store on a real file, so that they are as many at once as a queue can hold. Everybody else must be \
      refused with SLOT_TAKEN by the very winner. With --sockets they are connections to a server of its own, half of them TCP, and each \
      refusal must offer another slot. Exit status: 0 when all of that held.
      """)

  @Option(help: "How many want the slot, 2 to 1000.")
  var clients = 64

  @Option(help: "How many slots, one after the other, 1 to \(WinnersCampaign.mostRounds).")
  var rounds = 1000

  @Flag(help: "Over real sockets.")
  var sockets = false

  func validate() throws {
    let mostRounds = sockets ? WinnersOverSockets.mostRounds : WinnersCampaign.mostRounds
    guard (2...1000).contains(clients), (1...mostRounds).contains(rounds) else {
      throw ValidationError("--clients takes 2 to 1000, --rounds 1 to \(mostRounds).")
    }
  }

  func run() async throws {
    let report =
      sockets
      ? try await WinnersOverSockets(clients: clients, rounds: rounds).run() : try await WinnersCampaign(clients: clients, rounds: rounds).run()
    for complaint in report.complaints.prefix(20) { print(complaint) }
    print(report.summary)
    if !report.complaints.isEmpty { throw ExitCode(1) }
  }
}
