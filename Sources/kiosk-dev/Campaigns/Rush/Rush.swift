internal import ArgumentParser

/// Eight o'clock: everybody wants one of a consultorio's few slots.
struct Rush: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rush",
    abstract: "Have a thousand clients book one consultorio's slots at once.",
    discussion: """
      Starts kiosk-server on a clinic of its own, imports as many made-up people as there are clients, connects them (half over \
      TCP, half over a Unix socket), identifies each, and lets all book at once: client i wants slot i mod slots. Each slot \
      must go to one client, and everybody else must be refused with SLOT_TAKEN and at least one free slot instead. The \
      database file is then read with `sqlite3 -readonly`.

      Exit status: 0 when all of that held; 1 when it did not, or could not be run; 64 for a wrong flag.
      """)

  @Option(help: "How many clients, 1 to 20000.")
  var clients = 1000

  @Option(help: "How many slots the consultorio has that day, 1 to \(CampaignClinic.mostSlots).")
  var slots = 24

  func validate() throws {
    guard (1...20_000).contains(clients) else { throw ValidationError("--clients takes 1 to 20000, not \(clients).") }
    guard (1...CampaignClinic.mostSlots).contains(slots) else {
      throw ValidationError("--slots takes 1 to \(CampaignClinic.mostSlots), not \(slots).")
    }
  }

  func run() async throws {
    let report: RushReport
    do { report = try await RushCampaign(clients: clients, slots: slots).run() } catch {
      print("rush: \(error)")
      throw ExitCode(1)
    }
    for complaint in report.complaints.prefix(20) { print(complaint) }
    print(report.summary)
    if !report.holds { throw ExitCode(1) }
  }
}
