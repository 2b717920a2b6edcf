package import ClinicDomain

/// Has the next people in line asked for a freed place. The server itself asks for it, again and again until the place is settled.
package struct OfferRound: Hashable, Sendable {
  package var place: Int64

  package init(place: Int64) { self.place = place }
}

extension OfferRound {
  /// Asks those who wait longest and may have the place, as many at once as the clinic says; when nobody is left to ask, it is for today's
  /// walk-ins, or on another day anybody's.
  ///
  /// While an offer of the last round is open nothing changes. An offer whose time is over is written down as expired.
  ///
  /// - Returns: the place as it stands now.
  /// - Throws: `appointmentNotFound` for a place that there is not.
  package func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant
  ) throws(CommandRefusal) -> Decision<FreedPlace> {
    guard let place = scope.waitlist.place else { throw .appointmentNotFound }
    guard place.state == .offered, let policy = rules.clinic.waitlist else { return Decision(place, []) }
    if scope.waitlist.offers.contains(where: { $0.isOpen(at: now) }) { return Decision(place, []) }
    var changes: [AgendaChange] = scope.waitlist.offers.filter { $0.state == .open }
      .map { .offer($0.changed(to: .expired, at: now)) }
    let last = rules.lastOffer(of: place.slot, policy)
    let stamp = rules.stamp(of: place.service)
    let isTaken = scope.occupant(of: place.slot, stamped: stamp, at: now) != nil || scope.isBlocked(place.slot, at: now) || scope.lacksCompanion
      || scope.isFull(without: place, by: rules, at: now)
    let asked = Set(scope.waitlist.offers.map(\.entry))
    let next = now < last && !isTaken
      ? scope.waitlist.candidates.filter { !asked.contains($0.entry.id) && rules.suits(place, $0, policy, at: now) }
        .prefix(policy.offersAtOnce) : []
    var settled: FreedPlace?
    let expires = min(now.adding(seconds: 60 * policy.answerMinutes), last)
    for (number, candidate) in next.enumerated() {
      let entry = candidate.entry.changed({ entry in
        entry.asked += 1
        // To whom the clinic owes a place no answer is no reason to stop.
        if entry.asked >= policy.maxAsks, !entry.isDisplaced { entry.state = .asked }
      }, at: now)
      changes.append(.waitlist(entry))
      changes.append(.offer(SlotOffer(
        id: scope.waitlist.nextOffer + Int64(number), place: place.id, entry: entry.id, patient: entry.patient, offeredAt: now,
        expiresAt: expires, changedAt: now)))
      settled = place.changed({ $0.until = expires }, at: now)
    }
    let result = settled ?? place.changed({ place in
      let isToday = place.slot.date == rules.today(at: now) && now < rules.end(of: place.slot) && rules.isForWalkIns(place.service)
      place.state = isToday && !isTaken ? .forWalkIns : .released
      place.until = isToday && !isTaken ? rules.end(of: place.slot) : now
    }, at: now)
    return Decision(result, changes + [.freed(result)])
  }
}

extension ClinicRules {
  /// Whether a place is for somebody who waits. The store asks it too, so that a round reads no more people than it asks: they would accept it, may have it, and are not being asked for another.
  package func suits(_ place: FreedPlace, _ candidate: WaitlistCandidate, _ policy: WaitlistPolicy, at now: Instant) -> Bool {
    let entry = candidate.entry
    guard entry.waits(at: now), !candidate.isAsked, !candidate.hadIt, entry.asked < policy.maxAsks || entry.isDisplaced,
      entry.wish.accepts(place.slot, place.service, place.turno)
    else { return false }
    let others = candidate.active.filter { $0.folio != entry.replaces }
    let commitments = Commitments(of: others, rules: self, at: now)
    guard
      let offer = try? offer(
        place.service, at: place.slot.choice, to: entry.view(of: candidate.patient), through: entry.channel, at: now),
      offer.slot == place.slot
    else { return false }
    return (try? commitments.checkRoom(for: offer.service, asHold: false)) != nil && commitments.clash(with: offer.slot) == nil
      && (entry.isDisplaced || (try? commitments.checkHousehold(candidate.household, at: now)) != nil) && entry.isFor(place.slot, place.turno, candidate.patient, standing: candidate.active.first { $0.folio == entry.replaces })
  }
}

extension WaitlistEntry {
  /// Its person; whoever the clinic owes a place has it here, also when another unit cares for them by then.
  func view(of person: Patient) -> PersonView {
    var view = PersonView(person)
    if isDisplaced { view.elsewhere = nil }
    return view
  }
}

extension CommandScope {
  /// Whether a further agenda that the place needs has nobody free.
  var lacksCompanion: Bool { if case .missing = companions { true } else { false } }

  /// Whether the turno of a kept place has as many people without it as its cap allows: somebody was let in beyond it meanwhile.
  fileprivate func isFull(without place: FreedPlace, by rules: ClinicRules, at now: Instant) -> Bool {
    (try? checkCap(of: place.slot, keptAs: place.id, by: rules, at: now)) == nil
  }

  func isBlocked(_ slot: Slot, at now: Instant) -> Bool {
    kept.contains { $0.isBlock && $0.slot.overlaps(slot) && now < $0.until }
  }
}
