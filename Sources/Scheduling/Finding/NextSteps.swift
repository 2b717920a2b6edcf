package import ClinicDomain

extension CommandRefusal {
  /// Which of the clinic's occasions a refusal is.
  package var stepOccasion: StepOccasion {
    switch self {
    case .rightsEndBefore: .noRights
    case .caredElsewhere: .other
    case .limitReached, .householdLimitReached: .limitReached
    case .holdExpired, .slotInThePast, .beyondHorizon, .notReleased, .closed, .notOnGrid, .externalAgenda, .notAccessible, .notTogether, .personBusy,
      .turnoFull, .quotaSpent, .slotOffered, .slotTaken, .companionTaken, .homeVisit: .noSlot
    case .notAllowed, .appointmentNotFound, .wrongState, .offerOver, .series, .nothingToUndo, .notLive, .tooEarly, .serviceNotOffered,
      .resourceNotOffered, .telephone, .promoter: .other
    }
  }
}

extension Clinic {
  /// What can be done instead, in the order in which it is worth trying. Never empty.
  ///
  /// The clinic's own steps for the occasion; when it has none, its steps for any occasion (``StepOccasion/other``); when it has
  /// none either, the one step that every clinic has: a person at the counter. Without rights, then also where they are cared for free of
  /// charge and how they get the credential for it.
  package func nextSteps(for occasion: StepOccasion) -> [NextStep] {
    let referral = occasion == .noRights ? freeCare?.steps ?? [] : []
    for steps in [guidance[occasion], guidance[.other]] {
      if let steps, !steps.isEmpty { return steps + referral }
    }
    return referral.isEmpty ? [.counter] : referral
  }

  package func nextSteps(for refusal: CommandRefusal) -> [NextStep] {
    let steps = nextSteps(for: refusal.stepOccasion)
    // Where they are cared for now is the first thing that somebody must hear who is handed over.
    if case .caredElsewhere(let elsewhere) = refusal { return [elsewhere.step] + steps }
    return steps
  }
}

extension NextStep {
  /// What is always there.
  package static let counter = NextStep(
    code: "asistente_medica",
    text: "Acuda a la ventanilla o con la asistente médica de su consultorio: hoy mismo le dirán qué se puede hacer.")
}
