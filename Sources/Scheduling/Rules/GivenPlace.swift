package import ClinicDomain

/// An appointment as a check of the night looks at it: whether the place could be given when it was, from the row and the rules alone.
package struct GivenPlace: Hashable, Sendable {
  package var folio: Folio
  package var slot: Slot
  package var channel: Channel
  package var createdAt: Instant
  /// From when on it was nobody's; ``Instant/latest`` while it is theirs.
  package var leftAt: Instant

  package init(folio: Folio, slot: Slot, channel: Channel, createdAt: Instant, leftAt: Instant) {
    self.folio = folio
    self.slot = slot
    self.channel = channel
    self.createdAt = createdAt
    self.leftAt = leftAt
  }

  /// Which rule of sharing it goes past.
  package enum Breach: Hashable, Sendable, CaseIterable {
    /// Another system gives these hours.
    case external
    /// The date's places opened later.
    case beforeRelease
    /// Its channel had no place left of its own or of nobody's.
    case othersShare
  }
}

extension ClinicRules {
  /// Which rule a booking went past when it was made; `nil` when none is sure to have been.
  ///
  /// - Parameter others: what is sure to have stood on its agenda's date at some time: also as a hold, from when it was made, if it was booked
  ///   or still stands. What is not sure is left out, which is kept places, and holds that ended unbooked, of which no row says when. With less
  ///   that stands there, less is denied: a booking that one of those should have kept out may be passed over, and nothing is called wrong
  ///   that was right.
  package func breach(of place: GivenPlace, among others: [GivenPlace]) -> GivenPlace.Breach? {
    if isExternal(place.slot) { return .external }
    guard let turno = turnoAgendas(of: place.slot.resource, on: place.slot.date).first(where: { $0.hours.contains(place.slot.start) }) else {
      return nil
    }
    if let opening = opening(turno.share, on: place.slot.date), place.createdAt < opening { return .beforeRelease }
    var share = turno.share
    // The cap is asked by itself, with who may exceed it.
    share.cap = nil
    guard share.quotas != nil else { return nil }
    var load = TurnoLoad()
    for other in others
    where other.createdAt < place.createdAt && place.createdAt < other.leftAt && turno.hours.contains(other.slot.start)
      && !isExternal(other.slot)
    {
      load[other.channel] += 1
    }
    let hold = sharesHold(share, hours: turno.hours, on: place.slot.date, at: place.createdAt)
    return share.denial(for: place.channel, load: load, sharesHold: hold) == nil ? nil : .othersShare
  }

  /// Whether any rule says who may have places when.
  package var sharesPlaces: Bool { !clinic.capacity.quotas.isEmpty || !clinic.capacity.releases.isEmpty || !clinic.owners.isEmpty }

  /// Whether channels have shares of a slot's turno.
  package func isShared(_ slot: Slot) -> Bool {
    turnoAgendas(of: slot.resource, on: slot.date).first { $0.hours.contains(slot.start) }?.share.quotas != nil
  }
}
