/// A person whom a community promoter may book for. Never deleted: it ends with its last day, or when it is taken back.
package struct PromoterListing: Hashable, Sendable {
  /// From 1, unique in the store.
  package var id: Int64
  /// Who the promoter is, as their connection proves it: a certificate's device, a system's user.
  package var promoter: String
  /// What the promoter knows the person by: 1, 2 … of their own list, never given to anybody else of it.
  package var number: Int
  package var patient: PatientID
  /// The last day.
  package var until: CivilDate
  /// When it was taken back before that; `nil` while it was not.
  package var revokedAt: Instant?
  package var changedAt: Instant

  package init(
    id: Int64, promoter: String, number: Int, patient: PatientID, until: CivilDate, revokedAt: Instant? = nil, changedAt: Instant
  ) {
    self.id = id
    self.promoter = promoter
    self.number = number
    self.patient = patient
    self.until = until
    self.revokedAt = revokedAt
    self.changedAt = changedAt
  }

  package func stands(on date: CivilDate) -> Bool { revokedAt == nil && date <= until }
}

/// An appointment that a promoter made: those, and no others, are theirs to see.
package struct PromoterBooking: Hashable, Sendable {
  package var appointment: Folio
  /// ``PromoterListing/id``.
  package var listing: Int64

  package init(appointment: Folio, listing: Int64) {
    self.appointment = appointment
    self.listing = listing
  }
}
