package import ClinicDomain

/// Something happens to an appointment after it was made. Its row stays whatever it is; the history says who did it.
package struct LifeCommand: Hashable, Sendable {
  package enum Step: Hashable, Sendable {
    /// Another slot for the same service: the old appointment stands until the new one is taken.
    case reschedule(SlotChoice, folioSeed: UInt64)
    /// The person says that they will come.
    case confirm
    /// The person is in the clinic.
    case checkIn
    /// The consultation took place; staff only.
    case attend
    /// The person did not come, and the slot is over, or they left before they were seen; staff only.
    case miss
    /// The person has not come within the tolerance, and the slot is given to somebody else; staff only.
    case free
    /// Somebody made it by mistake; staff only.
    case enterInError
    /// The same member of staff takes back their last act on this appointment; staff only.
    case undo

    /// Whether only somebody of the clinic does it.
    package var isStaffs: Bool {
      switch self {
      case .reschedule, .confirm, .checkIn: false
      case .attend, .miss, .free, .enterInError, .undo: true
      }
    }
  }

  package var actor: Actor
  package var folio: Folio
  package var step: Step
  package var channel: Channel

  package init(actor: Actor, folio: Folio, step: Step, channel: Channel) {
    self.actor = actor
    self.folio = folio
    self.step = step
    self.channel = channel
  }

  /// The last thing that was done to an appointment, as the history has it; that the server gave its person a place for it is no such thing, but
  /// goes with what it was given for.
  package struct LastAct: Hashable, Sendable {
    /// ``Actor/text``.
    package var actor: String
    package var act: Act
    package var at: Instant
    /// How the appointment stood before.
    package var before: Appointment.Status?

    package init(actor: String, act: Act, at: Instant, before: Appointment.Status?) {
      self.actor = actor
      self.act = act
      self.at = at
      self.before = before
    }
  }

  /// For so long, in seconds, somebody of the clinic may take back what they did. Long enough to see the wrong line on the screen and short
  /// enough that the person is still at the counter; after that it is a new act with a reason of its own.
  package static let undoSeconds = 120
}

extension LifeCommand {
  /// Decides it.
  ///
  /// - Returns: the appointment as it is then (of a change of date, the new one), and what must be written for it; no changes when it is so
  ///   already.
  /// - Throws: `notAllowed` (staff's steps for anybody else, a person nobody knows), `appointmentNotFound`, then what the step says, in the
  ///   order of ``CommandRefusal``.
  package func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant, folio: Folio
  ) throws(CommandRefusal) -> Decision<Appointment> {
    var reason = StaffReason.routine
    if step.isStaffs {
      guard case .staff(_, let why) = actor else { throw .notAllowed }
      reason = why
    }
    let appointment = try scope.appointment(for: actor, needing: .change, by: rules, at: now)
    switch step {
    case .reschedule(let choice, _):
      return try appointment.rescheduled(to: choice, through: channel, in: scope, rules: rules, at: now, folio: folio)
    case .confirm: return try appointment.confirmed(through: channel, rules: rules, at: now)
    case .checkIn: return try appointment.checkedIn(rules: rules, at: now)
    case .attend: return try appointment.attended(rules: rules, at: now)
    case .miss: return try appointment.missed(because: reason, rules: rules, at: now)
    case .free: return try appointment.freed(rules: rules, at: now)
    case .enterInError: return try appointment.enteredInError(rules: rules, at: now)
    case .undo: return try appointment.undone(by: actor, in: scope, rules: rules, at: now)
    }
  }

  var act: Act {
    switch step {
    case .reschedule: .reschedule
    case .confirm: .confirm
    case .checkIn: .checkIn
    case .attend: .attend
    case .miss: .miss
    case .free: .free
    case .enterInError: .enterInError
    case .undo: .undo
    }
  }

  var needs: CommandNeeds {
    var needs = CommandNeeds(actor: actor.person, named: folio)
    switch step {
    case .reschedule(let choice, _):
      needs.activeAppointments = true
      needs.day = AgendaDay(resource: choice.resource, date: choice.date)
      needs.load = choice
    case .undo:
      needs.activeAppointments = true
      needs.lastAct = true
      needs.waitlist = .joining
    case .confirm, .checkIn, .attend, .miss, .free, .enterInError: break
    }
    return needs
  }
}
