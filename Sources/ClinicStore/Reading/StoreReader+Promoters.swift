package import ClinicDomain

extension StoreReader {
  /// A promoter's list, whatever has become of each listing; by number.
  package func listings(of promoter: String) throws(StoreFault) -> [PromoterListing] {
    let rows = try statement("SELECT \(PromoterListing.columns) FROM promoter_listing WHERE promoter = ? ORDER BY number")
    rows.bind(promoter, at: 1)
    return try rows.all { row throws(StoreFault) in try PromoterListing(row) }
  }

  /// What was booked under a listing; by folio.
  package func bookings(of listing: PromoterListing) throws(StoreFault) -> [PromoterBooking] {
    let rows = try statement("SELECT \(PromoterBooking.columns) FROM promoter_booking WHERE listing = ? ORDER BY appointment")
    rows.bind(listing.id, at: 1)
    return try rows.all { row throws(StoreFault) in try PromoterBooking(row) }
  }
}
