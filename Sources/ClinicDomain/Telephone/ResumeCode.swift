/// A code of six digits with which a person goes on by telephone with what they began elsewhere: a hold or an appointment.
///
/// The digits are not here: the store has them under the clinic's key only.
package struct ResumeCode: Hashable, Sendable {
  /// Ascending in the order of making.
  package let id: Int64
  /// The six digits under the clinic's key, 32 bytes.
  package var index: [UInt8]
  /// The hold or appointment.
  package var folio: Folio
  package var patient: PatientID
  package var channel: Channel
  package var madeAt: Instant
  package var expiresAt: Instant
  /// A later code for the same took its place; `nil` while it is the one.
  package var endedAt: Instant?
  /// The last time somebody went on with it.
  package var usedAt: Instant?

  /// - Precondition: `index` has 32 bytes.
  package init(
    id: Int64, index: [UInt8], folio: Folio, patient: PatientID, channel: Channel, madeAt: Instant, expiresAt: Instant,
    endedAt: Instant? = nil, usedAt: Instant? = nil
  ) {
    precondition(index.count == 32, "an index under the clinic's key is 32 bytes")
    self.id = id
    self.index = index
    self.folio = folio
    self.patient = patient
    self.channel = channel
    self.madeAt = madeAt
    self.expiresAt = expiresAt
    self.endedAt = endedAt
    self.usedAt = usedAt
  }

  /// Whether it opens anything.
  package func stands(at now: Instant) -> Bool { endedAt == nil && now < expiresAt }
}
