internal import ArgumentParser
internal import ClinicDomain
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl directorio …`: where people are cared for, of any institution, without the internet.
struct DirectorioCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "directorio",
    abstract: "Unidades de todas las instituciones, por CLUES, código postal y estado; y a dónde va quien no es de ninguna.",
    discussion: """
      Sale del archivo que nombra `directorio` en clinic.yaml: no necesita internet.

        kioskctl directorio buscar --codigo-postal 07300 --institucion issste
        kioskctl directorio buscar --clues DFSSA003961
        kioskctl directorio orientar --institucion ninguna --codigo-postal 55000
      """,
    subcommands: [BuscarUnidadesCommand.self, OrientarCommand.self, AnotarInstitucionCommand.self])
}

/// An institution, as it is typed.
enum Institucion: String, ExpressibleByArgument, CaseIterable {
  case imss
  case imssBienestar = "imss-bienestar"
  case issste, pemex, sedena, semar, ninguna

  var wire: Wire.Institution {
    // All words but one are the clinic's own.
    (Institution(rawValue: rawValue) ?? .none).wire
  }
}

struct BuscarUnidadesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "buscar", abstract: "Unidades, la más cercana primero: la que comparte más dígitos del código postal.",
    discussion: "Con --json: el mensaje FindUnitsResponse del contrato.")

  enum Atiende: String, ExpressibleByArgument, CaseIterable {
    case urgencias
    case medicina, partos, vacunas, hospital

    var wire: Wire.UnitCare {
      switch self {
      case .urgencias: .urgencias
      case .medicina: .familyMedicine
      case .partos: .childbirth
      case .vacunas: .vaccination
      case .hospital: .hospital
      }
    }
  }

  @Option(help: ArgumentHelp("Sólo esta unidad.", valueName: "clues")) var clues = ""
  @Option(help: ArgumentHelp("Desde dónde; sin él, desde la clínica.", valueName: "cp")) var codigoPostal = ""
  @Option(help: ArgumentHelp("Las dos letras del estado, como en la CLUES: DF.", valueName: "estado")) var estado = ""
  @Option(help: ArgumentHelp("imss, imss-bienestar, issste, pemex, sedena, semar o ninguna.", valueName: "institución")) var institucion: Institucion?
  @Option(help: ArgumentHelp("Lo que debe dar; se puede repetir: urgencias, medicina, partos, vacunas, hospital.", valueName: "qué")) var atiende: [Atiende] = []
  @Option(help: ArgumentHelp("Cuántas a lo más, de 1 a 50.", valueName: "n")) var limite: Int32 = 3
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func run() async throws {
    let query = Wire.FindUnitsRequest(
      clues: clues, postalCode: codigoPostal, state: estado, institution: institucion?.wire ?? .unspecified, care: atiende.map(\.wire),
      limit: limite)
    let reply = try await global.withServer { client in
      try await Failure.of { () throws(RPCError) in try await DirectoryClient(client).findUnits(query, options: global.callOptions) }
    }
    let output = Output.standard
    if global.json { return try output.json(reply) }
    guard !reply.units.isEmpty else { return output.text("Ninguna unidad del directorio es así. Busque sin estado o sin --atiende.") }
    for unit in reply.units { output.text("\(unit.clues)  \(unit.text.printable)") }
  }
}

struct OrientarCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "orientar", abstract: "A dónde va una persona, sea de la institución que sea o de ninguna. Primero Urgencias.",
    discussion: "No se identifica a nadie, y la respuesta nunca está vacía. Con --json: el mensaje OrientResponse del contrato.")

  @Option(help: ArgumentHelp("imss, imss-bienestar, issste, pemex, sedena, semar o ninguna; sin ella, no se sabe.", valueName: "institución")) var institucion: Institucion?
  @Option(help: ArgumentHelp("Desde dónde; sin él, desde la clínica.", valueName: "cp")) var codigoPostal = ""
  @Option(help: ArgumentHelp("Lo que dio el lector al pasar la credencial del Servicio Universal de Salud; no se guarda.", valueName: "texto")) var credencial = ""
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func run() async throws {
    let request = Wire.OrientRequest(
      institution: institucion?.wire ?? .unspecified, postalCode: codigoPostal, credential: credencial)
    let reply = try await global.withServer { client in
      try await Failure.of { () throws(RPCError) in try await DirectoryClient(client).orient(request, options: global.callOptions) }
    }
    let output = Output.standard
    if global.json { return try output.json(reply) }
    for step in reply.steps { output.text("- \(step.text.printable)") }
  }
}

struct AnotarInstitucionCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "anotar", abstract: "Anota de qué institución es una persona, como ella lo dice. No da ni quita derechos.",
    discussion: "Ejemplo:\n  kioskctl directorio anotar --institucion issste --numero 482011570 --nacimiento 1985-04-30")

  @Option(help: ArgumentHelp("imss, imss-bienestar, issste, pemex, sedena, semar o ninguna.", valueName: "institución")) var institucion: Institucion
  @OptionGroup(title: "Quién") var identity: IdentityOptions
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func validate() throws { _ = try identity.required() }

  func run() async throws {
    let id = request.identifier()
    let reply = try await PatientSession.with(identity, global) { session, client, options in
      let set = Wire.SetInstitutionRequest(sessionToken: session.token, person: session.person, institution: institucion.wire)
      return try await Failure.of(writing: id) { () throws(RPCError) in
        try await CareClient(client).setInstitution(set, options: options.writing(id))
      }
    }
    if global.json { return try Output.standard.json(reply) }
    Output.standard.text("Anotado.")
  }
}
