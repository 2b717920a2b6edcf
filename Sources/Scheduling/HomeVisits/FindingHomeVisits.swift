package import ClinicDomain

/// A search for visits at home.
package struct FindHomeVisits: Hashable, Sendable {
  /// A ``HomeZone/code``.
  package var zone: String
  package var person: PersonView?
  package var channel: Channel
  /// Only this date.
  package var date: CivilDate?
  /// Nothing before this date.
  package var earliestDate: CivilDate?
  package var limit: Int

  package init(
    zone: String, person: PersonView?, channel: Channel, date: CivilDate? = nil, earliestDate: CivilDate? = nil, limit: Int = 6
  ) {
    self.zone = zone
    self.person = person
    self.channel = channel
    self.date = date
    self.earliestDate = earliestDate
    self.limit = limit
  }
}

extension AgendaIndex {
  /// The free slots of a zone's professionals on its days, by date, start and professional; none of a date that has its visits already.
  ///
  /// - Parameter days: how many visits of the zone stand.
  /// - Complexity: O(dates × professionals) searches of one date until the limit is reached.
  package func find(_ query: FindHomeVisits, days: [HomeVisitDay], at now: Instant) -> [FoundSlot] {
    guard let policy = rules.clinic.homeVisits, let zone = policy.zone(query.zone) else { return [] }
    let first = [rules.today(at: now), query.earliestDate, query.date].compactMap(\.self).max()!
    let last = [rules.horizon(at: now), query.date].compactMap(\.self).min()!
    guard first <= last else { return [] }
    var found: [FoundSlot] = []
    for date in first...last where zone.weekdays.contains(date.weekday) {
      guard found.count < query.limit else { break }
      guard days.count(on: date) < zone.visitsPerDay else { continue }
      var free: [FoundSlot] = []
      for professional in zone.professionals {
        free += find(
          FindSlots(
            service: policy.service, person: query.person, channel: query.channel, date: date, resource: professional, limit: 200),
          at: now)
      }
      let hours = HomeVisitPolicy.hours
      free.removeAll { $0.slot.start < hours.lowerBound || hours.upperBound < $0.slot.minutes.upperBound }
      free.sort { ($0.slot.start, $0.slot.resource) < ($1.slot.start, $1.slot.resource) }
      found += free.prefix(query.limit - found.count)
    }
    return found
  }
}
