/// Where, when and by whom a clinic visits people at home.
package struct HomeVisitPolicy: Hashable, Sendable {
  /// The service whose appointments are visits.
  package var service: ServiceCode
  /// In the order of the file, which is the order of a day's route.
  package var zones: [HomeZone]

  package init(service: ServiceCode, zones: [HomeZone]) {
    self.service = service
    self.zones = zones
  }

  /// A visit begins and ends within them.
  ///
  /// Source: domain, 4.5 (visits 08:00–20:00).
  package static let hours = AgendaMinute(minutes: 480)!..<AgendaMinute(minutes: 1200)!

  /// The zone that a postal code is of; `nil` where the clinic does not go.
  package func zone(of code: PostalCode) -> HomeZone? { zones.first { $0.covers(code) } }

  package func zone(_ code: String) -> HomeZone? { zones.first { $0.code == code } }
}

/// A part of the clinic's surroundings that is visited together.
package struct HomeZone: Hashable, Sendable {
  /// A stable word: `norte`.
  package var code: String
  package var name: String
  /// No postal code is of two zones.
  package var postalCodes: [ClosedRange<PostalCode>]
  package var weekdays: [Weekday]
  /// Who goes, in the order in which they are tried; each has an agenda that gives the service.
  package var professionals: [ResourceID]
  /// Of all of them together on one date.
  package var visitsPerDay: Int

  package init(
    code: String, name: String, postalCodes: [ClosedRange<PostalCode>], weekdays: [Weekday], professionals: [ResourceID],
    visitsPerDay: Int
  ) {
    self.code = code
    self.name = name
    self.postalCodes = postalCodes
    self.weekdays = weekdays
    self.professionals = professionals
    self.visitsPerDay = visitsPerDay
  }

  package func covers(_ code: PostalCode) -> Bool { postalCodes.contains { $0.contains(code) } }
}

/// How many visits of a zone stand on a date.
package struct HomeVisitDay: Hashable, Sendable {
  package var date: CivilDate
  package var visits: Int

  package init(date: CivilDate, visits: Int) {
    self.date = date
    self.visits = visits
  }
}
