package import ClinicDomain

/// Puts a person on the waitlist.
package struct JoinWaitlist: Hashable, Sendable {
  package var actor: Actor
  package var patient: PatientID
  package var wish: WaitlistWish
  package var reach: WaitlistEntry.Reach
  /// `nil` is as long as the clinic keeps anybody.
  package var until: Instant?
  /// An appointment of the person that is given back when they get an earlier one.
  package var replaces: Folio?
  package var channel: Channel

  package init(
    actor: Actor, patient: PatientID, wish: WaitlistWish, reach: WaitlistEntry.Reach, until: Instant? = nil, replaces: Folio? = nil,
    channel: Channel
  ) {
    self.actor = actor
    self.patient = patient
    self.wish = wish
    self.reach = reach
    self.until = until
    self.replaces = replaces
    self.channel = channel
  }
}

/// Takes a person off the waitlist.
package struct LeaveWaitlist: Hashable, Sendable {
  package var actor: Actor
  package var entry: Int64
  package var channel: Channel

  package init(actor: Actor, entry: Int64, channel: Channel) {
    self.actor = actor
    self.entry = entry
    self.channel = channel
  }
}

extension JoinWaitlist {
  /// Who wishes again what they wait for already keeps the entry that they have, and their place: nobody is asked twice for one wish.
  ///
  /// - Returns: the entry: a new one at the end of the line, or the one of the same wish as it is.
  /// - Throws: in this order, `notAllowed`, `appointmentNotFound` (the appointment to give back is not the person's), `wrongState` (it is
  ///   not booked), `serviceNotOffered` (one of the services, on this channel, or the clinic has no list), `rightsEndBefore`,
  ///   `caredElsewhere`, `slotInThePast` (the dates are over), `limitReached`.
  package func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant
  ) throws(CommandRefusal) -> Decision<WaitlistEntry> {
    guard let person = scope.subject(of: actor, needing: .book, by: rules, at: now) else { throw .notAllowed }
    if replaces != nil {
      guard let named = scope.named, named.patient == person.id, rules.maySee(named, actor.person) else { throw .appointmentNotFound }
      guard named.status == .booked else { throw .wrongState(named.status) }
    }
    guard let policy = rules.clinic.waitlist, !wish.services.isEmpty else { throw .serviceNotOffered }
    for code in wish.services {
      guard let service = rules.service(code), service.bookableBy.contains(channel), service.companions.isEmpty,
        rules.mayAskFor(code, of: person.id, actor)
      else { throw .serviceNotOffered }
      if service.requiresRights, !person.rights.coverage.covers(max(wish.dates.lowerBound, rules.today(at: now))) {
        throw .rightsEndBefore(last: person.rights.coverage.last)
      }
      if service.requiresRights, let elsewhere = person.elsewhere, elsewhere.from <= max(wish.dates.lowerBound, rules.today(at: now)) {
        throw .caredElsewhere(elsewhere)
      }
    }
    guard wish.dates.upperBound >= rules.today(at: now) else { throw .slotInThePast }
    let waiting = scope.waitlist.entries.filter { $0.waits(at: now) && rules.maySee($0, actor.person) }
    if let same = waiting.first(where: { $0.replaces == replaces && $0.wish.isSame(as: wish, from: rules.today(at: now)) }) {
      return Decision(same, [])
    }
    guard waiting.count < policy.maxPerPatient else { throw .limitReached(allowed: policy.maxPerPatient) }
    let latest = now.adding(seconds: policy.maxDays * 86_400)
    let entry = WaitlistEntry(
      id: scope.waitlist.nextEntry, patient: person.id, wish: wish, reach: reach, channel: channel, isDisplaced: person.isPalliative, replaces: replaces,
      until: min(until ?? latest, latest), joinedAt: now, changedAt: now)
    return Decision(entry, [.waitlist(entry)])
  }
}

extension LeaveWaitlist {
  /// Leaves the list; who has left stays left. What they are being offered goes to the next.
  ///
  /// - Throws: `notAllowed`, then `appointmentNotFound` for an entry that is not of a person the actor may act for, or that they may not see.
  package func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant
  ) throws(CommandRefusal) -> Decision<WaitlistEntry> {
    guard actor.person == nil || scope.actor != nil else { throw .notAllowed }
    guard let entry = scope.waitlist.entries.first, scope.subject(of: actor, needing: .change, by: rules, at: now)?.id == entry.patient,
      rules.maySee(entry, actor.person)
    else { throw .appointmentNotFound }
    guard entry.state == .waiting else { return Decision(entry, []) }
    return Decision(entry.left(at: now), scope.leaving(entry, at: now))
  }
}

extension CommandScope {
  /// An entry ends, and what is being offered for it is withdrawn.
  func leaving(_ entry: WaitlistEntry, at now: Instant) -> [AgendaChange] {
    let withdrawn = waitlist.offers.filter { $0.entry == entry.id && $0.state == .open }
    return withdrawn.map { .offer($0.changed(to: .withdrawn, at: now)) } + [.waitlist(entry.left(at: now))]
  }
}

extension WaitlistEntry {
  fileprivate func left(at now: Instant) -> WaitlistEntry { changed({ $0.state = .left }, at: now) }
}
