internal import ArgumentParser
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl nombre`, for staff: how somebody is called.
struct NombreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nombre",
    abstract: "Para el personal: el nombre con que se llama a una persona (nombre social).",
    discussion: """
      Vale desde ese momento en pantallas, voces y hojas, y ningún padrón lo quita. Los documentos oficiales llevan el del registro. La persona \
      también lo cambia ella misma en el kiosco.
      """,
    subcommands: [Poner.self, Quitar.self])

  struct Poner: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "poner", abstract: "Anota el nombre que la persona usa.",
      discussion: """
        Ejemplo:
          kioskctl nombre poner Sofía --pronombre ella --motivo en-persona --numero 482011570 --nacimiento 1999-04-30

        Con --json: el mensaje SetChosenNameResponse del contrato.
        """)

    @Argument(help: ArgumentHelp("El nombre, hasta 50 letras.", valueName: "nombre")) var nombre: String
    @Option(help: ArgumentHelp("Cómo se habla de la persona: ella, él, elle.", valueName: "pronombre")) var pronombre: String?
    @OptionGroup var set: NameOptions

    func validate() throws { _ = try set.identity.requiredForThemselves() }
    func run() async throws { try await set.run(chosen: nombre, pronoun: pronombre ?? "") }
  }

  struct Quitar: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "quitar", abstract: "Vuelve al nombre del registro.",
      discussion: "Con --json: el mensaje SetChosenNameResponse del contrato.")

    @OptionGroup var set: NameOptions

    func validate() throws { _ = try set.identity.requiredForThemselves() }
    func run() async throws { try await set.run(chosen: "", pronoun: "") }
  }
}

/// Of whom, why, and where it is said.
struct NameOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Por qué; queda en la bitácora.", valueName: "motivo")) var motivo: Motivo
  @OptionGroup(title: "Quién") var identity: IdentityOptions
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func run(chosen: String, pronoun: String) async throws {
    let id = request.identifier()
    let reply = try await PatientSession.with(identity, global) { session, client, options in
      let set = Wire.SetChosenNameRequest(sessionToken: session.token, chosen: chosen, pronoun: pronoun, staffReason: motivo.wire)
      return try await Failure.of(writing: id) { () throws(RPCError) in
        try await PatientsClient(client).setChosenName(set, options: options.writing(id))
      }
    }
    let output = Output.standard
    if global.json { return try output.json(reply) }
    output.text(reply.text.printable)
  }
}
