internal import ClinicDomain
internal import Scheduling
internal import TTRPCCore
internal import VentanillaMessages

extension Counter {
  /// Takes back what somebody of the clinic did to many people.
  ///
  /// - Parameter missing: the sentence for what there is not.
  func undo<Reply>(
    _ undo: UndoForMany, _ context: CallContext, missing: String? = nil, reply: @escaping @Sendable (UndoneForMany) -> Reply
  ) async throws(RPCError) -> Encoded<Reply> {
    try await write(
      .undoForMany(undo), context,
      encode: { outcome in
        guard case .undone(let done) = outcome else { preconditionFailure("taken back without saying what") }
        return Encoded(reply(done)).bytes
      },
      refused: { refusal, wish in
        refused(refusal, wish: wish, text: refusal == .appointmentNotFound ? missing : nil)
      })
  }
}

extension UndoneForMany {
  func wireBack(_ rules: ClinicRules) -> [Wire.BroughtBack] {
    back.map { Wire.BroughtBack(folio: $0.folio.description, display: rules.displayText(of: $0.slot)) }
  }

  func wireKept(_ rules: ClinicRules, today: CivilDate) -> [Wire.NotBroughtBack] {
    kept.map { one in
      Wire.NotBroughtBack(
        folio: one.old.folio.description, newFolio: one.now?.folio.description ?? "", display: rules.displayText(of: (one.now ?? one.old).slot),
        text: one.text(rules, today: today))
    }
  }

  /// "12 citas quedaron como estaban. 2 no se pudieron devolver: vea por qué y qué más se puede hacer."
  var appointmentsText: String {
    guard !back.isEmpty || !kept.isEmpty else { return "Ninguna cita había cambiado." }
    var sentences = ["\(back.count.counted("cita quedó como estaba", "citas quedaron como estaban"))."]
    if !kept.isEmpty {
      sentences.append("\(kept.count.counted("no se pudo devolver", "no se pudieron devolver")): vea por qué y qué más se puede hacer.")
    }
    return sentences.joined(separator: " ")
  }
}

extension KeptAppointment {
  fileprivate func text(_ rules: ClinicRules, today: CivilDate) -> String {
    guard reason == .nothingToUndo else {
      return LifeCommand.Step.undo.refusalText(reason) ?? rules.refusalText(reason, today: today, offersSlots: false)
    }
    guard let now else { return "La persona dejó la lista de espera o tomó otro lugar. Pregúntele cuál prefiere y agéndelo." }
    guard now.status == .booked || now.isHere else { return "La persona ya canceló lo que se le dio. Pregúntele si quiere otra cita." }
    return "La persona ya sabe de la cita que tiene ahora, o ya hizo algo con ella: la conserva. Si prefiere la de antes y sigue libre, cámbiesela."
  }
}
