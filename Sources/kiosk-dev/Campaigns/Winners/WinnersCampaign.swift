internal import ClinicDomain
internal import ClinicStore
internal import Scheduling

/// What became of the rounds.
struct WinnersReport: Sendable {
  var rounds = 0
  var clients = 0
  var won = 0
  var refused = 0
  var batches = 0
  /// Everything that is not as it must be, a sentence each.
  var complaints: [String] = []

  var summary: String {
    "winners: \(rounds) rounds of \(clients) clients, \(won) won, \(refused) refused\(batches > 0 ? ", \(batches) commits" : ""): "
      + (complaints.isEmpty ? "ok" : "FAILED")
  }
}

/// Rounds in which everybody wants the same slot.
struct WinnersCampaign: Sendable {
  var clients = 64
  var rounds = 1000

  /// One consultorio's slots up to the horizon: nobody is ever wanted at two places at one time.
  static let mostRounds = BenchClinic.days * BenchClinic.slotsPerDay

  func run() async throws -> WinnersReport {
    let folder = try CampaignFolder()
    var options = StoreOptions()
    options.reserveBytes = 0
    let now = BenchClinic.now
    let store = try ClinicStore(path: folder.path("clinic.sqlite"), rules: BenchClinic.rules, options: options, clock: { now })
    var report = WinnersReport(rounds: rounds, clients: clients)
    for first in stride(from: 1, through: clients, by: ImportPatients.maximumRows) {
      let people = BenchClinic.importing(first...min(first + ImportPatients.maximumRows - 1, clients))
      _ = try await store.submit(StoreCommand(requestID: nil, digest: [], command: .importPatients(people), encodeReply: { _ in [] }))
    }
    let tomorrow = BenchClinic.rules.today(at: now).advanced(by: 1)
    for round in 0..<rounds {
      let choice = SlotChoice(
        resource: ResourceID(.consultorio, 1)!, date: tomorrow.advanced(by: round / BenchClinic.slotsPerDay),
        start: AgendaMinute(minutes: 480 + 15 * (round % BenchClinic.slotsPerDay))!)
      try await play(round, choice, store, &report)
    }
    report.batches = store.statistics.batches
    report.complaints += try await store.check().map(\.text)
    let counts = try await store.counts()
    if counts.appointments != rounds { report.complaints.append("\(counts.appointments) appointments after \(rounds) rounds") }
    await store.close()
    return report
  }

  private func play(_ round: Int, _ choice: SlotChoice, _ store: ClinicStore, _ report: inout WinnersReport) async throws {
    let outcomes = try await withThrowingTaskGroup(of: StoreOutcome.self) { group in
      for client in 0..<clients {
        // Who is first in the queue changes from round to round.
        let person = PatientID(rawValue: Int64((client + round) % clients + 1))
        let book = BookAppointment(
          actor: .person(person), patient: person, what: .slot(BenchClinic.service, choice), channel: .kiosk,
          folioSeed: .random(in: .min ... .max))
        group.addTask {
          try await store.submit(StoreCommand(requestID: nil, digest: [], command: .book(book), encodeReply: { _ in [] }))
        }
      }
      return try await group.reduce(into: [StoreOutcome]()) { $0.append($1) }
    }
    var winners: [Folio] = []
    for case .granted(.appointment(let appointment), _) in outcomes { winners.append(appointment.folio) }
    report.won += winners.count
    guard winners.count == 1 else { return report.complaints.append("round \(round): \(winners.count) winners") }
    for outcome in outcomes {
      switch outcome {
      case .granted: break
      case .refused(.slotTaken(by: winners[0]), _): report.refused += 1
      default: report.complaints.append("round \(round): \(outcome)")
      }
    }
  }
}
