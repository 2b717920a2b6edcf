/// A stretch of a further agenda that an appointment occupies besides its own. It stands exactly while its appointment keeps a place.
package struct AgendaClaim: Hashable, Sendable {
  /// Whose it is.
  package var appointment: Folio
  /// 1, 2 … in the order of the service's roles.
  package var place: Int
  /// ``CompanionRole/code``.
  package var role: String
  package var slot: Slot
  /// The appointment's.
  package var channel: Channel
  /// When it ends by itself, of a hold; `nil` otherwise.
  package var until: Instant?
  package var isStanding: Bool
  package var changedAt: Instant

  package init(
    appointment: Folio, place: Int, role: String, slot: Slot, channel: Channel, until: Instant? = nil, isStanding: Bool = true,
    changedAt: Instant
  ) {
    self.appointment = appointment
    self.place = place
    self.role = role
    self.slot = slot
    self.channel = channel
    self.until = until
    self.isStanding = isStanding
    self.changedAt = changedAt
  }

  /// How it stands when its appointment stands so.
  package func following(_ appointment: Appointment) -> AgendaClaim {
    var claim = self
    claim.isStanding = appointment.holdsSlot
    claim.until = appointment.holdExpiresAt
    if claim != self { claim.changedAt = appointment.changedAt }
    return claim
  }
}
