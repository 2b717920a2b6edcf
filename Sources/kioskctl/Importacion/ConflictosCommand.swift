internal import ArgumentParser
internal import ClinicDomain
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl agenda conflictos`: what another system has booked and does not fit.
struct ConflictosCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "conflictos",
    abstract: "Las citas de otro sistema que no cupieron aquí: verlas y resolverlas.",
    discussion: """
        kioskctl agenda conflictos
        kioskctl agenda conflictos resolver otro_sistema A-1042 --aceptar --motivo prioridad-medica
      """,
    subcommands: [ConflictosListaCommand.self, ResolverConflictoCommand.self], defaultSubcommand: ConflictosListaCommand.self)
}

/// `kioskctl agenda conflictos lista`.
struct ConflictosListaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lista",
    abstract: "Muestra las citas de otro sistema, de hoy en adelante, que no cupieron aquí.",
    discussion: """
      Se prueban otra vez con cada importación, y salen de la lista cuando caben o el otro sistema las quita.

      Se muestran mil a lo más, y cuántas faltan; con --todas, todas.

      Ejemplo:
        kioskctl agenda conflictos

      Con --json, todas, en una respuesta como la define el contrato (ventanilla/v1/exchange.proto).
      """)

  @Flag(help: "Todas, no solo las primeras mil.")
  var todas = false

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func run() async throws {
    let output = Output.standard
    let (conflicts, leftOut) = try await global.withServer { client in
      try await Self.conflicts(of: ExchangeClient(client), isAll: todas || global.json, options: global.callOptions)
    }
    if global.json { return try output.json(Wire.ListConflictsResponse(conflicts: conflicts)) }
    guard !conflicts.isEmpty else { return output.text("No hay conflictos con otro sistema.") }
    output.lines(
      TextTable(
        [.init("Sistema"), .init("Identificador"), .init("Agenda"), .init("Fecha"), .init("Hora"), .init("Qué hacer")],
        rows: conflicts.map { conflict in
          [
            conflict.source, conflict.reference.printable, conflict.resource, conflict.date,
            "\(AgendaMinute(minutes: Int(conflict.startMinute)) ?? .midnight)", conflict.text,
          ]
        }
      ).lines(output.style))
    output.lines(Self.more(leftOut))
  }

  /// The first page, or all of them one after the other.
  private static func conflicts(
    of client: ExchangeClient, isAll: Bool, options: CallOptions
  ) async throws -> (conflicts: [Wire.ExternalConflict], leftOut: Int) {
    var conflicts: [Wire.ExternalConflict] = []
    var (next, leftOut): (Int64, Int) = (0, 0)
    repeat {
      let page = try await Failure.of { () throws(RPCError) in
        try await client.listConflicts(.init(after: next), options: options)
      }
      conflicts += page.conflicts
      (next, leftOut) = (page.next, Int(page.leftOut))
    } while isAll && next != 0
    return (conflicts, leftOut)
  }

  /// What is said of conflicts that are not shown.
  static func more(_ leftOut: Int) -> [String] {
    leftOut == 0 ? [] : ["", "Hay \(leftOut) más. Para verlas todas: kioskctl agenda conflictos --todas"]
  }
}

/// `kioskctl agenda conflictos resolver`.
struct ResolverConflictoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resolver",
    abstract: "Resuelve una cita que no cupo: se acepta junto a quien tiene la hora, se descarta, o pasa a otro lugar.",
    discussion: """
      El sistema y el identificador son los de la lista. Lo que se decide queda en la bitácora con quién y por qué, y el siguiente export \
      se lo dice al otro sistema.

      Ejemplos:
        kioskctl agenda conflictos resolver otro_sistema A-1042 --aceptar --motivo prioridad-medica
        kioskctl agenda conflictos resolver otro_sistema A-1042 --descartar --motivo correccion
        kioskctl agenda conflictos resolver otro_sistema A-1042 --mover \\
          --agenda C12 --fecha 2026-11-24 --hora 08:15 --motivo rutina

      Con --json, la respuesta del servidor tal como la define el contrato (ventanilla/v1/exchange.proto).
      """)

  @Argument(help: ArgumentHelp("El otro sistema.", valueName: "sistema"))
  var sistema: String

  @Argument(help: ArgumentHelp("Su identificador de la cita.", valueName: "identificador"))
  var identificador: String

  @Flag(help: "Queda en su hora, además de quien ya la tiene.")
  var aceptar = false

  @Flag(help: "Aquí no se da.")
  var descartar = false

  @Flag(help: "La persona va a otro lugar: --agenda, --fecha y --hora.")
  var mover = false

  @Option(help: ArgumentHelp("Agenda: C12 es el consultorio 12.", valueName: "agenda"), transform: { try AgendaText.resource($0) })
  var agenda: ResourceID?

  @Option(help: ArgumentHelp("Fecha: 2026-11-24.", valueName: "fecha"), transform: { try AgendaText.date($0) })
  var fecha: CivilDate?

  @Option(help: ArgumentHelp("Hora a la que empieza: 08:15.", valueName: "hora"), transform: { try AgendaText.minute($0) })
  var hora: AgendaMinute?

  @Option(help: ArgumentHelp("Por qué; queda en la bitácora.", valueName: "motivo"))
  var motivo: Motivo

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func validate() throws {
    guard [aceptar, descartar, mover].count(where: { $0 }) == 1 else { throw ValidationError("Diga una de tres: --aceptar, --descartar o --mover.") }
    let place: [Any?] = [agenda, fecha, hora]
    guard place.allSatisfy({ $0 != nil }) == mover, mover || place.allSatisfy({ $0 == nil }) else {
      throw ValidationError("--mover lleva --agenda, --fecha y --hora; lo demás no.")
    }
  }

  func run() async throws {
    let id = request.identifier()
    let resolve = Wire.ResolveConflictRequest(
      source: sistema, reference: identificador, resolution: aceptar ? .accept : descartar ? .dismiss : .move, reason: motivo.wire,
      resource: agenda?.description ?? "", date: fecha?.description ?? "", startMinute: Int32(hora?.minutes ?? 0))
    let reply = try await global.withServer { client in
      try await Failure.of(writing: id) { () throws(RPCError) in
        try await ExchangeClient(client).resolveConflict(resolve, options: global.callOptions.writing(id))
      }
    }
    if global.json { return try Output.standard.json(reply) }
    Output.standard.lines((reply.folio.isEmpty ? [] : ["Folio \(reply.folio)"]) + [reply.text.printable])
  }
}
