internal import ArgumentParser
internal import ClinicDomain
internal import Foundation
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl agenda entregar`: many people to another unit, and nobody without their appointment.
struct EntregarCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "entregar",
    abstract: "Pasa a otra unidad a muchas personas desde una fecha: nadie pierde su cita ni se queda sin saberlo.",
    discussion: """
      Sin --aplicar solo dice qué haría. Las citas de los días que ya le tocan a la otra unidad se conservan aquí hasta que ella las dé; \
      con --dar-citas se entregan y su lugar es de quien espera. De una o de otra manera van en el documento (`kioskctl agenda \
      entregadas`). A quien tiene citas la clínica le debe una llamada, y quien pida aquí una cita oye el nombre de su unidad. Si algo \
      lo interrumpe, pídalo otra vez: sigue donde iba. `kioskctl agenda recuperar` lo deshace.

      Ejemplos:
        kioskctl agenda entregar --de C12 --turno matutino --a DFIMS000266 --unidad "UMF 20" \\
          --domicilio "calzada Vallejo 675" --fecha 2026-12-07 --motivo rutina
        kioskctl agenda entregar --archivo personas.csv --codigo-postal 077 --a DFIMS000266 --unidad "UMF 20" \\
          --fecha 2026-12-07 --motivo rutina --dar-citas --aplicar

      Con --json: {"handed", "unchanged", "remaining", "appointments", "unknown", "untold"}.
      """)

  @Option(help: ArgumentHelp("El consultorio del que se van.", valueName: "agenda"), transform: { try AgendaText.resource($0) })
  var de: ResourceID?

  @Option(help: ArgumentHelp("Su turno.", valueName: "turno"))
  var turno: String?

  @Option(help: ArgumentHelp("Solo quienes nacieron ese día o después.", valueName: "fecha"), transform: { try AgendaText.date($0) })
  var desde: CivilDate?

  @Option(help: ArgumentHelp("Solo quienes nacieron ese día o antes.", valueName: "fecha"), transform: { try AgendaText.date($0) })
  var hasta: CivilDate?

  @OptionGroup(title: "En lugar de --de") var list: PersonListOptions

  @Option(help: ArgumentHelp("La CLUES de la otra unidad.", valueName: "clues"))
  var a: String

  @Option(help: ArgumentHelp("Su nombre, como lo conoce la gente.", valueName: "nombre"))
  var unidad: String

  @Option(help: ArgumentHelp("Su domicilio, como se dice.", valueName: "domicilio"))
  var domicilio: String = ""

  @Option(help: ArgumentHelp("El primer día que atiende ella.", valueName: "fecha"), transform: { try AgendaText.date($0) })
  var fecha: CivilDate

  @Flag(help: "Entrega también las citas de esos días, en lugar de conservarlas.")
  var darCitas = false

  @Flag(help: "Hace el cambio; sin esto solo dice qué haría.")
  var aplicar = false

  @Option(help: ArgumentHelp("Por qué; queda en la bitácora.", valueName: "motivo"))
  var motivo: Motivo

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func validate() throws {
    guard (de == nil) != list.isEmpty else { throw ValidationError("Diga de qué consultorio (--de y --turno), o de qué personas (--archivo, --persona).") }
    guard de == nil || turno != nil else { throw ValidationError("Falta --turno: de qué turno de ese consultorio.") }
  }

  func run() async throws {
    let pieces = try list.pieces()
    let sum = try await global.withServer { client in
      var sum = Sum()
      for piece in pieces {
        let request = Wire.HandOverRequest(
          fromResource: de?.description ?? "", fromTurno: de == nil ? "" : turno ?? "", bornFrom: desde?.description ?? "",
          bornTo: hasta?.description ?? "", people: piece.map(\.person), unit: .init(clues: a, name: unidad, address: domicilio),
          fromDate: fecha.description, giveUp: darCitas, dryRun: !aplicar, reason: motivo.wire)
        try await ask(request, of: TransfersClient(client), lines: piece.map(\.line), into: &sum)
      }
      return sum
    }
    guard global.json else { return }
    Output.standard.json(
      .object([
        .init("handed", .number("\(sum.handed)")), .init("unchanged", .number("\(sum.unchanged)")), .init("remaining", .number("\(sum.remaining)")),
        .init("appointments", .array(sum.appointments.map(\.json))), .init("unknown", .array(sum.unknown.map { .number("\($0)") })),
        .init("untold", .array(sum.untold.map { .string($0) })),
      ]))
  }

  private struct Sum {
    var (handed, unchanged, remaining) = (0, 0, 0)
    var appointments: [Wire.HandedOverAppointment] = []
    /// Lines of the list.
    var unknown: [Int] = []
    var untold: [String] = []
  }

  /// Asks until nobody is left, or a whole answer changed nothing.
  private func ask(_ request: Wire.HandOverRequest, of transfers: TransfersClient, lines: [Int], into sum: inout Sum) async throws {
    var isFirst = true
    while true {
      let id = RequestIdentifier().description
      let reply = try await Failure.of(repeating: "la misma orden; lo que ya se hizo queda como está") { () throws(RPCError) in
        try await transfers.handOver(request, options: global.callOptions.writing(id))
      }
      sum.handed += Int(reply.handed)
      sum.appointments += reply.appointments
      sum.untold += reply.untold
      if isFirst { (sum.unchanged, sum.unknown) = (sum.unchanged + Int(reply.unchanged), sum.unknown + reply.unknown.map { lines[Int($0)] }) }
      if !global.json { Output.standard.lines(reply.lines(listLines: isFirst ? lines : [])) }
      isFirst = false
      guard reply.remaining > 0, reply.handed > 0 || !reply.appointments.isEmpty else { return sum.remaining += Int(reply.remaining) }
    }
  }
}

/// `kioskctl agenda recuperar`: people come back who were handed over.
struct RecuperarCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recuperar",
    abstract: "Deshace `agenda entregar`: las personas se atienden otra vez aquí, con las citas que se habían entregado.",
    discussion: """
      Una cita entregada queda como estaba; si su lugar ya es de alguien, a la persona se le ofrece otro antes que a nadie.

      Ejemplos:
        kioskctl agenda recuperar --a DFIMS000266 --motivo correccion
        kioskctl agenda recuperar --a DFIMS000266 --persona 482011570 --motivo en-persona

      Con --json: {"taken_back", "remaining", "appointments", "unknown", "untold"}.
      """)

  @Option(help: ArgumentHelp("La CLUES de la unidad que las tenía.", valueName: "clues"))
  var a: String

  @OptionGroup(title: "Solo algunas") var list: PersonListOptions

  @Option(help: ArgumentHelp("Por qué; queda en la bitácora.", valueName: "motivo"))
  var motivo: Motivo

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func run() async throws {
    let pieces = try list.pieces()
    let replies = try await global.withServer { client in
      var replies: [Wire.TakeBackResponse] = []
      for piece in pieces {
        while true {
          let id = RequestIdentifier().description
          let request = Wire.TakeBackRequest(clues: a, people: piece.map(\.person), reason: motivo.wire)
          let reply = try await Failure.of(repeating: "la misma orden; lo que ya se hizo queda como está") { () throws(RPCError) in
            try await TransfersClient(client).takeBack(request, options: global.callOptions.writing(id))
          }
          replies.append(reply)
          if !global.json { Output.standard.lines(reply.appointments.map(\.line) + reply.untold.map { "Sin teléfono: \($0)" } + [reply.text.printable]) }
          guard reply.remaining > 0, reply.takenBack > 0 else { break }
        }
      }
      return replies
    }
    guard global.json else { return }
    Output.standard.json(
      .object([
        .init("taken_back", .number("\(replies.reduce(0) { $0 + Int($1.takenBack) })")), .init("remaining", .number("\(replies.last?.remaining ?? 0)")),
        .init("appointments", .array(replies.flatMap(\.appointments).map(\.json))),
        .init("unknown", .array((replies.first?.unknown ?? []).map { .number("\($0)") })),
        .init("untold", .array(replies.flatMap(\.untold).map { .string($0) })),
      ]))
  }
}

/// `kioskctl agenda entregadas`: what the other unit must key in.
struct EntregadasCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "entregadas",
    abstract: "Escribe el documento de entrega: las citas de quienes pasaron a otra unidad, en las columnas de un mapa, para capturarlas ahí.",
    discussion: """
      Van las que aquí se conservan y las que ya se entregaron, con su folio, servicio, fecha y hora. El archivo lleva datos personales: se \
      escribe solo para quien lo pidió (permisos 600). Bórrelo después de capturarlo.

      Ejemplo:
        kioskctl agenda entregadas --a DFIMS000266 --mapa kiosk-config/importacion/muestra.yaml --salida entrega.csv
      """)

  @Option(help: ArgumentHelp("La CLUES de la unidad que las recibe.", valueName: "clues"))
  var a: String

  @Option(help: ArgumentHelp("Dónde se escribe; sin ella, en la salida.", valueName: "archivo"))
  var salida: String?

  @OptionGroup var map: MapOption
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func run() async throws {
    let map = try self.map.load()
    let bookings = try await global.withServer { client in
      var bookings: [Wire.ExportedBooking] = []
      while true {
        let page = try await Failure.of { () throws(RPCError) in
          try await TransfersClient(client).listHandedOver(.init(clues: a, afterFolio: bookings.last?.folio ?? ""), options: global.callOptions)
        }.bookings
        bookings += page
        if page.count < 500 { return bookings }
      }
    }
    let rows = bookings.compactMap(BookingRow.init).sorted { ($0.date, $0.resource, $0.start) < ($1.date, $1.resource, $1.start) }
    try map.write(rows, to: salida)
  }
}

extension Wire.HandedOverAppointment {
  fileprivate var line: String { "\(folio)  \(givenUp ? "entregada" : "queda"): \(display.printable)" }

  fileprivate var json: JSONValue {
    .object([.init("folio", .string(folio)), .init("given_up", .bool(givenUp)), .init("display", .string(display))])
  }
}

extension Wire.HandOverResponse {
  fileprivate func lines(listLines: [Int]) -> [String] {
    let missing = unknown.compactMap { place in listLines.indices.contains(Int(place)) ? listLines[Int(place)] : nil }
    return appointments.map(\.line) + untold.map { "Sin teléfono: \($0)" } + missing.map { "No es de una persona del padrón: renglón \($0)" } + [text.printable]
  }
}
