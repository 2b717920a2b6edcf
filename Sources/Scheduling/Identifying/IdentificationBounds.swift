package import ClinicDomain

/// How many failed identifications are borne; uses are never counted, so whoever gets it right is never in anybody's way.
///
/// Source: domain and RELIABILITY C.3. Nothing here depends on whether an identifier is anybody's.
package struct IdentificationBounds: Hashable, Sendable {
  /// Failures of one visit at a screen or one call, 3: a person mistypes one try in six or seven, so all three once in 300; then the
  /// desk is quicker than the keys.
  package var perVisit = 3
  /// Failures of one identifier through one kind of door in a day of the clinic, 5: an NSS, whose holder's year of birth it tells,
  /// stands against 365 birth dates, so a stranger needs two months. Door by door, so that a stranger at the telephone does not
  /// shut the kiosk to the person, and never the desk.
  package var perPersonAndDay = 5
  /// Failures of one kiosk in an hour, 20: 30 people an hour with 15 % of mistypings make 5.3 ± 2.3, and more than 20 once in millions
  /// of hours. Then it identifies nobody until staff have looked at it.
  package var perDeviceAndHour = 20
  /// Failures of one kiosk in a day, 120: twelve busy hours make 64 ± 8. Whoever stays below the hour's limit ends here.
  package var perDeviceAndDay = 120
  /// Failures of the clinic in an hour that raise the alarm, 100: 600 people in the busiest hour make 106. It refuses nobody.
  package var alarmPerHour = 100

  package init() {}
}

/// What was counted against one attempt before it.
package struct FailureCounts: Hashable, Sendable {
  /// Of its visit or call; 0 when it has none.
  package var visit: Int
  /// Of its identifier, through its kind of door, today.
  package var person: Int
  /// Whether its kiosk waits for staff.
  package var deviceIsLocked: Bool

  package init(visit: Int = 0, person: Int = 0, deviceIsLocked: Bool = false) {
    self.visit = visit
    self.person = person
    self.deviceIsLocked = deviceIsLocked
  }
}

/// Why an attempt is not even looked at. Cases stand in the order in which they are checked.
package enum IdentificationBound: Error, Hashable, Sendable, CaseIterable {
  case device
  case visit
  case person
}

extension IdentificationBounds {
  /// Whether an attempt may be looked at. The desk always may: a person of the clinic sees who stands there.
  ///
  /// - Throws: the first bound that applies, in the order of ``IdentificationBound``.
  package func judge(_ counts: FailureCounts, at channel: Channel) throws(IdentificationBound) {
    guard channel != .desk else { return }
    if channel == .kiosk, counts.deviceIsLocked { throw .device }
    if counts.visit >= perVisit { throw .visit }
    if counts.person >= perPersonAndDay { throw .person }
  }

  /// Whether a kiosk is locked after a failure.
  ///
  /// - Parameters:
  ///   - hour: its failures in the last hour since it was unlocked last, this one among them.
  ///   - day: those of the last 24 hours.
  package func locks(hour: Int, day: Int) -> Bool { hour >= perDeviceAndHour || day >= perDeviceAndDay }
}
