internal import ArgumentParser
internal import ClinicConfiguration
internal import ClinicDomain
internal import Crypto
internal import Guidance
internal import IVRDialogue
internal import KioskTestSupport

/// The telephone's dialogues, tried out without a telephone.
struct Linea: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "linea",
    abstract: "Prove the telephone's dialogues, break them, and time a call.",
    discussion: """
      Reads kiosk-config/dialogues and kiosk-config/guidance and holds every proof against them. Then it plays so many calls of callers who \
      press anything to a server that answers anything, and makes so many mutations of the line, each one slip of the hand: a mutation \
      that the proofs take is played too, and whatever a caller was owed and did not get is a mistake of the proofs.

      A call is timed at 150 words a minute and 0.7 seconds a key.

      Exit status: 0 when the line keeps every rule and no mutation escaped; 1 when not; 64 for wrong arguments.
      """)

  @Option(help: "The folder of a clinic's configuration.")
  var carpeta = "kiosk-config"

  @Option(help: "How many mutations.")
  var mutaciones = 10_000

  @Option(help: "How many calls to the line, and for each mutation that is taken.")
  var llamadas = 20

  @Option(help: "The seed of mutations and callers.")
  var semilla: UInt64 = 1

  func validate() throws {
    guard (0...1_000_000).contains(mutaciones), (1...10_000).contains(llamadas) else {
      throw ValidationError("--mutaciones takes 0 to 1000000, --llamadas 1 to 10000.")
    }
  }

  func run() throws {
    let line: PhoneLine
    do throws(ConfigurationProblems) {
      let guides = try GuidanceConfiguration.load(folder: "\(carpeta)/guidance", profile: .production, digest: { Array(SHA256.hash(data: $0)) })
      line = try DialogueConfiguration.load(folder: "\(carpeta)/dialogues", guides: guides.value).value
    } catch {
      print(error)
      throw ExitCode(1)
    }
    let steps = line.dialogues.reduce(0) { $0 + $1.steps.count }
    print("\(line.dialogues.count) dialogues, \(steps) steps, \(line.guides.count) guides, \(line.texts(in: .spanish).count) texts in es: every rule kept")
    for (name, keys, listening) in Self.timed { print(Self.time(line, name, keys, listening)) }
    var campaign = LineCampaign(line, seed: semilla, calls: llamadas)
    for escape in campaign.run(mutations: mutaciones) { print(escape) }
    print(campaign.summary)
    if !campaign.holds { throw ExitCode(1) }
  }

  private static let timed: [(String, [String], Rehearsal.Listening)] = [
    ("a booking, every prompt to its end", CallTally.bookingKeys, .toTheEnd),
    ("a booking, keys once the option was said", CallTally.bookingKeys, .untilOption),
    ("a cancellation, every prompt to its end", CallTally.cancellationKeys, .toTheEnd),
    ("a cancellation, keys once the option was said", CallTally.cancellationKeys, .untilOption),
  ]

  private static func time(_ line: PhoneLine, _ name: String, _ keys: [String], _ listening: Rehearsal.Listening) -> String {
    let today = CivilDate(year: 2026, month: 11, day: 24)!
    var clinic = RehearsedClinic(today: today)
    clinic.makeAppointment()
    var call = Rehearsal(
      line, CallStart(script: "citas", today: today, time: AgendaMinute(minutes: 600)!), clinic: clinic, listening: listening)
    for key in keys { call.press(key) }
    let tally = call.tally
    return "\(name): \(tally.prompts) prompts, \(tally.words) words, \(tally.keys) keys, \(tally.seconds) s, ends \(call.ended?.words ?? "open")"
  }
}
