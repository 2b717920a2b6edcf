internal import ArgumentParser
internal import Foundation
internal import TerminalText

/// What `make run` shows: a clinic on this machine, and a patient's visit with real calls.
struct VisitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "visita",
    abstract: "Start a clinic on this machine and walk through a patient's visit.",
    discussion: """
      Makes a padrón of made-up people (once), starts the kiosk-server that lies beside this program, imports the padrón \
      (once), and then does as a kiosk what a patient does, saying in Spanish what happens and checking each answer. Asks \
      nothing. Stays up until Ctrl-C; the server then closes in order. Without a terminal, or with NO_COLOR, plain text.

      Exit status: the server's when it was stopped; 1 when a step of the visit was not as promised, or the server could not \
      start or ended by itself; with --solo-visita 0 when everything was as promised, 130 when it was interrupted before.
      """)

  @Flag(help: "End after the visit, with its status.")
  var soloVisita = false

  @Option(help: "How many people the padrón has.")
  var personas = 70_607

  @Option(help: ArgumentHelp("Where data lives.", valueName: "folder"))
  var datos = VisitPlace.defaultFolder

  @Option(help: "The kiosks' TCP port on 127.0.0.1.")
  var puerto = VisitPlace.defaultPort

  func validate() throws {
    guard (1000...Population.greatestPeople).contains(personas) else {
      throw ValidationError("--personas takes 1000 to \(Population.greatestPeople), not \(personas).")
    }
    guard (1...65_535).contains(puerto) else { throw ValidationError("--puerto takes 1 to 65535, not \(puerto).") }
  }

  func run() async throws {
    let narrator = Narrator()
    do {
      let status = try await Visit(
        place: VisitPlace(folder: datos, port: puerto), people: personas, endsAfterWalk: soloVisita, narrator: narrator
      ).run()
      guard status == 0 else { throw ExitCode(status) }
    } catch let fault as VisitFault {
      narrator.failure(fault.sentence)
      throw ExitCode.failure
    }
  }
}

/// Where everything of one clinic lies.
struct VisitPlace: Sendable {
  static let defaultFolder = ".ventanilla"
  static let defaultPort = 24820

  let folder: String
  let port: Int

  var isDefault: Bool { folder == Self.defaultFolder && port == Self.defaultPort }
  var staffSocket: String { "\(folder)/personal.sock" }
  var serverLog: String { "\(folder)/kiosk-server.log" }
  /// The server's log until it listens; stays when it was refused.
  var startLog: String { "\(folder)/kiosk-server-\(getpid()).log" }
  var importMark: String { "\(folder)/padron-importado" }
  func padron(people: Int) -> String { "\(folder)/padron-\(people).csv" }

  /// A program that was built with this one.
  func program(_ name: String) throws(VisitFault) -> String {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    let path = URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent(name).path
    guard FileManager.default.isExecutableFile(atPath: path) else {
      throw VisitFault("Falta el programa \(path). Constrúyalo con: swift build --product \(name)")
    }
    return path
  }

  func make() throws(VisitFault) {
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch { throw VisitFault("No se puede usar la carpeta \(folder): \(error.localizedDescription)") }
  }
}

/// What keeps the visit from going on: a sentence for whoever started it.
struct VisitFault: Error, Sendable {
  let sentence: String
  init(_ sentence: String) { self.sentence = sentence }
}
