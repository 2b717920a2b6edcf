internal import ClinicDomain
internal import Scheduling

// MARK: - What a decision about visits at home reads

extension StoreCore {
  /// Of a visit that is asked for, how many its zone has; of an appointment that is one, and of whoever waits for one, where it is too.
  func fetchHomeVisits(
    of command: Command, _ policy: HomeVisitPolicy, into scope: inout CommandScope, at now: Instant
  ) throws(StoreFault) {
    var zone: String?
    switch command {
    case .homeVisit(let request): zone = policy.zone(of: request.form.address.postalCode)?.code
    case .waitlist, .closure(.placeDisplaced):
      guard let patient = scope.patient else { return }
      let rows = try statements[.latestHomeVisit]
      rows.bind(patient.id.rawValue, at: 1)
      scope.home.visit = try rows.all { row throws(StoreFault) in try HomeVisit(row) }.first
    default:
      guard let named = scope.named, named.service == policy.service else { return }
      let rows = try statements[.homeVisit]
      rows.bind(Int64(named.folio.number), at: 1)
      scope.home.visit = try rows.all { row throws(StoreFault) in try HomeVisit(row) }.first
    }
    guard let zone = zone ?? scope.home.visit?.zone else { return }
    let days = try statements[.homeVisitDays]
    days.bind(Int64(rules.today(at: now).daysSinceEpoch), at: 1)
    days.bind(zone, at: 2)
    scope.home.days = try days.all { row throws(StoreFault) in try HomeVisitDay(row) }
  }
}
