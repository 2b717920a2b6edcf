internal import KioskClient
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
    let (refusal, spanish) = (error.refusal, error.spanish)
    let isUnknown = [.unavailable, .deadlineExceeded, .internal, .unknown].contains(error.code)
    lines = { style in
      var lines = refusal?.lines(style) ?? ["\(spanish.sentence.printable) \(style.dim("(\(error.code.name))"))"]
      if let next = Self.advice(for: error) ?? spanish.next, refusal == nil { lines.append(next) }
      if isUnknown, let repeating { lines.append("No se sabe si quedó hecho. Para repetirlo sin duplicar: \(repeating)") }
      return lines
    }
    // The protocol's own words are for who writes programs.
    let wire: [JSONValue.Member] = error.message == spanish.sentence ? [] : [.init("wire", .string(error.message))]
    json = .object(
      [
        .init("code", .string(error.code.name)), .init("message", .string(spanish.sentence)),
        .init("refusal", refusal?.json ?? .null),
      ] + wire)
  }

  /// What to try next where kioskctl itself is the way to it.
  private static func advice(for error: RPCError) -> String? {
    switch error.code {
    case .deadlineExceeded: "Dé más tiempo con --espera, o revise cómo está: kioskctl call Operations/GetStatus"
    case .unavailable where error.message.hasPrefix("No se pudo conectar"): "Inícielo con `make run` o indique dónde está con --servidor."
    case .unimplemented: "Quizá es de otra versión. Vea los métodos de esta con: kioskctl call --lista"
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

  /// Runs a call that writes: when its outcome is not known, the same order with the same `--solicitud` is safe to repeat.
  static func of<Value>(
    writing request: String, _ call: () async throws(RPCError) -> Value
  ) async throws(Failure) -> Value {
    try await of(repeating: "la misma orden con --solicitud \(request)", call)
  }
}
