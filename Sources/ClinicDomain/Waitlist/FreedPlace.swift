/// A slot that somebody left: first offered to those who wait, then to whoever comes.
package struct FreedPlace: Hashable, Sendable {
  package enum Source: String, Hashable, Sendable, CaseIterable {
    case cancellation
    case noShow = "no-show"
    /// A closure was lifted.
    case reopening
  }

  package enum State: String, Hashable, Sendable, CaseIterable {
    /// Kept for those who wait, until ``FreedPlace/until``. Can become any of the others.
    case offered
    /// Somebody accepted it. Terminal.
    case given
    /// Nobody took it: kept for today's walk-ins until it begins. Can become `given`.
    case forWalkIns = "walk-ins"
    /// Nobody took it, and its day is still to come: anybody's. Terminal.
    case released
  }

  /// The folio that left it; for a reopened slot a number below all folios.
  package var id: Int64
  package var slot: Slot
  package var service: ServiceCode
  package var turno: TurnoCode
  package var source: Source
  /// Of the appointment that left it: the share it counts in.
  package var channel: Channel
  package var state: State
  /// In `offered` and `forWalkIns`: kept from everybody else until here, whether or not anybody writes down that it is over.
  package var until: Instant
  /// Who has it now.
  package var takenBy: Folio?
  package var freedAt: Instant
  package var changedAt: Instant

  package init(
    id: Int64, slot: Slot, service: ServiceCode, turno: TurnoCode, source: Source, channel: Channel, state: State, until: Instant,
    takenBy: Folio? = nil, freedAt: Instant, changedAt: Instant
  ) {
    self.id = id
    self.slot = slot
    self.service = service
    self.turno = turno
    self.source = source
    self.channel = channel
    self.state = state
    self.until = until
    self.takenBy = takenBy
    self.freedAt = freedAt
    self.changedAt = changedAt
  }

  /// Whether it is kept from everybody else.
  package var isKept: Bool { state == .offered || state == .forWalkIns }

  package func changed(_ change: (inout Self) -> Void, at now: Instant) -> Self {
    var place = self
    change(&place)
    place.changedAt = now
    return place
  }
}

/// A freed place, offered to one person who waits. Of the offers of one place at most one is accepted.
package struct SlotOffer: Hashable, Sendable {
  package enum State: String, Hashable, Sendable, CaseIterable {
    /// Until ``SlotOffer/expiresAt``. Can become any of the others.
    case open
    case accepted, declined, expired
    /// Somebody else accepted first, or the place is no more.
    case withdrawn
  }

  package var id: Int64
  package var place: Int64
  package var entry: Int64
  package var patient: PatientID
  package var state: State
  package var offeredAt: Instant
  package var expiresAt: Instant
  package var changedAt: Instant

  package init(
    id: Int64, place: Int64, entry: Int64, patient: PatientID, state: State = .open, offeredAt: Instant, expiresAt: Instant,
    changedAt: Instant
  ) {
    self.id = id
    self.place = place
    self.entry = entry
    self.patient = patient
    self.state = state
    self.offeredAt = offeredAt
    self.expiresAt = expiresAt
    self.changedAt = changedAt
  }

  package func isOpen(at now: Instant) -> Bool { state == .open && now < expiresAt }

  package func changed(to state: State, at now: Instant) -> Self {
    var offer = self
    offer.state = state
    offer.changedAt = now
    return offer
  }
}
