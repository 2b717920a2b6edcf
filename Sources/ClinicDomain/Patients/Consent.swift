/// An adult's permission that another adult of the same NSS sees and makes their appointments.
///
/// It stands from `grantedAt` until it is revoked; revoking takes effect with the next command. Its row
/// stays; granted again, it reads so.
package struct Consent: Hashable, Sendable {
  package var grantor: PatientID
  package var grantee: PatientID
  package var grantedAt: Instant
  /// `nil` while it stands.
  package var revokedAt: Instant?

  package init(grantor: PatientID, grantee: PatientID, grantedAt: Instant, revokedAt: Instant? = nil) {
    self.grantor = grantor
    self.grantee = grantee
    self.grantedAt = grantedAt
    self.revokedAt = revokedAt
  }
}
