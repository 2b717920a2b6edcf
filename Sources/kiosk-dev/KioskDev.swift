internal import ArgumentParser

/// The developer's tool: what other projects keep in shell scripts.
@main
struct KioskDev: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kiosk-dev",
    abstract: "Generate, measure and try out Ventanilla.",
    discussion: """
      A command that checks something says so in its exit status: 0 when it held, 1 when it did not, 64 for wrong \
      arguments. Its last line sums up.
      """,
    subcommands: [
      VisitCommand.self, PadronCommand.self, Linea.self, GenerateProtos.self, Rush.self, Winners.self, Year.self, Machali.self, Crash.self, Hostile.self, Tampering.self, Drain.self, Holder.self,
      Red.self, RedKiosk.self, Enumeration.self, Programmes.self, Fuzz.self, Echo.self, Interop.self, Bench.self, BenchServer.self,
    ])
}
