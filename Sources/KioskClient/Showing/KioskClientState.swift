package import TTRPCCore
package import TTRPCNIO

/// How a client stands with its server, for a screen.
package enum KioskClientState: Hashable, Sendable {
  /// Nothing was asked of it yet.
  case idle
  /// `attempt`: from 1, counted since there was a connection. `since`: since when there has been none.
  case connecting(since: ContinuousClock.Instant?, attempt: Int)
  case connected(TTRPCAddress)
  /// `nextTry`: `nil` when the next call is what it waits for.
  case away(since: ContinuousClock.Instant?, nextTry: ContinuousClock.Instant?, reason: RPCError)
  /// That server is going away, and the next one is being connected; calls in flight go on.
  case draining(TTRPCAddress)
  /// The last.
  case closed

  /// One sentence for whoever looks at the screen.
  package func sentence(at now: ContinuousClock.Instant) -> String {
    switch self {
    case .idle: return "Todavía no se ha conectado con el servidor."
    case .connecting(_, 1): return "Conectando con el servidor…"
    case .connecting(_, let attempt): return "Conectando con el servidor, intento \(attempt)…"
    case .connected(let address): return "Conectado con el servidor en \(address)."
    case .draining(let address): return "El servidor en \(address) se está cerrando; se busca otro."
    case .closed: return "La conexión se cerró."
    case .away(_, nil, let reason): return "\(reason.spanish.sentence) Se intentará de nuevo con la siguiente solicitud."
    case .away(_, let next?, let reason):
      let seconds = max(1, now.duration(to: next).components.seconds + 1)
      return "\(reason.spanish.sentence) Se intentará de nuevo en \(seconds) s."
    }
  }
}
