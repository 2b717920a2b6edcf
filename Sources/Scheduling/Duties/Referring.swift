package import ClinicDomain

/// Refers a person to another unit.
package struct CreateReferral: Hashable, Sendable {
  package var actor: Actor
  package var patient: PatientID
  package var kind: Referral.Kind
  package var specialty: String
  package var destination: String
  package var folioSeed: UInt64

  package init(
    actor: Actor, patient: PatientID, kind: Referral.Kind, specialty: String, destination: String, folioSeed: UInt64
  ) {
    self.actor = actor
    self.patient = patient
    self.kind = kind
    self.specialty = specialty
    self.destination = destination
    self.folioSeed = folioSeed
  }
}

/// Has something happen to a referral but its return.
package struct AdvanceReferral: Hashable, Sendable {
  package enum Step: Hashable, Sendable {
    case dated(Referral.Meeting)
    case seen
    case cancelled
  }

  package var actor: Actor
  package var folio: Folio
  package var step: Step

  package init(actor: Actor, folio: Folio, step: Step) {
    self.actor = actor
    self.folio = folio
    self.step = step
  }

  var act: Act {
    switch step {
    case .dated: .dateReferral
    case .seen: .seeReferred
    case .cancelled: .cancelReferral
    }
  }

  private var event: Referral.Event {
    switch step {
    case .dated(let meeting): .dated(meeting)
    case .seen: .seen
    case .cancelled: .cancelled
    }
  }
}

extension CreateReferral {
  /// - Throws: `notAllowed` for anybody but staff, or a person nobody knows.
  package func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant, folio: Folio
  ) throws(CommandRefusal) -> Decision<DutyOutcome> {
    _ = try actor.checkStaff()
    guard let person = scope.patient else { throw .notAllowed }
    let referral = Referral(
      folio: folio, patient: person.id, kind: kind, specialty: specialty, destination: destination, createdAt: now,
      dateDueAt: now.adding(seconds: 60 * rules.clinic.duties.referralMinutes), changedAt: now)
    return Decision(DutyOutcome(referral: referral), [.duty(.referral(referral))])
  }
}

extension AdvanceReferral {
  /// With the event, the alerts that it answers are over.
  ///
  /// - Throws: `notAllowed` for anybody but staff, `appointmentNotFound`, `slotInThePast` (the date that is given is over), `wrongState`.
  package func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant
  ) throws(CommandRefusal) -> Decision<DutyOutcome> {
    _ = try actor.checkStaff()
    guard let referral = scope.duty.referral else { throw .appointmentNotFound }
    if case .dated(let meeting) = step, meeting.date < rules.today(at: now) { throw .slotInThePast }
    guard let next = referral.after(event, at: now) else { throw .wrongState(referral.state.nearest) }
    let over = scope.duty.alerts.filter { !next.isWaiting || ($0.kind == .referralWithoutDate && next.state == .dated) }
    return Decision(DutyOutcome(referral: next), [.duty(.referral(next))] + over.map { $0.resolved(at: now) })
  }
}

extension DutyAlert {
  /// What was missing is done.
  func resolved(at now: Instant) -> AgendaChange {
    var alert = self
    alert.resolvedAt = now
    return .duty(.alert(alert))
  }
}

extension Referral.State {
  /// Of an appointment's states, the one that says the same.
  var nearest: Appointment.Status {
    switch self {
    case .requested: .proposed
    case .dated: .booked
    case .seen, .returned: .fulfilled
    case .cancelled: .cancelled
    }
  }
}
