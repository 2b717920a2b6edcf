internal import ArgumentParser
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl alarma …`, for staff: alarm signs that somebody told by telephone or at a kiosk.
struct AlarmaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "alarma",
    abstract: "Para el personal: las señales de alarma que alguien acaba de decir, y quién acude.",
    discussion: """
      Quien la dijo oye «ya vienen» sólo después de que alguien del personal la atiende aquí. A los 30 segundos sin nadie, escala: se le \
      dice adónde ir, y aquí queda hasta arriba. Deje `alarma seguir` abierta donde siempre haya alguien.

        kioskctl alarma seguir
        kioskctl alarma ver
        kioskctl alarma atender 12
      """,
    subcommands: [VerAlarmasCommand.self, SeguirAlarmasCommand.self, AtenderAlarmaCommand.self])
}

/// `kioskctl alarma ver`.
struct VerAlarmasCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ver", abstract: "Las que nadie ha atendido, primero las que ya escalaron; detrás, las últimas atendidas.",
    discussion: "Con --json: el mensaje ListAlarmsResponse del contrato.")

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func run() async throws {
    try await global.withServer { client in
      let reply = try await Failure.of { () throws(RPCError) in
        try await TelephoneClient(client).listAlarms(.init(), options: global.callOptions)
      }
      if global.json { return try Output.standard.json(reply) }
      Output.standard.lines(reply.alarms.lines(Output.standard.style))
    }
  }
}

/// `kioskctl alarma seguir`.
struct SeguirAlarmasCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "seguir", abstract: "Las muestra otra vez cada vez que algo cambia, hasta Ctrl-C; suena en cada una que espera.",
    discussion: "Con --json: un WatchAlarmsResponse por renglón. Sigue aunque el servidor se vaya y vuelva.")

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func run() async throws {
    try await global.withClient(.longLived(GlobalOptions.introduction)) { client in
      let notices = Task {
        var notices = ConnectionNotices()
        for await state in client.states {
          if let notice = notices.notice(of: state, at: .now) { Output.standard.error(notice) }
        }
      }
      defer { notices.cancel() }
      do throws(RPCError) {
        var states = client.watchAlarms().makeAsyncIterator()
        while let state = try await states.next() { show(state.value) }
      } catch { throw Failure(error) }
    }
  }

  private func show(_ state: Wire.WatchAlarmsResponse) {
    let output = Output.standard
    if global.json {
      let value = try? Wire.WatchAlarmsResponse.messageType.json(Encoded(state).bytes)
      return output.text(value?.text(pretty: false) ?? "")
    }
    // The terminal's bell, where somebody sits at it.
    let waits = state.alarms.contains { $0.acknowledgedAtUnixMs == 0 }
    if waits, output.style != .plain { output.text("\u{7}") }
    output.lines(state.alarms.lines(output.style))
    output.text("")
  }
}

/// `kioskctl alarma atender`.
struct AtenderAlarmaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "atender", abstract: "Dice que usted acude: desde ese momento quien la dijo oye «ya vienen».",
    discussion: "La atiende quien lo dice primero; a quien llega después se le dice quién fue. Con --json: AcknowledgeAlarmResponse.")

  @Argument(help: ArgumentHelp("Número de la alarma.", valueName: "alarma"))
  var alarma: Int64

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func run() async throws {
    let id = request.identifier()
    try await global.withServer { client in
      let reply = try await Failure.of(writing: id) { () throws(RPCError) in
        try await TelephoneClient(client).acknowledgeAlarm(.init(alarm: alarma), options: global.callOptions.writing(id))
      }
      if global.json { return try Output.standard.json(reply) }
      Output.standard.text(reply.alarm?.text.printable ?? "")
    }
  }
}

extension [Wire.StaffAlarm] {
  /// What a person reads: what waits stands out.
  fileprivate func lines(_ style: TerminalStyle) -> [String] {
    guard !isEmpty else { return ["Ninguna alarma."] }
    return map { alarm in
      let text = "\(alarm.alarm)  \(alarm.text.printable)"
      return alarm.acknowledgedAtUnixMs == 0 ? style.bold(text) : style.dim(text)
    }
  }
}
