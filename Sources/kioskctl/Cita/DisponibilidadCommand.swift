internal import ArgumentParser
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl cita disponibilidad`: what is free of each service, once or for as long as somebody looks.
struct DisponibilidadCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "disponibilidad",
    abstract: "Muestra qué hay libre de cada servicio: el primer lugar, cuántos ese día y cuántos en total.",
    discussion: """
      Lo apartado no cuenta como libre. Con --seguir vuelve a mostrarlo cada vez que cambia, hasta Ctrl-C.

      Ejemplos:
        kioskctl cita disponibilidad
        kioskctl cita disponibilidad --seguir

      Con --json: {"epoch", "number", "services": [{"service", "name", "first_date", "first_minute", "free_on_first_date", \
      "free_in_all", "display"}…]}; con --seguir, uno por renglón. Un salto en number dice que hubo estados en medio.
      """)

  @Flag(help: "Sigue mostrando los cambios hasta Ctrl-C.")
  var seguir = false

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func run() async throws {
    if seguir { return try await global.withClient(.longLived(GlobalOptions.introduction)) { try await follow($0) } }
    try await global.withServer { client in
      let appointments = AppointmentsClient(client)
      let state = try await Failure.of { () throws(RPCError) in
        let watch = try await appointments.watchAvailability(.init(), options: global.callOptions)
        defer { watch.cancel() }
        guard let state = try await watch.next() else { throw RPCError(.internal, "the watch ended without a state") }
        return state
      }
      show(state)
    }
  }

  /// Goes on through servers that go away, and begins before there is one; standard error tells when it has none.
  private func follow(_ client: KioskClient) async throws {
    let notices = Task {
      var notices = ConnectionNotices()
      for await state in client.states {
        if let notice = notices.notice(of: state, at: .now) { Output.standard.error(notice) }
      }
    }
    defer { notices.cancel() }
    do throws(RPCError) {
      var states = client.watchAvailability().makeAsyncIterator()
      while let state = try await states.next() { show(state.value) }
    } catch { throw Failure(error) }
  }

  private func show(_ state: Wire.WatchAvailabilityResponse) {
    let output = Output.standard
    if global.json { return seguir ? output.text(state.json.text(pretty: false)) : output.json(state.json) }
    output.lines(TextTable(availability: state.services).lines(output.style))
    if seguir { output.text("") }
  }
}

extension TextTable {
  init(availability services: [Wire.ServiceAvailability]) {
    self.init(
      [
        Column("Código"), Column("Servicio"), Column("Primer lugar"), Column("Ese día", alignedRight: true),
        Column("En total", alignedRight: true),
      ],
      rows: services.map { service in
        [
          service.service, service.name, service.display.isEmpty ? "nada libre" : service.display, "\(service.freeOnFirstDate)",
          "\(service.freeInAll)",
        ]
      })
  }
}

extension Wire.WatchAvailabilityResponse {
  /// Keys: those of the contract's message.
  var json: JSONValue {
    .object([
      .init("epoch", .number("\(epoch)")), .init("number", .number("\(number)")), .init("services", .array(services.map(\.json))),
    ])
  }
}

extension Wire.ServiceAvailability {
  var json: JSONValue {
    .object([
      .init("service", .string(service)), .init("name", .string(name)), .init("first_date", .string(firstDate)),
      .init("first_minute", .number("\(firstMinute)")), .init("free_on_first_date", .number("\(freeOnFirstDate)")),
      .init("free_in_all", .number("\(freeInAll)")), .init("display", .string(display)),
    ])
  }
}
