import ClinicDomain
import Scheduling
import TTRPCCore
import VentanillaMessages

extension Counter {
  /// The status of a refused reservation, with what the person can do instead as data.
  ///
  /// Runs after the decision, on the index snapshot: the writer never searches.
  func refused(
    _ refusal: CommandRefusal, for patient: Patient?, asked: (service: ServiceCode, choice: SlotChoice)?,
    channel: Channel
  ) -> RPCError {
    guard let reason = Wire.RefusalReason(refusal) else { return Self.notForThisPerson }
    var slots: [FoundSlot] = []
    if let patient, let asked, refusal.mayBeMetElsewhere {
      slots = store.snapshot.alternatives(
        to: asked.choice, service: asked.service, for: PersonView(patient), channel: channel,
        rules: rules, at: clock.now())
    }
    let text = rules.refusalText(refusal)
    let detail = Wire.Refusal(
      reason: reason, text: text, alternatives: slots.map(rules.wireSlot),
      steps: rules.nextSteps(for: refusal).map { Wire.NextStep(code: $0.code, text: $0.text) })
    return RPCError(
      refusal == .appointmentNotFound ? .notFound : .failedPrecondition, text,
      details: [StatusDetail(typeURL: "type.googleapis.com/\(Wire.Refusal.fullName)", value: detail.encoded())])
  }
}

extension RPCError {
  /// The status of a refusal outside the agenda, where only the actor's right can be missing.
  init(_ refusal: CommandRefusal) {
    switch refusal {
    case .notAllowed: self = Counter.notForThisPerson
    default: self.init(.failedPrecondition, "La solicitud no se pudo cumplir. Pida ayuda en la ventanilla.")
    }
  }
}
