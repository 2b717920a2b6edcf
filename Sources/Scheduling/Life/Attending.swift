package import ClinicDomain

extension ClinicRules {
  /// Until when a person keeps the place after the hour; the instant itself still counts. The tolerance is the service's, or the clinic's.
  package func toleranceEnd(of appointment: Appointment) -> Instant {
    let minutes = service(appointment.service)?.graceMinutes ?? clinic.policy.graceMinutes
    return start(of: appointment.slot).adding(seconds: minutes * 60)
  }

  /// When a person may say that they are here.
  package func checkInOpens(for appointment: Appointment) -> Instant {
    start(of: appointment.slot).adding(seconds: -clinic.policy.checkInOpensMinutes * 60)
  }

  /// Whether somebody writes down who comes to a resource; where nobody does, that a person was not seen says nothing.
  package func attendsLive(_ resource: ResourceID) -> Bool { clinic.resource(resource)?.attendsLive ?? false }

  /// Whether an appointment is *por confirmar*: the tolerance is over, nobody has seen the person, and somebody at the desk may give the
  /// slot to somebody else. It stays the person's until somebody does.
  package func mayBeFreed(_ appointment: Appointment, at now: Instant) -> Bool {
    appointment.status == .booked && attendsLive(appointment.slot.resource) && toleranceEnd(of: appointment) < now
      && now < end(of: appointment.slot)
  }
}

extension Appointment {
  /// The person says that they will come; the first word stands.
  ///
  /// - Throws: `holdExpired`, `wrongState` for anything but a booked appointment, `slotInThePast` once it has begun.
  func confirmed(
    through channel: Channel, rules: ClinicRules, at now: Instant
  ) throws(CommandRefusal) -> Decision<Appointment> {
    try checkLive(at: now)
    guard status == .booked else { throw .wrongState(status) }
    guard now < rules.start(of: slot) else { throw .slotInThePast }
    guard confirmedAt == nil else { return Decision(self, []) }
    var appointment = self
    appointment.confirmedAt = now
    appointment.confirmedThrough = channel
    appointment.changedAt = now
    return Decision(appointment, [.replace(appointment)])
  }

  /// The person is here. Nobody who comes on the day is sent away: who comes while the slot is theirs keeps it, late or not; who comes when
  /// it is over, or was given to somebody else, has a place in today's line.
  ///
  /// - Throws: `holdExpired`, `wrongState` for what is cancelled, seen or no appointment yet, `slotInThePast` from the day after on,
  ///   `tooEarly` before check-in opens.
  func checkedIn(rules: ClinicRules, at now: Instant) throws(CommandRefusal) -> Decision<Appointment> {
    try checkLive(at: now)
    switch status {
    case .checkedIn: return Decision(self, [])
    case .booked, .arrived, .noshow: break
    case .proposed, .pending, .fulfilled, .cancelled, .waitlist, .enteredInError: throw .wrongState(status)
    }
    guard rules.today(at: now) <= rules.today(at: rules.end(of: slot)) else { throw .slotInThePast }
    let opens = rules.checkInOpens(for: self)
    guard opens <= now else { throw .tooEarly(from: opens) }
    var appointment = self
    if status == .noshow || rules.end(of: slot) <= now { appointment.lane = Self.todaysLine(folio) }
    appointment.status = .checkedIn
    appointment.arrivedAt = arrivedAt ?? now
    appointment.changedAt = now
    return Decision(appointment, [.replace(appointment)])
  }

  /// The consultation took place. Who was not checked in was seen all the same: a room where nobody uses the kiosk loses no one.
  ///
  /// - Throws: `holdExpired`, `wrongState`, `tooEarly` before check-in opens.
  func attended(rules: ClinicRules, at now: Instant) throws(CommandRefusal) -> Decision<Appointment> {
    try checkLive(at: now)
    switch status {
    case .fulfilled: return Decision(self, [])
    case .booked, .arrived, .checkedIn: break
    case .proposed, .pending, .cancelled, .noshow, .waitlist, .enteredInError: throw .wrongState(status)
    }
    let opens = rules.checkInOpens(for: self)
    guard opens <= now else { throw .tooEarly(from: opens) }
    return changed(to: .fulfilled, at: now)
  }

  /// The slot is over and the person did not come; or they came, and left before they were seen: then at any time, and whoever comes next has
  /// what is left of the slot.
  ///
  /// - Throws: `holdExpired`, `wrongState` for who is there unless the reason is ``StaffReason/personLeft``, and for what is seen, cancelled or no
  ///   appointment yet, `tooEarly` before the slot's end for who has not come.
  func missed(because reason: StaffReason, rules: ClinicRules, at now: Instant) throws(CommandRefusal) -> Decision<Appointment> {
    try checkLive(at: now)
    switch status {
    case .noshow: return Decision(self, [])
    case .booked:
      let end = rules.end(of: slot)
      guard end <= now else { throw .tooEarly(from: end) }
      return changed(to: .noshow, at: now)
    case .arrived where reason == .personLeft, .checkedIn where reason == .personLeft:
      var decision = changed(to: .noshow, at: now)
      decision.changes += rules.freeing(self, by: .noShow, at: now)
      return decision
    case .proposed, .pending, .arrived, .checkedIn, .fulfilled, .cancelled, .waitlist, .enteredInError: throw .wrongState(status)
    }
  }

  /// There was no such appointment: somebody's mistake, whatever was done with it since. It counts nowhere, and its place is free.
  ///
  /// - Throws: `holdExpired`, `wrongState` for what is cancelled or no appointment yet.
  func enteredInError(rules: ClinicRules, at now: Instant) throws(CommandRefusal) -> Decision<Appointment> {
    try checkLive(at: now)
    switch status {
    case .enteredInError: return Decision(self, [])
    case .booked, .arrived, .checkedIn, .fulfilled, .noshow: break
    case .proposed, .pending, .cancelled, .waitlist: throw .wrongState(status)
    }
    var decision = changed(to: .enteredInError, at: now)
    decision.changes += rules.freeing(self, by: .cancellation, at: now)
    return decision
  }

  /// The person did not come within the tolerance, and their slot is free for somebody else.
  ///
  /// - Throws: `holdExpired`, `wrongState` for anything but a booked appointment, `notLive` where nobody writes down who comes,
  ///   `tooEarly` while the tolerance runs, `slotInThePast` when there is nothing left to give.
  func freed(rules: ClinicRules, at now: Instant) throws(CommandRefusal) -> Decision<Appointment> {
    try checkLive(at: now)
    guard status == .booked else { throw .wrongState(status) }
    guard rules.attendsLive(slot.resource) else { throw .notLive }
    let tolerance = rules.toleranceEnd(of: self)
    guard tolerance < now else { throw .tooEarly(from: tolerance.adding(milliseconds: 1)) }
    guard now < rules.end(of: slot) else { throw .slotInThePast }
    var decision = changed(to: .noshow, at: now)
    decision.changes += rules.freeing(self, by: .noShow, at: now)
    return decision
  }

  func changed(to status: Status, at now: Instant) -> Decision<Appointment> {
    var appointment = self
    appointment.status = status
    appointment.changedAt = now
    return Decision(appointment, [.replace(appointment)])
  }
}
