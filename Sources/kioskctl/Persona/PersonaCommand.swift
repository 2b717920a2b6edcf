internal import ArgumentParser
internal import ClinicDomain
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl persona`: somebody whom no padrón knows.
struct PersonaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "persona",
    abstract: "Registra a quien no está en el padrón ni tiene NSS, para poder darle lugar, y la une después con su renglón del padrón.",
    discussion: """
      A nadie se le niega Urgencias ni lo que no pide derechos, como una vacuna: con su número y su fecha de nacimiento se le agenda, se le \
      recibe o se captura su renglón de una hoja.

      Ejemplos:
        kioskctl persona registrar --nombres Rosa --apellido-paterno Ejemplo --nacio 1990-05-14 --motivo en-persona
        kioskctl persona unir --registrada 482011588 --padron 482011596 --motivo en-persona
      """,
    subcommands: [RegistrarPersonaCommand.self, UnirPersonaCommand.self])
}

/// `kioskctl persona registrar`.
struct RegistrarPersonaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "registrar",
    abstract: "Registra a una persona sin NSS; quien ya se registró con esos nombres y esa fecha conserva su número.",
    discussion: """
      Si otra persona se llama igual y nació el mismo día, diga de quién es distinta con --otra-que. Pedirlo dos veces no registra a dos.

      Ejemplo:
        kioskctl persona registrar --nombres Rosa --apellido-paterno Ejemplo --nacio 1990-05-14 --otra-que 482011588

      Con --json, la respuesta del servidor tal como la define el contrato (ventanilla/v1/proxies.proto). Es del personal.
      """)

  @Option(help: ArgumentHelp("Sus nombres.", valueName: "nombres"))
  var nombres: String

  @Option(help: ArgumentHelp("Primer apellido.", valueName: "apellido"))
  var apellidoPaterno: String

  @Option(help: ArgumentHelp("Segundo apellido; sin él, ninguno.", valueName: "apellido"))
  var apellidoMaterno: String?

  @Option(help: ArgumentHelp("Fecha en que nació.", valueName: "fecha"), transform: { try AgendaText.date($0) })
  var nacio: CivilDate

  @Option(help: ArgumentHelp("Teléfono de 10 dígitos.", valueName: "teléfono"))
  var telefono: String?

  @Option(help: ArgumentHelp("Código de su lengua: es, nah.", valueName: "lengua"))
  var lengua: String?

  @Option(help: ArgumentHelp("Es otra persona que la que tiene este número; se puede repetir.", valueName: "número"))
  var otraQue: [String] = []

  @Option(help: ArgumentHelp("Por qué lo hace el personal.", valueName: "motivo"))
  var motivo: Motivo = .rutina

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func run() async throws {
    let id = request.identifier()
    let register = Wire.RegisterPersonRequest(
      givenName: nombres, firstSurname: apellidoPaterno, secondSurname: apellidoMaterno ?? "", birthDate: nacio.description,
      phone: telefono ?? "", language: lengua ?? "", staffReason: motivo.wire, otherThan: otraQue)
    let reply = try await global.withServer { client in
      try await Failure.of(writing: id) { () throws(RPCError) in
        try await ProxiesClient(client).registerPerson(register, options: global.callOptions.writing(id))
      }
    }
    if global.json { return try Output.standard.json(reply) }
    Output.standard.text(reply.text.printable)
  }
}

/// `kioskctl persona unir`.
struct UnirPersonaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unir",
    abstract: "Une a una persona registrada sin NSS con el renglón que el padrón le dio después: sus citas y sus series se quedan.",
    discussion: """
      El renglón del padrón lleva los mismos nombres y la misma fecha de nacimiento. Desde entonces vale el número del padrón.

      Con --json, la respuesta del servidor tal como la define el contrato (ventanilla/v1/proxies.proto). Es del personal.
      """)

  @Option(help: ArgumentHelp("El número con que se registró.", valueName: "número"))
  var registrada: String

  @Option(help: ArgumentHelp("El número de su renglón del padrón.", valueName: "número"))
  var padron: String

  @Option(help: ArgumentHelp("Por qué lo hace el personal.", valueName: "motivo"))
  var motivo: Motivo = .rutina

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func run() async throws {
    try await MergedPerson(of: registrada, with: padron, motivo).show(global, request)
  }
}

/// Two numbers of one person, made one: a newborn's or a registered person's, and their row of the padrón.
struct MergedPerson {
  private let merge: Wire.MergeNewbornRequest

  init(of registered: String, with padron: String, _ motivo: Motivo) {
    merge = Wire.MergeNewbornRequest(newbornNumber: registered, padronNumber: padron, staffReason: motivo.wire)
  }

  func show(_ global: GlobalOptions, _ request: RequestIDOption) async throws {
    let id = request.identifier()
    let reply = try await global.withServer { client in
      try await Failure.of(writing: id) { () throws(RPCError) in
        try await ProxiesClient(client).mergeNewborn(merge, options: global.callOptions.writing(id))
      }
    }
    if global.json { return try Output.standard.json(reply) }
    Output.standard.text(reply.text.printable)
  }
}
