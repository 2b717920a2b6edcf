internal import ArgumentParser
internal import ClinicDomain
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl agenda cambiar`: many people to another consultorio and turno, with their appointments.
struct CambiarCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cambiar",
    abstract: "Pasa a otro consultorio y turno a muchas personas, con sus citas: nadie pierde la suya.",
    discussion: """
      Cada cita pasa al lugar libre más cercano del consultorio nuevo; si no lo hay se queda como está y a la persona se le ofrece uno \
      antes que a nadie. Después la clínica les debe una llamada (`kioskctl devolucion ver`). Si algo lo interrumpe, pídalo otra vez: sigue \
      donde iba. Durante dos minutos, `kioskctl agenda deshacer-cambio` lo deshace.

      Ejemplos:
        kioskctl agenda cambiar --de C12 --turno matutino --a C14 --motivo falta-personal
        kioskctl agenda cambiar --de C12 --turno matutino --desde 1985-01-01 \\
          --a C14 --al-turno vespertino --motivo rutina
        kioskctl agenda cambiar --persona 482011570 --persona 482011588 --a C14 --al-turno matutino --motivo rutina

      Con --json, todas las respuestas del servidor en una, como la define el contrato (ventanilla/v1/transfers.proto).
      """)

  @Option(help: ArgumentHelp("El consultorio del que se van.", valueName: "agenda"), transform: { try AgendaText.resource($0) })
  var de: ResourceID?

  @Option(help: ArgumentHelp("Su turno.", valueName: "turno"))
  var turno: String?

  @Option(help: ArgumentHelp("Solo quienes nacieron ese día o después.", valueName: "fecha"), transform: { try AgendaText.date($0) })
  var desde: CivilDate?

  @Option(help: ArgumentHelp("Solo quienes nacieron ese día o antes.", valueName: "fecha"), transform: { try AgendaText.date($0) })
  var hasta: CivilDate?

  @Option(help: ArgumentHelp("En lugar de --de: una persona, por su número; se puede repetir.", valueName: "número"))
  var persona: [String] = []

  @Option(help: ArgumentHelp("El consultorio nuevo.", valueName: "agenda"), transform: { try AgendaText.resource($0) })
  var a: ResourceID

  @Option(help: ArgumentHelp("Su turno; sin esto, el mismo que --turno.", valueName: "turno"))
  var alTurno: String?

  @Option(help: ArgumentHelp("Por qué; queda en la bitácora.", valueName: "motivo"))
  var motivo: Motivo

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func validate() throws {
    guard (de == nil) != persona.isEmpty else { throw ValidationError("Diga de qué consultorio (--de y --turno), o de qué personas (--persona).") }
    guard de == nil || turno != nil else { throw ValidationError("Falta --turno: de qué turno de ese consultorio.") }
    guard alTurno != nil || turno != nil else { throw ValidationError("Falta --al-turno.") }
  }

  func run() async throws {
    let request = Wire.ChangeDoctorRequest(
      fromResource: de?.description ?? "", fromTurno: de == nil ? "" : turno ?? "", bornFrom: desde?.description ?? "",
      bornTo: hasta?.description ?? "", patientNumbers: persona, toResource: a.description, toTurno: alTurno ?? turno ?? "",
      reason: motivo.wire)
    let all = try await global.withServer { client in try await ask(request, of: TransfersClient(client)) }
    guard global.json else { return }
    guard var whole = all.last else { return }
    whole.appointments = all.flatMap(\.appointments)
    whole.adopted = all.reduce(0) { $0 + $1.adopted }
    whole.untold = all.flatMap(\.untold)
    try Output.standard.json(whole)
  }

  /// Asks until nobody is left, or a whole answer changed nothing: somebody takes every place in between, and asking on would help nobody.
  private func ask(_ request: Wire.ChangeDoctorRequest, of transfers: TransfersClient) async throws -> [Wire.ChangeDoctorResponse] {
    var replies: [Wire.ChangeDoctorResponse] = []
    while true {
      let id = RequestIdentifier().description
      let reply = try await Failure.of(writing: id) { () throws(RPCError) in
        try await transfers.changeDoctor(request, options: global.callOptions.writing(id))
      }
      replies.append(reply)
      if !global.json { Output.standard.lines(reply.lines) }
      guard reply.remaining > 0, reply.adopted > 0 || reply.appointments.contains(where: { !$0.newFolio.isEmpty }) else { return replies }
    }
  }
}

/// `kioskctl agenda deshacer-cambio`: takes it back.
struct DeshacerCambioCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "deshacer-cambio",
    abstract: "Deshace los cambios a un consultorio y turno que usted acaba de hacer con `agenda cambiar`; durante dos minutos.",
    discussion: """
      Las personas son otra vez de quien eran, con sus citas donde estaban. Quien ya sabe de su lugar nuevo lo conserva: sale en la lista con \
      lo que se puede hacer.

      Ejemplo:
        kioskctl agenda deshacer-cambio --a C14 --turno matutino

      Con --json, la respuesta del servidor tal como la define el contrato (ventanilla/v1/transfers.proto).
      """)

  @Option(help: ArgumentHelp("El consultorio al que se les cambió.", valueName: "agenda"), transform: { try AgendaText.resource($0) })
  var a: ResourceID

  @Option(help: ArgumentHelp("Su turno.", valueName: "turno"))
  var turno: String

  @Option(help: ArgumentHelp("Por qué; queda en la bitácora.", valueName: "motivo"))
  var motivo: Motivo = .correccion

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func run() async throws {
    let id = request.identifier()
    let reply = try await global.withServer { client in
      try await Failure.of(writing: id) { () throws(RPCError) in
        try await TransfersClient(client).undoChangeDoctor(
          .init(toResource: a.description, toTurno: turno, reason: motivo.wire), options: global.callOptions.writing(id))
      }
    }
    if global.json { return try Output.standard.json(reply) }
    Output.standard.lines(reply.back.map(\.line) + reply.kept.flatMap(\.lines) + [reply.text.printable])
  }
}

extension Wire.ChangeDoctorResponse {
  fileprivate var lines: [String] {
    let moved = appointments.map { one in
      one.newFolio.isEmpty ? "\(one.folio)  se queda: \(one.display.printable)" : "\(one.folio) → \(one.newFolio)  \(one.display.printable)"
    }
    return moved + untold.map { "Sin teléfono: \($0)" } + unreachable.map { "No puede subir escaleras: \($0)" } + [text.printable]
  }
}
