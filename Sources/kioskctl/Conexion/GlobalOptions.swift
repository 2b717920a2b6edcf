internal import ArgumentParser
internal import Foundation
internal import KioskClient
internal import NIOPosix
internal import TTRPCCore
internal import TTRPCNIO

/// What every command that calls the server takes.
struct GlobalOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Dónde está el servidor: la ruta de un socket o equipo:puerto. Repita la opción para dar otros, el preferido primero. También: \
      VENTANILLA_SERVIDOR, separados por comas.
      """,
      valueName: "dirección"),
    transform: { try TTRPCAddress.argument($0) })
  var servidor: [TTRPCAddress] = []

  @OptionGroup var tls: TLSOptions

  @Flag(help: "Escribe JSON en lugar de texto; las claves no cambian.")
  var json = false

  @Option(help: ArgumentHelp("Cuántos segundos esperar cada respuesta.", valueName: "segundos"))
  var espera: Double = 10

  @Flag(
    help: """
      Escribe en la salida de errores cada llamada que termina: su traza (la que viaja como traceparent), su estado, cuánto tardó y sus \
      intentos. Lo que se sigue con --seguir no se escribe.
      """)
  var traza = false

  func validate() throws {
    guard espera > 0, espera <= 86_400 else { throw ValidationError("--espera: escriba segundos, más de 0 y hasta 86400.") }
  }

  /// The staff's door of kiosk-config/server.yaml.
  static let defaultSocket = ".ventanilla/personal.sock"
  static let defaultPort = 24820

  /// `--servidor`, else the environment's, else the socket of `make run` where there is one, else its port; the preferred first.
  func addresses(
    environment: [String: String] = ProcessInfo.processInfo.environment,
    socketExists: Bool = FileManager.default.fileExists(atPath: defaultSocket)
  ) throws -> [TTRPCAddress] {
    if !servidor.isEmpty { return servidor }
    if let text = environment["VENTANILLA_SERVIDOR"], !text.isEmpty {
      return try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
        do { return try TTRPCAddress(typed: String(part)) } catch { throw ValidationError("VENTANILLA_SERVIDOR: \(error).") }
      }
    }
    return [socketExists ? .unix(path: Self.defaultSocket) : .tcp(host: "127.0.0.1", port: Self.defaultPort)]
  }

  /// How each call is made.
  var callOptions: CallOptions { CallOptions(timeout: .milliseconds(Int64(espera * 1000))) }

  /// What a command says of itself that keeps its connection for longer than one call.
  static let introduction = ClientIntroduction(name: "kioskctl", version: "1.0")

  /// Opens a way to the server for `body` and closes it afterwards, whatever becomes of it.
  func withServer<Value>(_ body: (any RPCTransport) async throws -> Value) async throws -> Value {
    try await withClient { client in
      try await body(traza ? client.traced(by: SpanPrinter { Output.standard.error($0) }) : client)
    }
  }

  /// As ``withServer(_:)``, for who follows what the connection itself has to say.
  func withClient<Value>(
    _ options: KioskClientOptions = KioskClientOptions(), _ body: (KioskClient) async throws -> Value
  ) async throws -> Value {
    let addresses = try addresses()
    var options = options
    options.tls = try tls.tls(for: addresses)
    let client = KioskClient(addresses, group: MultiThreadedEventLoopGroup.singleton, options: options)
    do {
      let value = try await body(client)
      await client.close()
      return value
    } catch {
      await client.close()
      throw error
    }
  }
}

extension TTRPCAddress {
  fileprivate static func argument(_ text: String) throws -> TTRPCAddress {
    do { return try TTRPCAddress(typed: text) } catch { throw ValidationError("\(error)") }
  }
}
