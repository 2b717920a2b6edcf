internal import ClinicDomain

/// A slot that a person may have, if nobody else has it.
struct Offer: Hashable, Sendable {
  var service: Service
  var turno: TurnoCode
  var slot: Slot
  /// Of the turno.
  var hours: Range<AgendaMinute>
  var share: TurnoShare
}

extension ClinicRules {
  /// Refuses a place that would be one too many for the turno, or for the channel's share of it.
  ///
  /// - Throws: ``CommandRefusal/turnoFull(cap:)``, then ``CommandRefusal/quotaSpent(opens:)``.
  func checkRoom(for offer: Offer, through channel: Channel, load: TurnoLoad, at now: Instant) throws(CommandRefusal) {
    guard offer.share.isLimited else { return }
    let holds = sharesHold(offer.share, hours: offer.hours, on: offer.slot.date, at: now)
    switch offer.share.denial(for: channel, load: load, sharesHold: holds) {
    case nil: break
    case .capReached(let cap): throw .turnoFull(cap: cap)
    case .quotaSpent:
      throw .quotaSpent(opens: offer.share.quotas.map { fallback(of: $0, hours: offer.hours, on: offer.slot.date) } ?? now)
    }
  }

  /// As ``offer(_:at:to:through:at:)``, for what reserves one agenda and no more: a service that needs further ones is given only where they are
  /// claimed with it.
  ///
  /// - Throws: as there.
  func loneOffer(
    _ service: ServiceCode, at choice: SlotChoice, to person: PersonView, through channel: Channel, at now: Instant
  ) throws(CommandRefusal) -> Offer {
    let offer = try offer(service, at: choice, to: person, through: channel, at: now)
    guard offer.service.companions.isEmpty else { throw .serviceNotOffered }
    return offer
  }

  /// Holds a wish against the rules: everything that does not depend on what others have reserved.
  ///
  /// - Throws: the first that applies from ``CommandRefusal/serviceNotOffered`` to ``CommandRefusal/notAccessible``.
  func offer(
    _ service: ServiceCode, at choice: SlotChoice, to person: PersonView, through channel: Channel, at now: Instant
  ) throws(CommandRefusal) -> Offer {
    guard let service = self.service(service), service.bookableBy.contains(channel) else { throw .serviceNotOffered }
    guard let resource = clinic.resource(choice.resource), resource.services.contains(service.code) else {
      throw .resourceNotOffered
    }
    guard now < zone.instant(of: choice.date, minute: choice.start) else { throw .slotInThePast }
    let last = horizon(at: now)
    guard choice.date <= last else { throw .beyondHorizon(last: last) }
    let agenda = turnoAgendas(of: choice.resource, on: choice.date).first { $0.hours.contains(choice.start) }
    if let agenda, let opening = opening(agenda.share, on: choice.date), now < opening { throw .notReleased(at: opening) }
    guard let agenda, agenda.closed == nil else { throw .closed }
    let slot = try openTime(at: choice, of: agenda, length: service.slotMinutes)
    if isExternal(slot) { throw .externalAgenda }
    // A night that begins on the last covered day is covered to its end: the agenda's date decides.
    if service.requiresRights, !person.coverage.covers(choice.date) { throw .rightsEndBefore(last: person.coverage.last) }
    if service.requiresRights, let elsewhere = person.elsewhere, elsewhere.from <= choice.date { throw .caredElsewhere(elsewhere) }
    guard resource.isReachable(by: person) else { throw .notAccessible }
    return Offer(service: service, turno: agenda.turno, slot: slot, hours: agenda.hours, share: agenda.share)
  }

  /// The slot that begins at a choice.
  ///
  /// - Throws: ``CommandRefusal/closed`` when any part of it lies outside an open stretch, then ``CommandRefusal/notOnGrid``.
  private func openTime(
    at choice: SlotChoice, of agenda: TurnoAgenda, length: Int
  ) throws(CommandRefusal) -> Slot {
    guard
      let stretch = agenda.stretches.first(where: { $0.contains(choice.start) }),
      let end = choice.start.adding(minutes: length), end <= stretch.upperBound
    else { throw .closed }
    let slot = Slot(resource: choice.resource, date: choice.date, minutes: choice.start..<end)
    guard takesTime(slot) else { throw .closed }
    guard (choice.start.minutes - stretch.lowerBound.minutes).isMultiple(of: length) else { throw .notOnGrid }
    return slot
  }
}

extension AgendaResource {
  /// Whether a person with these needs gets to it.
  func isReachable(by person: PersonView) -> Bool { floor == 0 || !person.needsNoStairs }
}

extension Rights.Coverage {
  /// The last covered date; `nil` when there is none, or none is known.
  var last: CivilDate? {
    if case .through(let last) = self { last } else { nil }
  }
}
