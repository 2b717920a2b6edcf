internal import ArgumentParser

/// What a clinic's server weighs.
struct BenchMemory: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "memory",
    abstract: "Resident memory of kiosk-server with 70,607 patients and 1,000 idle connections.",
    discussion: """
      Starts the kiosk-server that stands beside this program with the 30-consultorio clinic of kiosk-config, imports a made-up \
      population over the wire, and opens connections that make one call each and then say nothing. One round: memory \
      is counted, not timed.

      Bound: at most 48 MB (1 MB = 1,000,000 bytes) in the process that did the import, with every connection open.

      \(BenchOptions.jsonKeys)
      Rows: started, imported, connected, and the same of a second start, connected by TLS at last. Values: residentMB (VmRSS), connectionKiB (per idle connection).
      """)

  @OptionGroup var options: BenchOptions

  @Option(help: "How many people are imported.")
  var people = 70_607

  @Option(help: "How many connections stay idle.")
  var connections = 1000

  func validate() throws {
    guard 1...1_000_000 ~= people else { throw ValidationError("--people is 1 to 1000000.") }
    guard 1...4000 ~= connections else { throw ValidationError("--connections is 1 to 4000.") }
  }

  func run() async throws {
    let measurement = MemoryMeasurement(
      options: options, people: options.quick ? people / 10 : people, connections: connections)
    try options.finish(try await measurement.report())
  }
}
