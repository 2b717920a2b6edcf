package import ClinicDomain

/// Puts a person on a promoter's list, until a day; again, gives them another last day under the same number.
package struct GrantListing: Hashable, Sendable {
  package var actor: Actor
  package var promoter: StaffName
  package var patient: PatientID
  package var until: CivilDate

  /// People that one promoter may ever have had on their list: more than a neighbourhood's committee looks after.
  package static let maximumPeople = 200
  /// Days that a listing may last; who is looked after longer is granted again.
  package static let maximumDays = 366

  package init(actor: Actor, promoter: StaffName, patient: PatientID, until: CivilDate) {
    self.actor = actor
    self.promoter = promoter
    self.patient = patient
    self.until = until
  }
}

extension GrantListing {
  /// - Throws: in this order, `notAllowed` (not staff, or a person nobody knows), ``PromoterRefusal/untilOutOfRange(last:)``, `limitReached`.
  func decide(in scope: CommandScope, rules: ClinicRules, at now: Instant) throws(CommandRefusal) -> Decision<PromoterListing> {
    guard case .staff = actor, let person = scope.patient else { throw .notAllowed }
    let today = rules.today(at: now)
    let last = today.advanced(by: Self.maximumDays)
    guard today <= until, until <= last else { throw .promoter(.untilOutOfRange(last: last)) }
    let known = scope.promoter.listings
    if var listing = known.first(where: { $0.patient == person.id }) {
      (listing.until, listing.revokedAt, listing.changedAt) = (until, nil, now)
      return Decision(listing, [.promoter(.listing(listing))])
    }
    guard known.count < Self.maximumPeople else { throw .limitReached(allowed: Self.maximumPeople) }
    let listing = PromoterListing(
      id: scope.promoter.nextListing, promoter: promoter.text, number: (known.map(\.number).max() ?? 0) + 1, patient: person.id,
      until: until, changedAt: now)
    return Decision(listing, [.promoter(.listing(listing))])
  }
}

/// Takes a person off a promoter's list, at once; again, changes nothing.
package struct RevokeListing: Hashable, Sendable {
  package var actor: Actor
  package var promoter: StaffName
  package var number: Int

  package init(actor: Actor, promoter: StaffName, number: Int) {
    self.actor = actor
    self.promoter = promoter
    self.number = number
  }
}

extension RevokeListing {
  /// - Throws: `notAllowed` for anybody but staff, ``PromoterRefusal/notListed`` for a number that nobody ever had.
  func decide(in scope: CommandScope, at now: Instant) throws(CommandRefusal) -> Decision<PromoterListing> {
    guard case .staff = actor else { throw .notAllowed }
    guard var listing = scope.promoter.listings.first(where: { $0.number == number }) else { throw .promoter(.notListed) }
    guard listing.revokedAt == nil else { return Decision(listing, []) }
    (listing.revokedAt, listing.changedAt) = (now, now)
    return Decision(listing, [.promoter(.listing(listing))])
  }
}
