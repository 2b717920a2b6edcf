package import ClinicDomain

/// What can be asked about community promoters and the people on their lists.
package enum PromoterCommand: Hashable, Sendable {
  case grant(GrantListing)
  case revoke(RevokeListing)
  case book(BookForListed)

  var authorship: Authorship {
    switch self {
    case .grant(let grant): Authorship(grant.actor, .grantListing)
    case .revoke(let revoke): Authorship(revoke.actor, .revokeListing)
    case .book(let book): Authorship(.promoter(book.promoter), .bookForListed, through: .desk)
    }
  }

  /// Where a new folio begins.
  package var folioSeed: UInt64 { if case .book(let book) = self { book.folioSeed } else { 0 } }

  func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant, folio: Folio
  ) throws(CommandRefusal) -> Decision<CommandOutcome> {
    switch self {
    case .grant(let grant): try grant.decide(in: scope, rules: rules, at: now).outcome(CommandOutcome.listing)
    case .revoke(let revoke): try revoke.decide(in: scope, at: now).outcome(CommandOutcome.listing)
    case .book(let book): try book.decide(in: scope, rules: rules, at: now, folio: folio).outcome(CommandOutcome.appointment)
    }
  }
}

/// Why something is refused that is about a promoter.
package enum PromoterRefusal: Hashable, Sendable {
  /// Nobody on the promoter's list has that number today: never given, taken back or run out, all one answer.
  case notListed
  /// The last day is before today or too far away.
  case untilOutOfRange(last: CivilDate)
  /// No slot is free that the person could have.
  case nothingFree
}

/// What a decision about a promoter reads.
package struct PromoterScope: Hashable, Sendable {
  /// Of one promoter, by number: all of them, or the one that is named.
  package var listings: [PromoterListing]
  package var nextListing: Int64
  /// The appointments that the promoter made for the named person.
  package var booked: [Folio]

  package init(listings: [PromoterListing] = [], nextListing: Int64 = 1, booked: [Folio] = []) {
    self.listings = listings
    self.nextListing = nextListing
    self.booked = booked
  }
}

/// What a command about a promoter touches.
package enum PromoterChange: Hashable, Sendable {
  /// A new listing, or how the one of that id now reads.
  case listing(PromoterListing)
  /// A new booking.
  case booking(PromoterBooking)
}
