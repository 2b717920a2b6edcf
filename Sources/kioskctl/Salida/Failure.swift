internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// Why a command ends without what was asked: the lines for a person, the object for a program, the exit status.
struct Failure: Error {
  let status: CommandStatus
  /// Written with the style of standard error.
  let lines: @Sendable (TerminalStyle) -> [String]
  /// What `--json` prints on standard output, under the key `error`.
  let json: JSONValue

  init(_ status: CommandStatus, _ text: String, next: String? = nil) {
    self.status = status
    lines = { _ in [text] + (next.map { [$0] } ?? []) }
    json = .object([
      .init("code", .string("\(status)")), .init("message", .string(text)), .init("refusal", .null),
    ])
  }

  /// A status from the server or from the connection to it.
  ///
  /// - Parameters:
  ///   - repeating: how to say the same again without doing it twice, for a write whose outcome is not known.
  ///   - status: where it means something else than usually.
  init(_ error: RPCError, repeating: String? = nil, as status: CommandStatus? = nil) {
    self.status = status ?? CommandStatus(error.code)
    let refusal = error.refusal
    let isUnknown = [.unavailable, .deadlineExceeded, .internal, .unknown].contains(error.code)
    lines = { style in
      var lines = refusal?.lines(style) ?? ["\(Self.headline(of: error)) \(style.dim("(\(error.code.name))"))"]
      if let next = Self.advice(for: error.code), refusal == nil { lines.append(next) }
      if isUnknown, let repeating { lines.append("No se sabe si quedó hecho. Para repetirlo sin duplicar: \(repeating)") }
      return lines
    }
    json = .object([
      .init("code", .string(error.code.name)), .init("message", .string(error.message)),
      .init("refusal", refusal?.json ?? .null),
    ])
  }

  /// The server's sentence; in Spanish where the protocol's own words are English.
  private static func headline(of error: RPCError) -> String {
    switch error.code {
    case .deadlineExceeded: "El servidor no contestó a tiempo."
    case .permissionDenied where error.message.hasPrefix("this caller's role"):
      "Por esta entrada del servidor no se permite esa llamada: el personal usa su socket, los kioscos el puerto TCP."
    default: error.message.printable
    }
  }

  /// What to try next, where the server's own message does not say it.
  private static func advice(for code: StatusCode) -> String? {
    switch code {
    case .deadlineExceeded: "Dé más tiempo con --espera, o revise cómo está: kioskctl call Operations/GetStatus"
    case .resourceExhausted: "Espere un momento e intente de nuevo."
    case .unavailable: "Inícielo con `make run` o indique dónde está con --servidor."
    case .unimplemented: "El servidor no tiene ese método; quizá es de otra versión. Vea los de esta con: kioskctl call --lista"
    case .internal, .unknown, .dataLoss: "Es una falla del servidor: revise su registro."
    default: nil
    }
  }
}

extension Failure {
  /// Runs a call; its status becomes a failure.
  static func of<Value>(
    repeating: String? = nil, _ call: () async throws(RPCError) -> Value
  ) async throws(Failure) -> Value {
    do { return try await call() } catch { throw Failure(error, repeating: repeating) }
  }
}
