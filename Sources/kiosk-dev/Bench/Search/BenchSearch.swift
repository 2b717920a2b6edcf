internal import ArgumentParser

/// What a search costs in a full clinic.
struct BenchSearch: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search",
    abstract: "CPU of a search over 30 consultorios × 28 days at 90 % full.",
    discussion: """
      CPU time of the searching thread, per search: through AgendaIndex alone, and through the handler of \
      ventanilla.v1.Appointments/Find with its request decoded and its response encoded. Nine of ten slots, drawn at random, are \
      booked. Queries: the first 12 slots; the first 100, the most that one call gives; for a person whose own doctor has no free slot \
      and is looked at on all days before the others; for an hour that is booked everywhere, so that every day is looked at.

      Bound: each under 1 ms (1,000 µs).

      \(BenchOptions.jsonKeys)
      Names of rows: the query and "index" or "rpc". Values: cpuMicroseconds, slots (found).
      """)

  @OptionGroup var options: BenchOptions

  func run() async throws {
    try options.finish(try await SearchMeasurement(options: options).report())
  }
}
