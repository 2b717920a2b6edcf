internal import ClinicDomain

/// What a person is bound to at an instant: appointments and holds that are still to come or going on.
///
/// An appointment counts until its slot has ended, whether or not anybody wrote down that the person came; a hold counts while
/// it is alive.
struct Commitments {
  let appointments: [Appointment]
  /// How many count in the limits: what a series gives is nobody's wish, and the sessions of a chair fill every week.
  private let counted: [Appointment]
  let rules: ClinicRules

  /// - Parameter series: folios of appointments that a series gave.
  init(of active: [Appointment], inSeries series: [Folio] = [], rules: ClinicRules, at now: Instant) {
    self.rules = rules
    appointments = active.filter { $0.status.isActive && $0.occupies(at: now) && now < rules.end(of: $0.slot) }
    counted = appointments.filter { !series.contains($0.folio) }
  }

  /// The person's own live hold of exactly this offer.
  func hold(of offer: Offer) -> Appointment? {
    appointments.first { $0.status == .pending && $0.slot == offer.slot && $0.service == offer.service.code }
  }

  /// Refuses one more, of a service, beyond what the clinic allows.
  ///
  /// Holds count as appointments do, so that a hold can always be booked. Checked in this order: holds at once (for a new
  /// hold), appointments for the service, appointments in all.
  ///
  /// - Throws: ``CommandRefusal/limitReached(allowed:)`` with the number that is reached.
  func checkRoom(for service: Service, asHold: Bool) throws(CommandRefusal) {
    let policy = rules.clinic.policy
    if asHold, counted.count(where: { $0.status == .pending }) >= policy.maxHoldsPerPatient {
      throw .limitReached(allowed: policy.maxHoldsPerPatient)
    }
    if counted.count(where: { $0.service == service.code }) >= service.maxActivePerPatient {
      throw .limitReached(allowed: service.maxActivePerPatient)
    }
    if counted.count >= policy.maxActivePerPatient { throw .limitReached(allowed: policy.maxActivePerPatient) }
  }

  /// Refuses one more, beyond what the people of one NSS may have together.
  ///
  /// Sessions on a chair count for nobody: who needs one three times a week would use up all that the family may have.
  ///
  /// - Parameter others: what the others of the NSS have.
  /// - Throws: ``CommandRefusal/householdLimitReached(allowed:)``.
  func checkHousehold(_ others: [Appointment], at now: Instant) throws(CommandRefusal) {
    guard let allowed = rules.clinic.policy.maxActivePerHousehold else { return }
    let theirs = Commitments(of: others, rules: rules, at: now).appointments
      .count { !rules.isConfidential($0.service) && rules.clinic.series.chairs(of: $0.service) == nil }
    if counted.count + theirs >= allowed { throw .householdLimitReached(allowed: allowed) }
  }

  /// The first that overlaps a slot on the wall clock, on whatever agenda.
  func clash(with slot: Slot) -> Appointment? {
    appointments.first { $0.slot.overlapsOnTheWall(slot) }
  }
}

extension Slot {
  /// Whether one person would have to be in two places: dates count, so that 24:30 of one agenda meets 00:30 of the next day's.
  func overlapsOnTheWall(_ other: Slot) -> Bool { wallMinutes.overlaps(other.wallMinutes) }

  /// Minutes since 1970 on the clinic's wall clock.
  private var wallMinutes: Range<Int> {
    let midnight = date.daysSinceEpoch * 1440
    return (midnight + minutes.lowerBound.minutes)..<(midnight + minutes.upperBound.minutes)
  }
}
