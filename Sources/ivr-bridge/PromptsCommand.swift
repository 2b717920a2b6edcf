internal import ArgumentParser
internal import ClinicConfiguration
internal import Foundation
internal import IVRBridge

struct PromptsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prompts",
    abstract: "Los sonidos: hacerlos, y ver qué hay en cada lengua.",
    subcommands: [RenderCommand.self, CoverageCommand.self])

  struct RenderCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "render",
      abstract: "Hace los sonidos que faltan o cuyo texto cambió, con espeak-ng (es-419) y sox.",
      discussion: """
        Lo que grabó una persona (grabaciones/LENGUA/NOMBRE.wav) sustituye a la voz sintética. Lo que está y no cambió no se toca.

        Salida: 0 si están todos; 1 si falta alguno, o un programa; 78 si un archivo tiene errores.
        """)

    @OptionGroup var place: ConfigurationOption

    func run() async throws {
      let material = try Terminal.load(place.config)
      let isTerminal = isatty(STDERR_FILENO) == 1
      let report: SoundFolder.Report
      do throws(SoundFault) {
        report = try await material.soundFolder.render(material.sounds, with: try SoundMaker()) { done, total in
          Self.show(done, total, isTerminal)
        }
      } catch {
        Terminal.complain("\(error)")
        throw ExitCode.failure
      }
      for fault in report.faults { Terminal.complain("✗ \(fault)") }
      for sound in report.unrecorded { Terminal.complain("✗ \(sound.folder)/\(sound.name): ninguna voz habla esta lengua; grábelo") }
      print("\(report.made) sonidos hechos, \(report.kept) sin cambios, en \(material.configuration.soundsFolder).")
      if !report.faults.isEmpty || !report.unrecorded.isEmpty { throw ExitCode.failure }
    }

    /// A bar on a terminal, a line at each tenth elsewhere.
    private static func show(_ done: Int, _ total: Int, _ isTerminal: Bool) {
      let text = "\(done) de \(total) sonidos"
      if isTerminal {
        let full = done * 30 / max(total, 1)
        let bar = String(repeating: "█", count: full) + String(repeating: "░", count: 30 - full)
        try? FileHandle.standardError.write(contentsOf: Data("\r\u{1B}[K\(bar) \(text)\(done == total ? "\n" : "")".utf8))
      } else if done * 10 / total > (done - 1) * 10 / total {
        Terminal.complain(text)
      }
    }
  }

  struct CoverageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "coverage",
      abstract: "Cuánto se oye en cada lengua, quién lo revisó, y qué pasa donde falta.")

    @OptionGroup var place: ConfigurationOption

    func run() async throws {
      let material = try Terminal.load(place.config)
      for one in LanguageCoverage.all(of: material.line, in: material.soundFolder, reviewed: material.reviewed) {
        print("\(one.name): \(one.withWords) de \(one.wanted) textos, \(one.withSound) sonidos; \(one.sentence)")
      }
    }
  }
}
