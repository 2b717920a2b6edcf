internal import ArgumentParser
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl embarazo`: what a pregnant person is answered, never with nothing.
struct EmbarazoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "embarazo",
    abstract: "Cero rechazo a una embarazada: Urgencias ahora, una fecha cercana, o una persona con nombre en 30 minutos.",
    discussion: """
      No hace falta saber quién es. Con --senal no se pregunta nada más, y el personal recibe la alarma.

      Ejemplos:
        kioskctl embarazo --senal
        kioskctl embarazo --telefono 5512345678
        kioskctl embarazo --numero 482011570 --nacimiento 1985-04-30

      Lo prometido se ve y se cierra con `kioskctl devolucion`. Con --json: el mensaje AttendPregnancyResponse del contrato.
      """)

  @Flag(help: "Dijo una señal de alarma: sangrado, líquido, dolor, el bebé se mueve menos, dolor de cabeza, luces, fiebre o hinchazón.")
  var senal = false

  @Option(help: ArgumentHelp("A qué número llamarle; sin él, al que la clínica tiene, o se le atiende donde está.", valueName: "teléfono"))
  var telefono: String?

  @OptionGroup(title: "Quién") var identity: IdentityOptions
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func run() async throws {
    let id = request.identifier()
    var question = Wire.AttendPregnancyRequest(alarmSign: senal, phone: telefono ?? "")
    let reply: Wire.AttendPregnancyResponse
    if identity.request == nil || senal {
      let question = question
      reply = try await global.withServer { client in
        try await Failure.of(writing: id) { () throws(RPCError) in
          try await CareClient(client).attendPregnancy(question, options: global.callOptions.writing(id))
        }
      }
    } else {
      reply = try await PatientSession.with(identity, global) { session, client, options in
        (question.sessionToken, question.person) = (session.token, session.person)
        let question = question
        return try await Failure.of(writing: id) { () throws(RPCError) in
          try await CareClient(client).attendPregnancy(question, options: options.writing(id))
        }
      }
    }
    let output = Output.standard
    if global.json { return try output.json(reply) }
    output.text(reply.text.printable)
    if let named = reply.named, !named.phone.isEmpty { output.text("Teléfono de la guardia: \(named.phone.printable)") }
    if !reply.slots.isEmpty { output.lines(TextTable(slots: reply.slots).lines(output.style)) }
  }
}
