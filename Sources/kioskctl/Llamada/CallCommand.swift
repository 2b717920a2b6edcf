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
      mensaje y sus detalles, por la de error (con --json también como objeto por la estándar).

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
    output.json(try await call(row))
  }

  private func call(_ row: MethodRow) async throws -> JSONValue {
    let payload = try row.payload(json: try MessageSource(typed: message).text())
    var options = global.callOptions
    options.metadata = Metadata(meta)
    var repeating: String?
    if row.descriptor.writes {
      let id = options.metadata.first(RequestIdentifier.metadataKey) ?? RequestIdentifier().description
      if options.metadata.first(RequestIdentifier.metadataKey) == nil { options = options.writing(id) }
      repeating = "la misma orden con --meta \(RequestIdentifier.metadataKey)=\(id)"
    }
    let (final, again) = (options, repeating)
    let reply = try await global.withServer { client in
      try await Failure.of(repeating: again) { () throws(RPCError) in
        try await client.unary(row.descriptor, payload: payload, options: final)
      }
    }
    do { return try row.output.json(reply) } catch {
      throw Failure(.fault, "La respuesta no se entiende: \(error.describe("reply"))", next: "Quizá el servidor es de otra versión.")
    }
  }
}

extension MethodRow {
  /// The bytes of a request.
  ///
  /// - Throws: ``Failure`` that says where the JSON is wrong and how to see the fields.
  func payload(json text: String) throws(Failure) -> [UInt8] {
    do { return try input.encoded(json: text) } catch {
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
