internal import ArgumentParser

/// The network as a clinic has it, between a kiosk and its server.
struct Red: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "red",
    abstract: "Book over lines that lose, delay, starve and break.",
    discussion: """
      Puts a real kiosk-server and a kiosk into two network namespaces of this machine, joined by a line that this program carries packet \
      by packet, so that it can lose, delay and cut them (the kernel's netem is not needed). In each case the kiosk books one slot \
      after the other under request ids that it repeats until it is told what became of them.

      Cases: \(RedCase.all.map { "\($0.name) (\($0.summary))" }.joined(separator: "; ")).

      What must hold: each booking that was acknowledged is in the store, once, and no other; no call takes longer than its deadline \
      and \(RedCampaign.slack.components.seconds) s; a connection whose kiosk has vanished is gone when the server's ping has had no answer.

      Needs root, iproute2 and /dev/net/tun. The namespaces are removed in any case, those of a run that was killed by the next one.

      Exit status: 0 when all of that held; 1 when it did not, or could not be run; 64 for wrong arguments.
      """)

  @Argument(help: "The cases; all of them when none is named.")
  var cases: [String] = []

  @Option(help: "Bookings of each of four people in each case, 1 to \(RedCampaign.mostBookings).")
  var bookings = 20

  @Option(help: "The seed of what the line loses and how long it takes.")
  var seed: UInt64 = 1

  func validate() throws {
    guard (1...RedCampaign.mostBookings).contains(bookings) else {
      throw ValidationError("--bookings takes 1 to \(RedCampaign.mostBookings), not \(bookings).")
    }
    for name in cases where RedCase.named(name) == nil {
      throw ValidationError("no case \(name): there are \(RedCase.all.map(\.name).joined(separator: ", ")).")
    }
  }

  func run() async throws {
    let report: RedReport
    do {
      let campaign = RedCampaign(
        cases: cases.isEmpty ? RedCase.all : cases.compactMap(RedCase.named), bookings: bookings, seed: seed)
      report = try await campaign.run { print($0) }
    } catch {
      print("red: \(error)")
      throw ExitCode(1)
    }
    for complaint in report.complaints.prefix(20) { print(complaint) }
    print(report.summary)
    if !report.holds { throw ExitCode(1) }
  }
}
