internal import ClinicDomain

extension CommandScope {
  /// The holds in scope whose time has run out, as the changes that end them; the day's first, none twice.
  ///
  /// No index can see time pass, so whoever takes a slot writes down first that the hold before is over.
  func endingStaleHolds(at now: Instant) -> [AgendaChange] {
    var ended: [Folio] = []
    var changes: [AgendaChange] = []
    for appointment in day + active where appointment.isStaleHold(at: now) && !ended.contains(appointment.folio) {
      ended.append(appointment.folio)
      changes.append(.replace(appointment.cancelled(.holdExpired, at: now)))
    }
    return changes
  }

  /// The appointment of the day that keeps others out of a slot.
  func occupant(of slot: Slot, at now: Instant, besides own: Folio? = nil) -> Appointment? {
    day.first { $0.folio != own && $0.slot.minutes.overlaps(slot.minutes) && $0.occupies(at: now) }
  }
}

extension Appointment {
  /// A hold whose time has run out, whether or not anybody wrote it down.
  func isStaleHold(at now: Instant) -> Bool { status == .pending && !occupies(at: now) }

  func cancelled(_ reason: CancellationReason, at now: Instant) -> Appointment {
    var appointment = self
    appointment.status = .cancelled
    appointment.cancellation = reason
    appointment.holdExpiresAt = nil
    appointment.changedAt = now
    return appointment
  }

  /// The hold, booked: same folio, same slot.
  func booked(at now: Instant) -> Appointment {
    var appointment = self
    appointment.status = .booked
    appointment.holdExpiresAt = nil
    appointment.changedAt = now
    return appointment
  }
}
