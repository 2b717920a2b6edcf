internal import ArgumentParser
internal import ClinicStore
internal import Foundation
internal import Scheduling

/// A year of the clinic.
struct Year: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "year",
    abstract: "Let a year of a clinic of 30 consultorios pass in a real store, and measure the store.",
    discussion: """
      About 350,000 appointments, each through the store's own commands: held, booked, moved, confirmed, cancelled, checked in, attended, \
      missed, freed, given to walk-ins. Then: a search's CPU, a booking's against a store with the same people and no appointments, the file's \
      size, the time of a director's reports and of a verification. Takes some minutes in a release build and 1 GB of disk.

      \(BenchOptions.jsonKeys)
      """)

  @OptionGroup var options: BenchOptions

  @Option(help: "Consultorios, 1 to 99.")
  var consultorios = 30

  @Option(help: "People, 100 to 1000000.")
  var people = 70_607

  @Option(help: "Days, 7 to 3650.")
  var days = 365

  @Option(help: "The seed of chance.")
  var seed: UInt64 = 1

  func validate() throws {
    guard (1...99).contains(consultorios) else { throw ValidationError("--consultorios takes 1 to 99.") }
    guard (100...1_000_000).contains(people) else { throw ValidationError("--people takes 100 to 1000000.") }
    guard (7...3650).contains(days) else { throw ValidationError("--days takes 7 to 3650.") }
  }

  func run() async throws {
    let loadBefore = MachineLoad.load()
    var campaign = YearCampaign(consultorios: consultorios, people: people, days: days, seed: seed, root: options.root)
    campaign.progress = options.progress
    let outcome = try await campaign.run()
    options.progressEnded()
    if !options.json { print(outcome.text) }
    try options.finish(outcome.report(machine: MachineLoad(loadBefore: loadBefore)))
  }
}

extension YearCampaign.Outcome {
  /// What happened in it.
  var text: String {
    let acts = counts.granted.sorted { $0.key < $1.key }.map { "\($0.key) \(Double($0.value).text(0))" }.joined(separator: ", ")
    let row = measures.rows[0]
    func percent(_ proportion: Proportion?) -> String { proportion?.share.map { "\(($0 * 100).text(1)) %" } ?? "–" }
    return """
      \(counts.openDays) open days, \(Double(counts.commands).text(0)) commands in \(Double(counts.batches).text(0)) commits, \
      \((simulated / .seconds(1)).text(0)) s: \(acts); \(Double(counts.refused).text(0)) refused
      what a director reads: \(percent(row.withinFiveDays)) within five days, \(percent(row.noShows)) no-shows, \
      \(percent(row.freedAndReused)) of freed slots re-used, \(row.waits?.mean?.text(1) ?? "–") days of waiting

      """
  }

  func report(machine: MachineLoad) -> BenchReport {
    let appointments = Double(stored.appointments)
    let grown = Double(bytes - bytesWithPeople)
    let ratio = bookingMicroseconds.year / bookingMicroseconds.empty
    var rows: [(String, Double)] = [
      ("appointments", appointments), ("rows of history", Double(historyRows)), ("requests", Double(stored.requests)),
      ("file, MB", Double(bytes) / 1e6), ("file with people only, MB", Double(bytesWithPeople) / 1e6),
      ("growth per open day, MB", grown / Double(counts.openDays) / 1e6), ("growth per appointment, bytes", grown / appointments),
    ]
    rows += searches.map { ("search, \($0.name), CPU µs", $0.microseconds) }
    rows += [("booking, CPU µs", bookingMicroseconds.year), ("booking in an empty store, CPU µs", bookingMicroseconds.empty)]
    if let (year, empty, bookings) = bookingPages {
      func each(_ pages: Int) -> Double { Double(pages) / Double(bookings) }
      rows += [
        ("booking, pages touched", each(year.touched)), ("booking, pages read", each(year.missed)),
        ("booking, pages written", each(year.written)), ("booking in an empty store, pages touched", each(empty.touched)),
        ("booking in an empty store, pages read", each(empty.missed)), ("booking in an empty store, pages written", each(empty.written)),
      ]
    }
    rows += reports.map { ("report \($0.name), s", $0.time / .seconds(1)) }
    rows += [("whole verification, s", verified / .seconds(1))]
    return BenchReport(
      bench: "year", rounds: 1, machine: machine, columns: [.init(key: "value", title: "", digits: 2)],
      rows: rows.map { .init(name: $0.0, values: ["value": $0.1]) },
      bounds: searches.map { .init(name: "search, \($0.name), CPU µs", value: $0.microseconds, atMost: 1000) } + [
        .init(name: "booking to an empty store's", value: ratio, atMost: 1.3),
        .init(name: "findings of the verification", value: Double(findings.count), atMost: 0),
      ] + reports.map { .init(name: "report \($0.name), s", value: $0.time / .seconds(1), atMost: 2) })
  }
}
