package import ClinicDomain

extension Appointment {
  /// Stands again as it was before the clinic itself moved it, took it away or had its person wait in line; what they have instead is given back in
  /// the same change, and nothing is owed to them any more.
  ///
  /// Who has been told of what they have instead, or has done anything with it, keeps it; so does who has left the line or has another place from
  /// it.
  ///
  /// - Throws: `nothingToUndo` for those, and for an appointment of which the clinic has taken nothing; then `closed`, `slotOffered`, `slotTaken`,
  ///   `personBusy`, `turnoFull`, `companionTaken`.
  func broughtBack(in scope: CommandScope, rules: ClinicRules, at now: Instant) throws(CommandRefusal) -> Decision<Appointment> {
    if isHere, isInTodaysLine {
      var back = self
      (back.lane, back.changedAt) = (0, now)
      try scope.checkReturn(of: back, leaving: nil, by: rules, at: now)
      return Decision(back, [.replace(back)])
    }
    guard status == .cancelled else { throw .nothingToUndo }
    let owed = scope.endingOwedPlace(for: self, at: now)
    let new = scope.linked.flatMap { $0.folio == replacedBy ? $0 : nil }
    if replacedBy == nil {
      // What a series gave waits for its place in the series.
      guard !owed.isEmpty || scope.inSeries.contains(folio) || scope.lastAct?.act == .replanSessions else { throw .nothingToUndo }
    } else {
      guard let new, new.isAsGiven(for: self), scope.notice.isUnheard else { throw .nothingToUndo }
    }
    // On the same day whoever is here has stayed so.
    var back = returned(to: new.flatMap { $0.slot.date == slot.date ? $0.status : nil } ?? .booked, at: now)
    back.replacedBy = nil
    try scope.checkReturn(of: back, leaving: new, by: rules, at: now)
    let claims = try scope.claims(of: back, insteadOf: self, by: rules)
    let given = new.map { [AgendaChange.replace($0.cancelled(.clinic, at: now))] } ?? []
    return Decision(back, owed + scope.takingBackPlace(of: back, at: now) + given + [.replace(back)] + claims)
  }
}

extension Appointment {
  /// Whether nobody has done anything with what the clinic gave a person for another appointment.
  fileprivate func isAsGiven(for old: Appointment) -> Bool {
    status.isActive && changedAt == createdAt && [nil, old.confirmedAt].contains(confirmedAt) && [nil, old.arrivedAt].contains(arrivedAt)
  }
}

extension CommandScope {
  fileprivate func checkReturn(of back: Appointment, leaving new: Appointment?, by rules: ClinicRules, at now: Instant) throws(CommandRefusal) {
    guard now < rules.end(of: back.slot) else { throw .slotInThePast }
    try checkOpen(back.slot, at: now)
    try checkPlace(for: back, leaving: new, by: rules, at: now)
  }

  /// The place in line that the clinic gave the person for an appointment ends, and what is being offered for it is withdrawn.
  ///
  /// - Returns: nothing when there is none.
  func endingOwedPlace(for appointment: Appointment, at now: Instant) -> [AgendaChange] {
    guard let entry = waitlist.entries.first(where: { $0.isOwed(for: appointment) }) else { return [] }
    return leaving(entry, at: now)
  }
}

extension WaitlistEntry {
  /// Whether it was made when the clinic took an appointment away, or could not move it with its person to another doctor.
  package func isOwed(for appointment: Appointment) -> Bool {
    guard isDisplaced, patient == appointment.patient else { return false }
    return replaces == nil ? joinedAt == appointment.changedAt && wish.services == [appointment.service] : replaces == appointment.folio
  }
}

extension Notice? {
  /// Whether nobody has told the person of a change, or may be telling them now.
  fileprivate var isUnheard: Bool { self.map { $0.state != .told && $0.calls == 0 } ?? true }
}
