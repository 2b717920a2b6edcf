package import ClinicDomain

/// A screen that found an alarm sign of cancer in a child.
package struct ScreenChild: Hashable, Sendable {
  package var actor: Actor
  package var patient: PatientID
  package var service: ServiceCode
  /// `nil` when no slot was found in time: then somebody owns the case.
  package var choice: SlotChoice?
  package var channel: Channel
  package var folioSeed: UInt64

  package init(
    actor: Actor, patient: PatientID, service: ServiceCode, choice: SlotChoice?, channel: Channel, folioSeed: UInt64
  ) {
    self.actor = actor
    self.patient = patient
    self.service = service
    self.choice = choice
    self.channel = channel
    self.folioSeed = folioSeed
  }
}

extension ClinicRules {
  /// The last day on which a child must be seen whose alarm signs are found now.
  package func childDue(at now: Instant) -> CivilDate {
    clinic.businessDay(clinic.duties.childBusinessDays, after: today(at: now))
  }
}

extension ScreenChild {
  /// An appointment for the same service that the child has in time already is the slot; there is no second.
  ///
  /// - Throws: `notAllowed`, `serviceNotOffered` (who is of age: this is not for them), `beyondHorizon` (the slot is too late), then as a
  ///   booking from `serviceNotOffered` on: whoever asks tries the next slot, and at last none.
  package func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant, folio: Folio
  ) throws(CommandRefusal) -> Decision<DutyOutcome> {
    guard let person = scope.subject(of: actor, by: rules, at: now) else { throw .notAllowed }
    guard person.isMinor(on: rules.today(at: now), adultAge: rules.clinic.policy.adultAge) else { throw .serviceNotOffered }
    let due = rules.childDue(at: now)
    var screen = AlarmScreen(
      id: scope.duty.nextScreen, patient: person.id, due: due, appointment: nil, channel: channel, screenedAt: now)
    let standing = scope.active.first { appointment in
      appointment.service == service && appointment.status != .pending && appointment.slot.date <= due && now < rules.end(of: appointment.slot)
    }
    if let standing {
      screen.appointment = standing.folio
      return Decision(DutyOutcome(screen: screen, appointment: standing), [.duty(.screen(screen))])
    }
    guard let choice else {
      let alert = DutyAlert(.childWithoutSlot, .screen(screen.id), id: scope.duty.nextAlert, at: now)
      return Decision(DutyOutcome(screen: screen, alert: alert), [.duty(.screen(screen)), .duty(.alert(alert))])
    }
    guard choice.date <= due else { throw .beyondHorizon(last: due) }
    let own = rules.ownChannel(for: service)
    let offer = try scope.place(for: service, at: choice, to: person, through: own, rules: rules, at: now)
    let appointment = offer.booked(for: person.id, as: folio, through: own, at: now)
    screen.appointment = folio
    return Decision(
      DutyOutcome(screen: screen, appointment: appointment),
      scope.endingStaleHolds(at: now) + [.insert(appointment), .duty(.screen(screen))])
  }
}
