internal import ClinicDomain
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

extension TransfersHandlers {
  /// Takes back the caller's own changes to a doctor, for two minutes.
  package func undoChangeDoctor(
    _ request: Wire.UndoChangeDoctorRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.UndoChangeDoctorResponse> {
    let doctor = try doctor(request.toResource, request.toTurno, "to_resource", "to_turno")
    let actor = try counter.staff(request.reason, context)
    let (rules, today) = (counter.rules, counter.today)
    return try await counter.undo(UndoForMany(actor: actor, what: .change(to: doctor)), context) { done in
      var text = "\(done.people.counted("persona es", "personas son")) otra vez de quien \(done.people == 1 ? "era" : "eran"). \(done.appointmentsText)"
      if !done.stayed.isEmpty { text += " \(done.stayed.count.counted("persona cambió", "personas cambiaron")) otra vez desde entonces: se \(done.stayed.count == 1 ? "queda" : "quedan") como \(done.stayed.count == 1 ? "está" : "están")." }
      return Wire.UndoChangeDoctorResponse(
        back: done.wireBack(rules), kept: done.wireKept(rules, today: today), people: Int32(done.people), text: text)
    }
  }
}
