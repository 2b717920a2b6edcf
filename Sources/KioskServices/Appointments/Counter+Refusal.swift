internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
internal import TTRPCCore
internal import VentanillaMessages

extension Counter {
  /// The status of a refused reservation, with what the person can do instead as data.
  ///
  /// Runs after the decision, on the index snapshot: the writer never searches.
  ///
  /// - Parameters:
  ///   - wish: what free slots could help; `nil` when none could.
  ///   - code: the status, where it is not the refusal's own.
  ///   - text: the sentence for the person, where it is not the refusal's own.
  func refused(
    _ refusal: CommandRefusal, wish: SlotWish?, as code: StatusCode? = nil, text: String? = nil
  ) -> RPCError {
    // Who may not know more is looked for nothing.
    guard Wire.RefusalReason(refusal) != nil else { return Self.notForThisPerson }
    return refused(refusal, offering: wish.map { store.snapshot.alternatives(to: $0, at: now) } ?? [], as: code, text: text)
  }

  /// The same, where the other slots are found already.
  func refused(
    _ refusal: CommandRefusal, offering slots: [FoundSlot], as code: StatusCode? = nil, text: String? = nil
  ) -> RPCError {
    guard let reason = Wire.RefusalReason(refusal) else { return Self.notForThisPerson }
    let text = text ?? rules.refusalText(refusal, today: today, offersSlots: !slots.isEmpty)
    let detail = Wire.Refusal(
      reason: reason, text: text, alternatives: slots.map(rules.wireSlot),
      steps: rules.clinic.nextSteps(for: refusal).map(Wire.NextStep.init))
    return RPCError(
      code ?? (refusal == .appointmentNotFound ? .notFound : .failedPrecondition), text,
      details: [StatusDetail(typeURL: "type.googleapis.com/\(Wire.Refusal.fullName)", value: Encoded(detail).bytes)])
  }
}

extension Wire.NextStep {
  init(_ step: NextStep) {
    self.init(code: step.code, text: step.text, clues: step.clues?.description ?? "", fromDate: step.from?.description ?? "")
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
