/// What one person may do for another: these things and no other.
package struct ProxyRights: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Sees their appointments and what they wait for.
  package static let see = ProxyRights(rawValue: 1)
  /// Makes appointments, holds slots, joins the waitlist.
  package static let book = ProxyRights(rawValue: 2)
  /// Changes the date of an appointment, confirms it, cancels it.
  package static let change = ProxyRights(rawValue: 4)
  /// Sees the birth plan.
  package static let plan = ProxyRights(rawValue: 8)
  /// Sees what they are cared for again and again, and what is done together with others: everything else that an agenda tells.
  package static let care = ProxyRights(rawValue: 16)

  /// What the law gives parents, and what a whole consent gives: everything about appointments. The birth plan is only its author's.
  package static let agenda: ProxyRights = [.see, .book, .change, .care]
  package static let all: ProxyRights = [.see, .book, .change, .care, .plan]

  /// Something is given, and who may book or change may also see: otherwise a refusal would tell them what they may not know.
  package var areLegal: Bool {
    !isEmpty && isSubset(of: .all) && (isDisjoint(with: [.book, .change, .care]) || contains(.see))
  }
}

/// A permission with exactly these rights, from one person to another. It ends when it is revoked, or after its last day; the row stays.
package struct Proxy: Hashable, Sendable {
  /// What it stands on.
  package enum Basis: String, Hashable, Sendable, CaseIterable {
    /// The person said so themselves, or staff wrote down that they did.
    case person
    /// The grantee is the mother of a newborn.
    case newborn
  }

  /// 1, 2 … in the order of granting.
  package var id: Int64
  package var grantor: PatientID
  package var grantee: PatientID
  package var basis: Basis
  package var rights: ProxyRights
  /// The first day.
  package var from: CivilDate
  /// The last day, not before the first; `nil` until it is revoked.
  package var until: CivilDate?
  /// Who wrote it down, as the history names them: the grantor's own number, or somebody of the clinic.
  package var recordedBy: String
  package var grantedAt: Instant
  package var revokedAt: Instant?

  package init(
    id: Int64, grantor: PatientID, grantee: PatientID, basis: Basis, rights: ProxyRights, from: CivilDate, until: CivilDate? = nil,
    recordedBy: String, grantedAt: Instant, revokedAt: Instant? = nil
  ) {
    self.id = id
    self.grantor = grantor
    self.grantee = grantee
    self.basis = basis
    self.rights = rights
    self.from = from
    self.until = until
    self.recordedBy = recordedBy
    self.grantedAt = grantedAt
    self.revokedAt = revokedAt
  }

  /// Whether it gives anything on a date.
  package func stands(on date: CivilDate) -> Bool { revokedAt == nil && from <= date && until.map { date <= $0 } ?? true }
}

extension Patient {
  /// The flag of a person who was registered at their mother's record, without NSS and CURP, among ``needs``.
  package static let newborn = "recien_nacido"

  /// How long after the birth somebody is registered at their mother's record, in days: the neonatal period.
  package static let newbornDays = 28
}

/// Whose child a newborn is, and the how many-eth that was registered at her record.
package struct Newborn: Hashable, Sendable {
  package var child: PatientID
  package var mother: PatientID
  /// 1, 2 … by mother.
  package var ordinal: Int
  package var birthDate: CivilDate
  package var registeredAt: Instant

  package init(child: PatientID, mother: PatientID, ordinal: Int, birthDate: CivilDate, registeredAt: Instant) {
    self.child = child
    self.mother = mother
    self.ordinal = ordinal
    self.birthDate = birthDate
    self.registeredAt = registeredAt
  }
}
