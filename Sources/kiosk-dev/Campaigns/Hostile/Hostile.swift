internal import ArgumentParser

/// What the others notice of an attack.
struct Hostile: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hostile",
    abstract: "Attack a server with dripping connections and a flooding kiosk, and see what its other callers notice.",
    discussion: """
      Starts kiosk-server on a clinic of its own. Callers ask for free slots as fast as they are answered: first alone, then beside \
      connections that drip their bytes (half of them a header, half a body; who is closed comes back) and a kiosk that sends \
      calls over several connections without waiting for anything, then alone again, after the server has closed every dripping \
      connection. Then there is one attacker for each limit that neither reaches: it is told that limit's name or, where nothing can be \
      said (silence, a peer that does not read), the server counts it. At the end an appointment is booked in the same process.

      The callers have the role of the telephone bridge, with a rate that bounds nothing; everybody else has the server's own limits, but \
      for 1500 connections and a minute of silence. \
      The attackers come from 127.0.0.66, the callers from 127.0.0.1.

      Printed: the callers' calls a second, the median and the 99th percentile of their time, the server's descriptors and resident \
      memory, each before, during and after. Bounds: during the attack at least 90 % of the mean of before and after; the kiosk \
      gets no more calls than its rate; every descriptor and all but \(HostileReport.mostMegabytesMore) MB come back.

      Exit status: 0 when all of that held; 1 when it did not, or could not be run; 64 for a wrong flag.
      """)

  @Option(help: "How many callers, 1 to 64.")
  var callers = 8

  @Option(help: "How many connections drip, 2 to 1000.")
  var dripping = 1000

  @Option(help: "Over how many connections the kiosk floods, 1 to 20.")
  var flooding = 4

  @Option(help: "Seconds of each of the three measurements, 1 to 3600. The attack lasts a little longer.")
  var seconds = 15

  func validate() throws {
    guard (1...64).contains(callers) else { throw ValidationError("--callers takes 1 to 64, not \(callers).") }
    guard (2...1000).contains(dripping) else { throw ValidationError("--dripping takes 2 to 1000, not \(dripping).") }
    guard (1...20).contains(flooding) else { throw ValidationError("--flooding takes 1 to 20, not \(flooding).") }
    guard (1...3600).contains(seconds) else { throw ValidationError("--seconds takes 1 to 3600, not \(seconds).") }
  }

  func run() async throws {
    var report: HostileReport
    do {
      let campaign = HostileCampaign(callers: callers, dripping: dripping, flooding: flooding, seconds: seconds)
      report = try await campaign.run { print($0) }
    } catch {
      print("hostile: \(error)")
      throw ExitCode(1)
    }
    report.judgeThroughput()
    for line in report.lines { print(line) }
    for complaint in report.complaints.prefix(20) { print(complaint) }
    print(report.summary)
    if !report.holds { throw ExitCode(1) }
  }
}
