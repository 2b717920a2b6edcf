internal import ArgumentParser
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl call`: any method of the contract, with JSON in and out.
struct CallCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "call",
    abstract: "Llama a un método del contrato con JSON, como grpcurl en gRPC.",
    discussion: """
      El método se escribe SERVICIO/MÉTODO, sin el paquete si se quiere. El JSON va como argumento, en la entrada estándar \
      (-) o en un archivo (@archivo). La respuesta sale en JSON por la salida estándar; un estado de error, con su código, su \
      mensaje y sus detalles, por la de error (con --json también como objeto por la estándar; si el estado es del protocolo, \
      wire lleva sus palabras como viajaron).

      A un método que recibe varios mensajes se le dan uno tras otro, por ejemplo uno por renglón; el texto entero se lee \
      antes de llamar. De uno que contesta varios, cada respuesta sale en cuanto llega, con --json en un solo renglón.

      Ejemplos:
        kioskctl call --lista
        kioskctl call --describe Appointments/Find
        kioskctl call Appointments/Find '{"service": "medicina_familiar", "limit": 3}'
        kioskctl call Patients/Identify @quien.json
        kioskctl call Appointments/Hold - --meta request-id=00112233445566778899aabbccddeeff
      """)

  @Argument(help: ArgumentHelp("SERVICIO/MÉTODO, como Appointments/Find.", valueName: "método"))
  var method: String?

  @Argument(help: ArgumentHelp("El mensaje en JSON, - o @archivo; sin él, {}.", valueName: "json"))
  var message: String?

  @Option(
    help: ArgumentHelp("Un metadato de la llamada; se puede repetir.", valueName: "clave=valor"),
    transform: { try MetadataText.pair($0) })
  var meta: [Metadata.Pair] = []

  @Flag(help: "Lista los métodos, y quién puede llamarlos.")
  var lista = false

  @Flag(help: "Muestra los campos de lo que pide y contesta el método.")
  var describe = false

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func validate() throws {
    if lista {
      guard method == nil, !describe else { throw ValidationError("--lista no lleva método.") }
      return
    }
    guard method != nil else {
      throw ValidationError("Falta el método, como Appointments/Find. Todos: kioskctl call --lista")
    }
    guard !describe || message == nil else { throw ValidationError("--describe no lleva mensaje.") }
  }

  func run() async throws {
    let output = Output.standard
    if lista { return MethodCatalogue.show(on: output, json: global.json) }
    let row = try MethodCatalogue.row(named: method ?? "")
    if describe { return row.show(on: output, json: global.json) }
    try await call(row, output)
  }

  private func call(_ row: MethodRow, _ output: Output) async throws {
    let messages = try row.messages(json: try MessageSource(typed: message).text())
    var options = global.callOptions
    options.metadata = Metadata(meta)
    var repeating: String?
    if row.descriptor.writes {
      let id = options.metadata.first(RequestIdentifier.metadataKey) ?? RequestIdentifier().description
      if options.metadata.first(RequestIdentifier.metadataKey) == nil { options = options.writing(id) }
      repeating = "la misma orden con --meta \(RequestIdentifier.metadataKey)=\(id)"
    }
    let (final, again) = (options, repeating)
    let asJSON = global.json
    try await global.withServer { client in
      try await row.call(messages, over: client, final, repeating: again) { reply in
        // One line each, so that a program reads them as they come.
        if asJSON && row.repliesStream { output.text(reply.text(pretty: false)) } else { output.json(reply) }
      }
    }
  }
}

extension MethodRow {
  var requestsStream: Bool { descriptor.kind == .clientStreaming || descriptor.kind == .bidirectional }
  var repliesStream: Bool { descriptor.kind == .serverStreaming || descriptor.kind == .bidirectional }

  /// The bytes of each request; exactly one for a method that takes one.
  ///
  /// - Throws: ``Failure`` that says where the JSON is wrong and how to see the fields.
  func messages(json text: String) throws(Failure) -> [[UInt8]] {
    do { return requestsStream ? try input.encodedSequence(json: text) : [try input.encoded(json: text)] } catch {
      let sentence = "\(error)"
      throw Failure(
        .usage, sentence.hasSuffix("?") ? sentence : sentence + ".",
        next: "Los campos de \(shortName): kioskctl call --describe \(shortName)")
    }
  }
}

enum MetadataText {
  static func pair(_ text: String) throws -> Metadata.Pair {
    guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
      throw ValidationError("escriba clave=valor")
    }
    return Metadata.Pair(key: String(text[..<equals]), value: String(text[text.index(after: equals)...]))
  }
}
