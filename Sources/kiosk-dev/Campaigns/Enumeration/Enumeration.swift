internal import ArgumentParser

/// Somebody tries numbers, and six hundred people who mistype come on the same day.
struct Enumeration: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "enumeration",
    abstract: "Try identifiers and birth dates by the thousand, and see that honest people are served.",
    discussion: """
      Starts a server on a clinic of its own, with a certificate for each kiosk. One kiosk tries identifiers, over many visits and \
      connections and 64 at once: so many identities are tested before it is locked, and again after staff have unlocked it. Through the \
      telephone bridge as many attempts are made one by one, half with an unknown NSS and half with a wrong birth date, in an order of \
      chance: the replies must be equal to the byte, and Welch's t of their times within 4.5, of all and of the quicker nine tenths. A \
      stranger uses up people's tries at one kind of door; they are served at another. Then people who mistype 15 % of what they type come \
      to twelve kiosks, and as many call through one bridge: each must be served.

      Exit status: 0 when all of that held; 1 when it did not, or could not be run; 64 for a wrong flag.
      """)

  @Option(help: "How many attempts of each kind, 100 to 100000.")
  var attempts = 10_000

  @Option(help: "How many honest people, 10 to 5000.")
  var patients = 600

  @Option(help: "The seed of chance.")
  var seed: UInt64 = 1

  func validate() throws {
    guard (100...100_000).contains(attempts) else { throw ValidationError("--attempts takes 100 to 100000, not \(attempts).") }
    guard (10...5000).contains(patients) else { throw ValidationError("--patients takes 10 to 5000, not \(patients).") }
  }

  func run() async throws {
    let report: EnumerationReport
    do {
      report = try await EnumerationCampaign(attempts: attempts, patients: patients, seed: seed).run()
    } catch {
      print("enumeration: \(error)")
      throw ExitCode(1)
    }
    for line in report.lines { print(line) }
    for complaint in report.complaints.prefix(20) { print(complaint) }
    print(report.summary)
    if !report.holds { throw ExitCode(1) }
  }
}
