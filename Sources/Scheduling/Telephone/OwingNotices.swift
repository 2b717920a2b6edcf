package import ClinicDomain

extension Act {
  /// Whether what it takes from people is the clinic's own doing, of which they are to be told. The one place that says so.
  package var displaces: Bool { [.displace, .placeDisplaced, .moveToDoctor, .replanSessions, .importBooking, .acceptConflict, .moveConflict].contains(self) }
}

extension Notice {
  /// What is owed to the person of an appointment that an act has ended.
  ///
  /// Another system's import ends appointments for its own reasons, which it has told: only what it moved is owed.
  ///
  /// - Returns: `nil` where nothing is.
  package init?(owedBy act: Act, for appointment: Appointment, at now: Instant) {
    guard act.displaces, appointment.status == .cancelled,
      appointment.cancellation == .rescheduled || appointment.cancellation == .clinic && act != .importBooking
    else { return nil }
    self.init(appointment: appointment.folio, kind: .change, patient: appointment.patient, notBefore: now, madeAt: now, changedAt: now)
  }
}
