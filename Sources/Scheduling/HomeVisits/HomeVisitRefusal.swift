package import ClinicDomain

/// Why somebody cannot be visited at home so. Cases stand in the order in which they are checked.
package enum HomeVisitRefusal: Hashable, Sendable {
  /// Neither the request nor the person's record says it.
  case missing(HomeVisitField)
  /// The clinic has no such consultorio or turno.
  case unknown(HomeVisitField)
  /// The clinic does not go to that postal code.
  case noZone
  /// Before 08:00 or after 20:00.
  case outsideHours
  /// The zone is not visited on that weekday, or not by that professional.
  case notVisited(zone: String)
  /// The zone has as many visits on that date as it may.
  case zoneFull(cap: Int)
}

/// What a decision reads of visits at home.
package struct HomeVisitScope: Hashable, Sendable {
  /// Of the named appointment; of somebody who waits, the one of their latest.
  package var visit: HomeVisit?
  /// Of the zone that it is about, from today on; by date.
  package var days: [HomeVisitDay]

  package init(visit: HomeVisit? = nil, days: [HomeVisitDay] = []) {
    self.visit = visit
    self.days = days
  }
}

extension HomeVisitPolicy {
  /// Holds a visit against its zone: the hours, the weekday, who goes, and how many stand already.
  ///
  /// - Parameter visits: of the zone on that date, this one left aside.
  func check(_ slot: Slot, zone code: String, visits: Int) throws(CommandRefusal) {
    guard let zone = zone(code) else { throw .homeVisit(.noZone) }
    guard Self.hours.lowerBound <= slot.minutes.lowerBound, slot.minutes.upperBound <= Self.hours.upperBound else {
      throw .homeVisit(.outsideHours)
    }
    guard zone.weekdays.contains(slot.date.weekday), zone.professionals.contains(slot.resource) else {
      throw .homeVisit(.notVisited(zone: code))
    }
    guard visits < zone.visitsPerDay else { throw .homeVisit(.zoneFull(cap: zone.visitsPerDay)) }
  }
}
