internal import ArgumentParser
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl cita familia`: for whom a person may make appointments.
struct FamiliaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "familia",
    abstract: "Lista por quién puede pedir citas la persona, con el número que usa --persona.",
    discussion: """
      Ejemplo:
        kioskctl cita familia --nss 00129085446 --nacimiento 1985-04-30

      Con --json: una lista con person, name, consultorio, turno, language, needs, minor y covered_until.
      """)

  @OptionGroup(title: "Quién") var identity: IdentityOptions
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func validate() throws { _ = try identity.requiredForThemselves() }

  func run() async throws {
    let output = Output.standard
    try await global.withServer { client in
      let options = global.callOptions
      let people = try await PatientSession.with(
        try identity.required(), persona: 0, client: client, options: options
      ) { session in
        try await Failure.of { () throws(RPCError) in
          try await PatientsClient(client).listFamily(.init(sessionToken: session.token), options: options).people
        }
      }
      if global.json { return output.json(.array(people.map(\.json))) }
      output.lines(TextTable(people: people).lines(output.style))
    }
  }
}
