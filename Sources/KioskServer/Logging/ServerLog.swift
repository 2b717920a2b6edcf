internal import Logging
internal import TTRPCCore
internal import TTRPCNIO

/// What is written about connections and calls: numbers, methods, codes and request ids. Nothing that came in a message.
struct ServerLog: ServerObserver {
  let logger: Logger

  func connectionOpened(_ caller: Caller, refusal: ConnectionRefusal?) {
    if let limit = refusal?.limit {
      logger.warning("conexión rechazada", metadata: ["conexion": "\(caller.connectionID)", "limite": "\(limit.rawValue)"])
    } else {
      logger.debug("conexión abierta", metadata: ["conexion": "\(caller.connectionID)"])
    }
  }

  /// A system user is a program of this machine, never a patient.
  func callerRefused(_ caller: Caller, _ refusal: ConnectionRefusal) {
    guard case .userNotListed(let user) = refusal else { return }
    logger.warning(
      "conexión rechazada",
      metadata: ["conexion": "\(caller.connectionID)", "motivo": "su usuario no está en usuarios", "usuario": "\(user)"])
  }

  func connectionClosed(_ caller: Caller) {
    logger.debug("conexión cerrada", metadata: ["conexion": "\(caller.connectionID)"])
  }

  func callEnded(_ call: EndedCall) {
    let level = Self.level(of: call)
    guard level >= logger.logLevel else { return }
    var metadata: Logger.Metadata = [
      "conexion": "\(call.caller.connectionID)", "metodo": "\(call.method.map { "\($0.service)/\($0.method)" } ?? "ninguno")",
      "estado": "\(call.code.name)", "ms": "\(Self.milliseconds(call.lasted))",
    ]
    if let id = call.requestID { metadata["solicitud"] = "\(id)" }
    logger.log(level: level, call.code == .ok ? "llamada lenta" : "llamada sin éxito", metadata: metadata)
  }

  /// What a server is to blame for is an error, what a limit or a deadline ended a warning, what the clinic refused is business. A watch
  /// has no other end than its server's or its reader's.
  private static func level(of call: EndedCall) -> Logger.Level {
    switch call.code {
    case .unavailable where call.method.map { $0.kind != .unary } ?? false: .debug
    case .internal, .unknown, .dataLoss: .error
    case .deadlineExceeded, .resourceExhausted, .unavailable: .warning
    case .ok: .notice
    case .cancelled, .invalidArgument, .notFound, .alreadyExists, .permissionDenied, .failedPrecondition, .aborted, .outOfRange,
      .unimplemented, .unauthenticated: .debug
    }
  }

  /// "12.3"
  private static func milliseconds(_ time: Duration) -> String {
    let tenths = Int((time / .microseconds(100)).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}
