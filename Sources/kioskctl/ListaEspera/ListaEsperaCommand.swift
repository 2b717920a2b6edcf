internal import ArgumentParser
internal import ClinicDomain
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl lista-espera …`: who waits for what others leave.
struct ListaEsperaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lista-espera",
    abstract: "Entra a la lista de espera, contesta ofertas y muestra qué pasó con los lugares que se libraron.",
    discussion: """
      Un lugar que alguien deja se ofrece a quienes esperan, en su orden; es de quien lo acepte primero, y nadie pierde su turno por decir \
      que no o por no contestar. Lo que nadie toma es de quien llegue hoy sin cita.

        kioskctl lista-espera entrar --numero 482011570 --nacimiento 1985-04-30 \\
          --servicio medicina_familiar --hasta 2026-12-04 --turno matutino
        kioskctl lista-espera ofertas --numero 482011570 --nacimiento 1985-04-30
        kioskctl lista-espera contestar 7 si --numero 482011570 \\
          --nacimiento 1985-04-30
        kioskctl lista-espera dia
        kioskctl lista-espera tomar 482011570363 --numero 482011570 --nacimiento 1985-04-30

      Con --json, la respuesta del servidor tal como la define el contrato (ventanilla/v1/waitlist.proto).
      """,
    subcommands: [
      EntrarCommand.self, SalirCommand.self, MiLugarCommand.self, OfertasCommand.self, ContestarCommand.self, DiaCommand.self, TomarCommand.self,
    ])
}

extension Output {
  /// A message of the contract as the contract's JSON.
  func json<Message: WireMessage>(_ message: Message) throws {
    json(try Message.messageType.json(Encoded(message).bytes))
  }
}

/// `kioskctl lista-espera entrar`.
struct EntrarCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "entrar", abstract: "Pone a una persona al final de la lista de espera.")

  /// How the person hears of an offer, as it is typed.
  enum Aviso: String, ExpressibleByArgument, CaseIterable {
    case enPersona = "en-persona"
    case llamada

    var wire: Wire.WaitlistReach {
      switch self {
      case .enPersona: .inPerson
      case .llamada: .phone
      }
    }
  }

  @OptionGroup(title: "Quién") var identity: IdentityOptions

  @Option(help: ArgumentHelp("Código del servicio; se puede repetir la opción.", valueName: "código"))
  var servicio: [String]

  @Option(help: ArgumentHelp("Desde esta fecha; sin ella, hoy.", valueName: "fecha"), transform: { try AgendaText.date($0) })
  var desde: CivilDate?

  @Option(help: ArgumentHelp("Hasta esta fecha; sin ella, la última de la agenda.", valueName: "fecha"), transform: { try AgendaText.date($0) })
  var hasta: CivilDate?

  @Option(help: ArgumentHelp("Cada día, desde esta hora: 09:00.", valueName: "hora"), transform: { try AgendaText.minute($0) })
  var desdeHora: AgendaMinute?

  @Option(help: ArgumentHelp("Cada día, hasta esta hora: 13:00.", valueName: "hora"), transform: { try AgendaText.minute($0) })
  var hastaHora: AgendaMinute?

  @Option(help: ArgumentHelp("Solo este turno.", valueName: "turno"))
  var turno: String?

  @Option(help: ArgumentHelp("Cómo se le avisa: en-persona o llamada.", valueName: "aviso"))
  var aviso: Aviso = .enPersona

  @Option(
    help: ArgumentHelp("Folio de la cita que entrega cuando acepte otra.", valueName: "folio"), transform: { try FolioText.checked($0) })
  var cambia: Folio?

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func validate() throws { _ = try identity.required() }

  func run() async throws {
    let id = request.identifier()
    let reply = try await PatientSession.with(identity, global) { session, client, options in
      let join = Wire.JoinRequest(
        sessionToken: session.token, person: session.person, services: servicio, firstDate: desde?.description ?? "",
        lastDate: hasta?.description ?? "", earliestMinute: Int32(desdeHora?.minutes ?? 0), latestMinute: Int32(hastaHora?.minutes ?? 0),
        turno: turno ?? "", reach: aviso.wire, replacesFolio: cambia?.description ?? "")
      return try await Failure.of(writing: id) { () throws(RPCError) in
        try await WaitlistClient(client).join(join, options: options.writing(id))
      }
    }
    if global.json { return try Output.standard.json(reply) }
    guard let entry = reply.entry else { return }
    Output.standard.lines(["Número \(entry.id)", entry.text])
  }
}

/// `kioskctl lista-espera salir`.
struct SalirCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "salir", abstract: "Quita a una persona de la lista de espera.")

  @Argument(help: ArgumentHelp("Número que dio `entrar`; `lista-espera lugar` lo muestra.", valueName: "número"))
  var numeroDeLista: Int64

  @OptionGroup(title: "Quién") var identity: IdentityOptions
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func validate() throws { _ = try identity.required() }

  func run() async throws {
    let id = request.identifier()
    let reply = try await PatientSession.with(identity, global) { session, client, options in
      try await Failure.of(writing: id) { () throws(RPCError) in
        try await WaitlistClient(client).leave(
          Wire.LeaveRequest(sessionToken: session.token, entry: numeroDeLista), options: options.writing(id))
      }
    }
    if global.json { return try Output.standard.json(reply) }
    Output.standard.text(reply.text)
  }
}

/// `kioskctl lista-espera lugar`.
struct MiLugarCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "lugar", abstract: "Dice qué lugar tiene una persona en la lista.")

  @OptionGroup(title: "Quién") var identity: IdentityOptions
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func validate() throws { _ = try identity.required() }

  func run() async throws {
    let reply = try await PatientSession.with(identity, global) { session, client, options in
      try await Failure.of { () throws(RPCError) in
        try await WaitlistClient(client).listMine(.init(sessionToken: session.token, person: session.person), options: options)
      }
    }
    if global.json { return try Output.standard.json(reply) }
    guard !reply.entries.isEmpty else { return Output.standard.text("No está en la lista de espera. Entre con `lista-espera entrar`.") }
    for entry in reply.entries { Output.standard.lines(["Número \(entry.id)", entry.text]) }
  }
}

/// `kioskctl lista-espera ofertas`.
struct OfertasCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "ofertas", abstract: "Muestra los lugares que se ofrecen ahora a una persona.")

  @OptionGroup(title: "Quién") var identity: IdentityOptions
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func validate() throws { _ = try identity.required() }

  func run() async throws {
    let reply = try await PatientSession.with(identity, global) { session, client, options in
      try await Failure.of { () throws(RPCError) in
        try await WaitlistClient(client).listOffers(.init(sessionToken: session.token, person: session.person), options: options)
      }
    }
    if global.json { return try Output.standard.json(reply) }
    guard !reply.offers.isEmpty else { return Output.standard.text("Ahora no hay ningún lugar ofrecido. Su lugar en la lista sigue igual.") }
    for offer in reply.offers { Output.standard.lines(["Oferta \(offer.id)", offer.text]) }
  }
}

/// `kioskctl lista-espera contestar`.
struct ContestarCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "contestar", abstract: "Acepta un lugar ofrecido, o dice que no.")

  enum Respuesta: String, ExpressibleByArgument, CaseIterable {
    case si, no
  }

  @Argument(help: ArgumentHelp("Número de la oferta; `lista-espera ofertas` lo muestra.", valueName: "oferta"))
  var oferta: Int64

  @Argument(help: ArgumentHelp("si o no.", valueName: "respuesta"))
  var respuesta: Respuesta

  @OptionGroup(title: "Quién") var identity: IdentityOptions
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func validate() throws { _ = try identity.required() }

  func run() async throws {
    let id = request.identifier()
    let reply = try await PatientSession.with(identity, global) { session, client, options in
      try await Failure.of(writing: id) { () throws(RPCError) in
        try await WaitlistClient(client).answerOffer(
          Wire.AnswerOfferRequest(sessionToken: session.token, offer: oferta, accept: respuesta == .si), options: options.writing(id))
      }
    }
    if global.json { return try Output.standard.json(reply) }
    if let appointment = reply.appointment { Output.standard.lines(appointment.lines(Output.standard.style)) } else { Output.standard.text(reply.text) }
  }
}

/// `kioskctl lista-espera dia`, for staff.
struct DiaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dia", abstract: "Para el personal: qué se libró en un día, qué pasó con ello y qué agendas están cerradas.")

  @Argument(help: ArgumentHelp("Fecha; sin ella, hoy.", valueName: "fecha"), transform: { try AgendaText.date($0) })
  var fecha: CivilDate?

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func run() async throws {
    try await global.withServer { client in
      let reply = try await Failure.of { () throws(RPCError) in
        try await WaitlistClient(client).listDay(.init(date: fecha?.description ?? ""), options: global.callOptions)
      }
      if global.json { return try Output.standard.json(reply) }
      Output.standard.lines(reply.lines(Output.standard.style))
    }
  }
}

extension Wire.ListDayResponse {
  /// What staff read: places, who waits, what is closed.
  func lines(_ style: TerminalStyle) -> [String] {
    var lines: [String] = []
    if places.isEmpty { lines.append("Ese día no se ha librado ningún lugar.") } else {
      lines += TextTable(
        [.init("Lugar", alignedRight: true), .init("Cuándo y dónde"), .init("Preguntados", alignedRight: true), .init("Qué pasó")],
        rows: places.map { ["\($0.id)", $0.slot?.display ?? "", "\($0.asked)", $0.text] }
      ).lines(style)
    }
    lines.append(waiting == 1 ? "Una persona espera un lugar de ese día." : "\(waiting) personas esperan un lugar de ese día.")
    lines += closures.map { closure in
      let hours = closure.endMinute >= 1440 && closure.startMinute == 0
        ? "todo el día" : "de \(AgendaMinute(minutes: Int(closure.startMinute))?.description ?? "") a \(AgendaMinute(minutes: Int(closure.endMinute))?.description ?? "")"
      return "Cierre \(closure.id): \(closure.resource), \(hours)."
    }
    if !toBeMoved.isEmpty { lines.append("Faltan por mover, en este orden: \(toBeMoved.joined(separator: ", ")).") }
    return lines
  }
}
