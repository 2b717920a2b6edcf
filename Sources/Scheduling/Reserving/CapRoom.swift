internal import ClinicDomain

extension Act {
  /// Whether it gives somebody a place that the turno's cap would have refused: who did it and why is in the history.
  package var goesPastCap: Bool { [.admitOverCap, .overrideCap, .acceptConflict].contains(self) }
}

extension CommandScope {
  /// Refuses a place that the clinic gave up, when by now its turno has as many people without it as its cap allows.
  ///
  /// - Parameters:
  ///   - place: the number under which it is kept, if it is; nobody else can have it, so it is left aside.
  ///   - other: an appointment that is given up for it.
  /// - Throws: ``CommandRefusal/turnoFull(cap:)``.
  func checkCap(
    of slot: Slot, keptAs place: Int64, leaving other: Appointment? = nil, by rules: ClinicRules, at now: Instant
  ) throws(CommandRefusal) {
    guard let agenda = rules.turnoAgenda(of: slot), let cap = agenda.share.cap else { return }
    var people = load.people
    if kept.contains(where: { $0.reason == .place(place) && $0.channel != nil && now < $0.until }) { people -= 1 }
    if let other, other.holdsSlot, other.slot.resource == slot.resource, other.slot.date == slot.date,
      agenda.hours.contains(other.slot.start)
    {
      people -= 1
    }
    guard people < cap else { throw .turnoFull(cap: cap) }
  }
}

extension ClinicRules {
  /// The turno in which a slot begins.
  func turnoAgenda(of slot: Slot) -> TurnoAgenda? {
    turnoAgendas(of: slot.resource, on: slot.date).first { $0.hours.contains(slot.start) }
  }
}
