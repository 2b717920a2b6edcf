import Synchronization
import TTRPCCore
import Testing
import VentanillaMessages

extension CallOptions {
  private static let last = Atomic<UInt64>(0)

  /// Options of a write with a request id of its own, or with the one given.
  static func write(_ id: String? = nil, timeout: Duration? = nil) -> CallOptions {
    let number = String(last.add(1, ordering: .relaxed).newValue)
    let fresh = String(repeating: "0", count: 32 - number.count) + number
    return CallOptions(timeout: timeout, metadata: ["request-id": id ?? fresh])
  }
}

/// A request id that a test names.
let someID = "000102030405060708090a0b0c0d0e0f"

/// The status that a call must end with.
func status(
  sourceLocation: SourceLocation = #_sourceLocation, of call: () async throws(RPCError) -> some Sendable
) async throws -> RPCError {
  do throws(RPCError) { _ = try await call() } catch { return error }
  Issue.record("the call was answered", sourceLocation: sourceLocation)
  throw Answered()
}

struct Answered: Error {}

extension RPCError {
  /// The contract's detail of a refused reservation.
  var refusal: Wire.Refusal? {
    details.lazy.compactMap { try? $0.decoded(as: Wire.Refusal.self) }.first
  }

  static let sessionEnded = RPCError(.unauthenticated, "Su sesión terminó. Identifíquese de nuevo, por favor.")
  static let notRecognised = RPCError(
    .unauthenticated, "Los datos no coinciden. Revise el número y la fecha de nacimiento, o pida ayuda en la ventanilla.")
  static let notForThisPerson = RPCError(
    .permissionDenied,
    "Usted no puede hacer citas para esta persona. Ella puede identificarse con su propia fecha de nacimiento, o darle permiso.")
}
