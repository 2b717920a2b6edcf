package import ClinicDomain

extension CancelAppointment {
  /// Cancels a booked appointment before it begins, or gives a live hold back at any time; the row stays, with the reason.
  ///
  /// Of an appointment that staff cancel because the clinic cannot give it the clinic owes another place: its person waits before all others, as
  /// whoever a closure put off, and for any place but that one. A visit of a series the series gives again.
  ///
  /// - Returns: the cancelled appointment, its replacement, and the place that becomes free for those who wait.
  /// - Throws: in this order, `notAllowed` (the actor is nobody we know), `appointmentNotFound` (no such folio, or not one of a
  ///   person the actor may act for: the same answer, so that nobody learns whose it is), `holdExpired`, `wrongState`
  ///   (a second cancellation, somebody who has come, an appointment
  ///   where only a hold was meant), `slotInThePast` (a booked appointment that has begun: whether the person came is
  ///   then the question, not whether they will).
  package func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant
  ) throws(CommandRefusal) -> Decision<Appointment> {
    let appointment = try scope.appointment(for: actor, needing: .change, by: rules, at: now)
    try appointment.checkLive(at: now)
    switch appointment.status {
    case .pending: break
    case .booked where onlyHold: throw .wrongState(.booked)
    case .booked: guard now < rules.start(of: appointment.slot) else { throw .slotInThePast }
    case .proposed, .arrived, .checkedIn, .fulfilled, .cancelled, .noshow, .waitlist, .enteredInError:
      throw .wrongState(appointment.status)
    }
    let cancelled = appointment.cancelled(reason, at: now)
    let isOwed = owesPlace && appointment.status == .booked && !scope.inSeries.contains(appointment.folio)
    let owed = isOwed ? [AgendaChange.waitlist(scope.displaced(appointment, rules: rules, at: now))] : []
    return Decision(cancelled, [.replace(cancelled)] + owed + rules.freeing(appointment, by: .cancellation, at: now))
  }

  /// Whether it is the clinic that cannot keep the appointment.
  var owesPlace: Bool {
    guard case .staff = actor else { return false }
    return reason == .clinic
  }
}
