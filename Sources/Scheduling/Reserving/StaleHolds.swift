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

  /// The appointments of the day that a slot meets, with what it and they keep free around themselves.
  func occupants(of slot: Slot, stamped stamp: SlotStamp = .exclusive, at now: Instant, besides own: Folio? = nil) -> [Appointment] {
    let reach = stamp.reach(of: slot.minutes)
    return day.filter { $0.folio != own && $0.reach.overlaps(reach) && $0.occupies(at: now) }
  }

  /// The appointment of the day that keeps others out of a slot; `nil` also while there is room for one more in it: all that it meets stand in
  /// this very slot, and they are fewer than the smallest capacity among them and of what comes.
  func occupant(of slot: Slot, stamped stamp: SlotStamp = .exclusive, at now: Instant, besides own: Folio? = nil) -> Appointment? {
    room(in: slot, stamped: stamp, at: now, besides: own) > 0 ? nil : occupants(of: slot, stamped: stamp, at: now, besides: own).first
  }

  /// How many more the appointments of the day leave room for in a slot; never below 0.
  func room(in slot: Slot, stamped stamp: SlotStamp, at now: Instant, besides own: Folio? = nil) -> Int {
    let others = occupants(of: slot, stamped: stamp, at: now, besides: own)
    let capacity = others.reduce(stamp.capacity) { $1.slot.minutes == slot.minutes ? min($0, $1.stamp.capacity) : 1 }
    return max(0, Int(capacity) - others.count)
  }

  /// The first lane of a slot in which nobody stands.
  func freeLane(of slot: Slot, stamped stamp: SlotStamp, at now: Instant, besides own: Folio? = nil) -> Int {
    let taken = occupants(of: slot, stamped: stamp, at: now, besides: own).map(\.lane)
    return (0...taken.count).first { !taken.contains($0) } ?? taken.count
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
