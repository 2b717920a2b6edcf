package import ClinicDomain

/// Takes a person back from another unit (in Spanish *contrarreferencia*).
package struct ReturnReferral: Hashable, Sendable {
  /// The appointment that follows it up.
  package struct FollowUp: Hashable, Sendable {
    package var service: ServiceCode
    /// `nil` when no slot was found: then the desk has a task.
    package var choice: SlotChoice?

    package init(service: ServiceCode, choice: SlotChoice?) {
      self.service = service
      self.choice = choice
    }
  }

  package var actor: Actor
  package var folio: Folio
  /// `nil` when the other unit asks for none.
  package var followUp: FollowUp?
  package var folioSeed: UInt64

  package init(actor: Actor, folio: Folio, followUp: FollowUp?, folioSeed: UInt64) {
    self.actor = actor
    self.folio = folio
    self.followUp = followUp
    self.folioSeed = folioSeed
  }
}

extension ReturnReferral {
  /// The return and what follows it up change together: at no moment is the person back without either.
  ///
  /// - Throws: `notAllowed` for anybody but staff, `appointmentNotFound`, `wrongState`, then as a booking from `serviceNotOffered` on: whoever
  ///   asks tries the next slot, and at last none.
  package func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant, folio new: Folio
  ) throws(CommandRefusal) -> Decision<DutyOutcome> {
    _ = try actor.checkStaff()
    guard let referral = scope.duty.referral, let person = scope.patient else { throw .appointmentNotFound }
    var outcome = DutyOutcome()
    var changes: [AgendaChange] = []
    if let followUp {
      guard rules.clinic.service(followUp.service) != nil else { throw .serviceNotOffered }
      if let choice = followUp.choice {
        let channel = rules.ownChannel(for: followUp.service)
        let offer = try scope.place(for: followUp.service, at: choice, to: person, through: channel, rules: rules, at: now)
        let appointment = offer.booked(for: person.id, as: new, through: channel, at: now)
        outcome.appointment = appointment
        changes += scope.endingStaleHolds(at: now) + [.insert(appointment)]
      } else {
        let task = DutyAlert(.followUpWithoutSlot, .referral(referral.folio), id: scope.duty.nextAlert, at: now)
        outcome.alert = task
        changes.append(.duty(.alert(task)))
      }
    }
    guard let back = referral.after(.returned(followUp: outcome.appointment?.folio), at: now) else {
      throw .wrongState(referral.state.nearest)
    }
    outcome.referral = back
    return Decision(outcome, changes + [.duty(.referral(back))] + scope.duty.alerts.map { $0.resolved(at: now) })
  }
}
