internal import ClinicDomain
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

extension WaitlistHandlers {
  /// Takes back the caller's own closure, for two minutes.
  package func undoClose(
    _ request: Wire.UndoCloseRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.UndoCloseResponse> {
    guard request.closure > 0 else { throw .field("closure", "falta el número del cierre") }
    let actor = try counter.staff(request.reason, context)
    let (rules, today) = (counter.rules, counter.today)
    return try await counter.undo(
      UndoForMany(actor: actor, what: .closure(request.closure)), context, missing: "No hay ningún cierre con ese número."
    ) { done in
      Wire.UndoCloseResponse(
        closures: done.blocks.map(Wire.AgendaClosure.init), back: done.wireBack(rules), kept: done.wireKept(rules, today: today),
        text: "La agenda está abierta otra vez. \(done.appointmentsText)")
    }
  }
}
