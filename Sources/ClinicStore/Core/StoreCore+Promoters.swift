internal import ClinicDomain
internal import Scheduling

// MARK: - What a decision about promoters reads

extension StoreCore {
  func fetch(_ command: PromoterCommand, into scope: inout CommandScope, at now: Instant) throws(StoreFault) {
    switch command {
    case .grant(let grant):
      scope.patient = try patient(grant.patient)
      scope.promoter.listings = try listings(of: grant.promoter)
      scope.promoter.nextListing = try connection.integer("SELECT coalesce(max(id), 0) FROM promoter_listing") + 1
    case .revoke(let revoke): scope.promoter.listings = try listings(of: revoke.promoter).filter { $0.number == revoke.number }
    case .book(let book): try fetch(book, into: &scope, at: now)
    }
  }

  /// Nothing is read of somebody who is not on the list.
  private func fetch(_ book: BookForListed, into scope: inout CommandScope, at now: Instant) throws(StoreFault) {
    let today = rules.today(at: now)
    let listings = try listings(of: book.promoter).filter { $0.number == book.number && $0.stands(on: today) }
    guard let listing = listings.first, let person = try patient(listing.patient) else { return }
    scope.promoter.listings = listings
    scope.patient = person
    scope.active = try activeAppointments(of: person.id)
    let rows = try statements[.promoterBookings]
    rows.bind(listing.id, at: 1)
    scope.promoter.booked = try rows.all { row throws(StoreFault) in try PromoterBooking(row) }.map(\.appointment)
    // What the person has already, confidential or not, is nowhere that they are sent to.
    guard let found = index.find(book.search(for: PersonView(person, active: scope.active)), at: now).first else { return }
    scope.found = found.slot.choice
    scope.members = [try self.scope(of: .book(book.booking(for: person.id, at: found.slot.choice)), at: now)]
  }

  private func listings(of promoter: StaffName) throws(StoreFault) -> [PromoterListing] {
    let rows = try statements[.promoterListings]
    rows.bind(promoter.text, at: 1)
    return try rows.all { row throws(StoreFault) in try PromoterListing(row) }
  }

  func write(_ change: PromoterChange, _ author: Authorship, _ command: StoreCommand, _ now: Instant) throws(StoreFault) {
    switch change {
    case .listing(let listing):
      try upsert(listing, .upsertListing, AuditObject(rowOf: "promoter_listing", key: listing.id), author, command, now)
    case .booking(let booking):
      try upsert(
        booking, .insertPromoterBooking, AuditObject(rowOf: "promoter_booking", key: Int64(booking.appointment.number)), author, command, now)
    }
  }
}
