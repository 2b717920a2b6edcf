package import ClinicDomain

extension Act {
  /// Whether what it takes from people is the clinic's own doing, of which they are to be told. The one place that says so.
  package var displaces: Bool { [.displace, .placeDisplaced, .moveToDoctor, .replanSessions, .importBooking, .acceptConflict, .moveConflict].contains(self) }
}

extension Notice {
  /// What is owed to the person of an appointment that an act has ended.
  ///
  /// Another system's import ends appointments for its own reasons, which it has told: only what it moved is owed. What somebody at the desk
  /// cancels because the clinic cannot give it is owed; what a person cancels they know, whatever reason they give.
  ///
  /// - Returns: `nil` where nothing is.
  package init?(owedBy author: Authorship, for appointment: Appointment, at now: Instant) {
    guard appointment.status == .cancelled else { return nil }
    switch (author.act, appointment.cancellation) {
    case (.giveUp, .otherPlace): break
    case (.cancel, .clinic): guard case .staff = author.actor else { return nil }
    case (let act, .rescheduled): guard act.displaces else { return nil }
    case (let act, .clinic): guard act.displaces, act != .importBooking else { return nil }
    default: return nil
    }
    self.init(ofChangeTo: appointment, at: now)
  }

  /// What is owed to the person of an appointment that was given up and comes back, or whose person waits for another now.
  package init(ofChangeTo appointment: Appointment, at now: Instant) {
    self.init(appointment: appointment.folio, kind: .change, patient: appointment.patient, notBefore: now, madeAt: now, changedAt: now)
  }

  /// What a handover of a person makes the clinic owe them to say: of each appointment that they have here on days in the other unit's care.
  ///
  /// - Parameter active: the person's.
  package static func owed(by handover: PatientHandover, of active: [Appointment], rules: ClinicRules, at now: Instant) -> [Notice] {
    active.filter { rules.goes($0, to: handover.to, at: now) }.map { Notice(ofChangeTo: $0, at: now) }
  }

  /// The change that it tells was taken back: who has heard of it is told that the appointment stands, and who has not hears nothing.
  package func undone(at now: Instant) -> Notice {
    var notice = self
    (notice.state, notice.toldThrough) = (state == .told || calls > 0 ? .waiting : .over, nil)
    (notice.calls, notice.token, notice.outcome) = (0, nil, nil)
    (notice.notBefore, notice.changedAt) = (now, now)
    return notice
  }
}
