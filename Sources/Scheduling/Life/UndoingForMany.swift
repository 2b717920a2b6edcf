package import ClinicDomain

/// Takes back, for two minutes, what one member of staff did to many people: everything that came of it, in one transaction.
package struct UndoForMany: Hashable, Sendable {
  package enum What: Hashable, Sendable {
    /// A closure, by the number of any of its days: the agenda is open, and whom it put off has their appointment again.
    case closure(Int64)
    /// Changes to a doctor: whoever belongs to them since belongs where they did, with the appointments that went along.
    case change(to: Doctor)
  }

  package var actor: Actor
  package var what: What

  package init(actor: Actor, what: What) {
    self.actor = actor
    self.what = what
  }

  /// The acts on an appointment that are taken back with it.
  package var acts: [Act] {
    switch what {
    case .closure: [.displace, .replanSessions, .placeDisplaced]
    case .change: [.moveToDoctor, .placeDisplaced]
    }
  }

  /// What is read to take it back for one appointment.
  package func step(on folio: Folio) -> Command { .life(LifeCommand(actor: actor, folio: folio, step: .undo, channel: .desk)) }
}

/// What was taken back.
package struct UndoneForMany: Hashable, Sendable {
  /// Days of a closure that are open again.
  package var blocks: [AgendaBlock] = []
  /// Appointments that stand again.
  package var back: [Appointment] = []
  /// Those that do not.
  package var kept: [KeptAppointment] = []
  /// How many people belong to the doctor again whom they had.
  package var people = 0
  /// Who stays with the new doctor, because somebody has had them change again since.
  package var stayed: [PatientID] = []

  package init() {}
}

/// An appointment that could not be brought back.
package struct KeptAppointment: Hashable, Sendable {
  package var old: Appointment
  /// What its person has instead; `nil` when they wait for a place.
  package var now: Appointment?
  package var reason: CommandRefusal

  package init(old: Appointment, now: Appointment?, reason: CommandRefusal) {
    self.old = old
    self.now = now
    self.reason = reason
  }
}

extension UndoForMany {
  /// - Returns: one appointment as it stands again.
  /// - Throws: why it does not: see ``Appointment/broughtBack(in:rules:at:)``, and what a zone refuses of a visit at home.
  package func bringBack(in scope: CommandScope, rules: ClinicRules, at now: Instant) throws(CommandRefusal) -> Decision<Appointment> {
    guard let old = scope.named else { throw .appointmentNotFound }
    return try old.broughtBack(in: scope, rules: rules, at: now).keepingHomeVisits(in: scope, rules: rules)
  }

  /// Of an appointment that had no place at the new doctor: its person waits for none there any more.
  package func stopWaiting(in scope: CommandScope, at now: Instant) -> Decision<Appointment>? {
    guard let old = scope.named, old.status == .booked else { return nil }
    let ended = scope.endingOwedPlace(for: old, at: now)
    return ended.isEmpty ? nil : Decision(old, ended)
  }
}
