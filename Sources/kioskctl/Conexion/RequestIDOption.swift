internal import ArgumentParser
internal import KioskClient
internal import TTRPCCore

/// The request id of a write: made here, or typed by somebody who repeats a request.
struct RequestIDOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Repite la solicitud con este identificador: 32 dígitos hexadecimales. Lo mismo, dos veces, se hace una.",
      valueName: "hex"),
    transform: { try Self.checked($0) })
  var solicitud: String?

  /// The typed id, or a new one.
  func identifier() -> String { solicitud ?? RequestIdentifier().description }

  static func checked(_ text: String) throws -> String {
    guard text.utf8.count == 32, text.allSatisfy(\.isHexDigit) else {
      throw ValidationError("van 32 dígitos hexadecimales")
    }
    return text.lowercased()
  }
}

extension CallOptions {
  /// The same options with a request id.
  func writing(_ id: String) -> CallOptions {
    var options = self
    options.metadata.append(RequestIdentifier.metadataKey, id)
    return options
  }
}
