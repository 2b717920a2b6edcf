internal import ArgumentParser
internal import ClinicDomain
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl agenda dia`: one agenda's date.
struct AgendaDiaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dia",
    abstract: "Muestra quién está en la agenda de un consultorio o ventanilla.",
    discussion: """
      «por confirmar» es quien no ha llegado y ya pasó su tolerancia: su lugar se puede liberar. «llegó tarde» es quien llegó después y conserva \
      su lugar: pasa detrás de quienes llegaron a tiempo.

      Ejemplos:
        kioskctl agenda dia C12
        kioskctl agenda dia V2 --fecha 2026-11-24

      Con --json: {"date", "entries": [{"appointment", "name", "may_be_freed", "confirmed_at_unix_ms", "arrived_at_unix_ms", \
      "in_todays_line", "late"}]}.
      """)

  @Argument(help: ArgumentHelp("Agenda: C12, V2.", valueName: "agenda"), transform: { try AgendaText.resource($0) })
  var agenda: ResourceID

  @Option(help: ArgumentHelp("Fecha; sin ella, hoy.", valueName: "fecha"), transform: { try AgendaText.date($0) })
  var fecha: CivilDate?

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func run() async throws {
    let output = Output.standard
    let day = try await global.withServer { client in
      try await Failure.of { () throws(RPCError) in
        try await AgendaClient(client).listDay(
          .init(resource: agenda.description, date: fecha?.description ?? ""), options: global.callOptions)
      }
    }
    if global.json { return output.json(day.json) }
    guard !day.entries.isEmpty else { return output.text("Nadie tiene cita ese día (\(day.date)).") }
    output.lines(TextTable(day: day.entries).lines(output.style))
  }
}

/// `kioskctl agenda historia`: what was done to an appointment.
struct HistoriaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "historia",
    abstract: "Muestra qué se hizo con una cita, quién, cuándo, por dónde y por qué.",
    discussion: """
      Ejemplo:
        kioskctl agenda historia 482011570363

      Con --json: [{"seq", "at_unix_ms", "actor", "door", "channel", "act", "reason", "before", "after", "text"}].
      """)

  @Argument(help: ArgumentHelp("Folio, 12 dígitos.", valueName: "folio"), transform: { try FolioText.checked($0) })
  var folio: Folio

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func run() async throws {
    let output = Output.standard
    let history = try await global.withServer { client in
      try await Failure.of { () throws(RPCError) in
        try await AgendaClient(client).history(.init(folio: folio.description), options: global.callOptions)
      }
    }
    if global.json { return output.json(.array(history.changes.map(\.json))) }
    for change in history.changes {
      output.text("\(change.seq)  \(change.text.printable)")
      let more = [change.actor, change.door, change.reason].filter { !$0.isEmpty }
      output.text("    \(output.style.dim(more.joined(separator: " · ").printable))")
    }
  }
}

extension TextTable {
  init(day entries: [Wire.AgendaEntry]) {
    self.init(
      [Column("Hora", alignedRight: true), Column("Folio"), Column("Nombre"), Column("Estado"), Column("Servicio")],
      rows: entries.map { entry in
        let appointment = entry.appointment ?? Wire.Appointment()
        let slot = appointment.slot ?? Wire.Slot()
        return [slot.startText, appointment.folioDisplay, entry.name, entry.stateText, slot.service]
      })
  }
}

extension Wire.AgendaEntry {
  fileprivate var stateText: String {
    let status = appointment?.status ?? .unspecified
    if mayBeFreed { return "por confirmar" }
    if late { return "llegó tarde" }
    if inTodaysLine, status == .checkedIn { return "en la fila de hoy" }
    return confirmedAtUnixMs != 0 && status == .booked ? "confirmó que viene" : status == .booked ? "con cita" : status.spanish
  }
}

extension Wire.AgendaDayResponse {
  fileprivate var json: JSONValue {
    .object([
      .init("date", .string(date)),
      .init("entries", .array(entries.map { entry in
        .object([
          .init("appointment", entry.appointment?.json ?? .null), .init("name", .string(entry.name)),
          .init("may_be_freed", .bool(entry.mayBeFreed)), .init("confirmed_at_unix_ms", .number("\(entry.confirmedAtUnixMs)")),
          .init("arrived_at_unix_ms", .number("\(entry.arrivedAtUnixMs)")), .init("in_todays_line", .bool(entry.inTodaysLine)),
          .init("late", .bool(entry.late)),
        ])
      })),
    ])
  }
}

extension Wire.HistoryChange {
  fileprivate var json: JSONValue {
    .object([
      .init("seq", .number("\(seq)")), .init("at_unix_ms", .number("\(atUnixMs)")), .init("actor", .string(actor)),
      .init("door", .string(door)), .init("channel", .string(channel)), .init("act", .string(act)),
      .init("reason", .string(reason)), .init("before", .string(before)), .init("after", .string(after)), .init("text", .string(text)),
    ])
  }
}
