package import ClinicDomain

/// Gives somebody whom the clinic has put off a place that has become free since: a day that opened, a release, what nobody wanted. The server
/// itself asks for it, again and again; whether the clinic has a waitlist plays no part.
package struct PlaceDisplaced: Hashable, Sendable {
  package var entry: Int64
  package var to: SlotChoice
  package var folioSeed: UInt64

  package init(entry: Int64, to: SlotChoice, folioSeed: UInt64) {
    self.entry = entry
    self.to = to
    self.folioSeed = folioSeed
  }
}

extension PlaceDisplaced {
  /// As when the agenda was closed, only later: the person has the place, and the clinic owes them to say so. What they had instead, if it still
  /// stands, is given back with it. Not on the same day: there is nobody to tell them in time, and what is left of today is offered. Nor the
  /// place that somebody at the desk took from them.
  ///
  /// - Returns: the new appointment.
  /// - Throws: `offerOver` (the entry does not wait any more, is none of somebody put off, or would not accept it, or is being asked), then as a
  ///   booking from `serviceNotOffered` on; limits and channels' shares are not asked, a turno's cap is.
  package func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant, folio: Folio
  ) throws(CommandRefusal) -> Decision<Appointment> {
    guard let entry = scope.waitlist.entries.first, let person = scope.patient, entry.isOwed(to: person), entry.waits(at: now),
      let service = entry.wish.services.first, !scope.waitlist.offers.contains(where: { $0.isOpen(at: now) }),
      rules.today(at: now) < to.date
    else { throw .offerOver }
    let owed = scope.waitlist.replaced
    // What they had was given up, or took place, since they were put off: nothing is owed any more.
    guard entry.replaces == nil || owed != nil else { throw .offerOver }
    guard scope.waitlist.takenAtDesk?.choice != to else { throw .offerOver }
    let channel = owed.map { Channel.desk(for: $0, by: rules) } ?? entry.channel
    let offer = try scope.place(
      for: service, at: to, to: person, through: channel, leaving: owed?.folio, claims: true, rules: rules, at: now)
    guard entry.wish.accepts(offer.slot, service, offer.turno), entry.isFor(offer.slot, offer.turno, person, standing: owed) else { throw .offerOver }
    var new = offer.booked(for: person.id, as: folio, through: owed?.channel ?? entry.channel, at: now)
    new.replaces = owed?.folio
    var changes = scope.endingStaleHolds(at: now)
    if let owed { changes.append(.replace(owed.replaced(by: folio, at: now))) }
    changes += [.insert(new), .waitlist(entry.changed({ $0.state = .served }, at: now))] + (try scope.claims(of: new, for: offer.service))
    if let owed, !offer.slot.overlaps(owed.slot) { changes += rules.freeing(owed, by: .cancellation, at: now) }
    return Decision(new, changes)
  }
}

extension WaitlistEntry {
  /// Whether the clinic itself has put the person on the list: in palliative care somebody stands first who joined it of themselves.
  package func isOwed(to person: Patient) -> Bool { isDisplaced && !person.isPalliative }

  /// Whether a place is for whoever was put off: who waits to follow their person's change of doctor gets places of the new doctor alone,
  /// never one of those they leave; everybody else any.
  ///
  /// - Parameter standing: the appointment that is given back for it, if it still stands.
  package func isFor(_ slot: Slot, _ turno: TurnoCode, _ person: Patient, standing old: Appointment?) -> Bool {
    guard isDisplaced, !person.isPalliative, let replaces else { return true }
    return old.flatMap { $0.folio == replaces ? $0.slot.resource : nil } != slot.resource && PersonView(person).isOwnDoctor(slot.resource, turno)
  }
}
