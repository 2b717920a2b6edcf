package import ClinicDomain

extension ClinicRules {
  /// When a turno's places of a date can be reserved for the first time; `nil` when only the horizon decides.
  func opening(_ share: TurnoShare, on date: CivilDate) -> Instant? {
    share.opening.map { zone.instant(of: date.advanced(by: -$0.daysAhead), minute: $0.minute) }
  }

  /// Whether a turno's places of a date can be reserved.
  ///
  /// - Parameter today: of `now`, so that only the day of the opening itself is looked up in the zone.
  func isOpened(_ share: TurnoShare, on date: CivilDate, today: CivilDate, at now: Instant) -> Bool {
    guard let opening = share.opening else { return true }
    let days = today.distance(to: date)
    if days != opening.daysAhead { return days < opening.daysAhead }
    return zone.instant(of: today, minute: opening.minute) <= now
  }

  /// From when on what a channel has not used is everybody's.
  func fallback(of quotas: ChannelQuotas, hours: Range<AgendaMinute>, on date: CivilDate) -> Instant {
    zone.instant(of: date, minute: hours.lowerBound).adding(seconds: -60 * quotas.fallbackMinutes)
  }

  /// Whether the channels' shares of a turno hold.
  func sharesHold(_ share: TurnoShare, hours: Range<AgendaMinute>, on date: CivilDate, at now: Instant) -> Bool {
    share.quotas.map { now < fallback(of: $0, hours: hours, on: date) } ?? false
  }

  /// Whether what a service has free depends on the channel that asks.
  func isSharedByChannel(_ service: ServiceCode) -> Bool {
    givers(of: service).contains { resource in
      Weekday.allCases.contains { plan(ofResource: resource, on: $0).turnos.contains { $0.share.quotas != nil } }
    }
  }
}

/// The next time at which places can be reserved that cannot yet.
package struct NextRelease: Hashable, Sendable {
  package var at: Instant
  /// The places' date.
  package var date: CivilDate
  package var resource: ResourceID
  package var turno: TurnoCode

  package init(at: Instant, date: CivilDate, resource: ResourceID, turno: TurnoCode) {
    self.at = at
    self.date = date
    self.resource = resource
    self.turno = turno
  }
}

extension ClinicRules {
  /// The next release of a service's places, of those a search is about; `nil` when none is known within two weeks.
  ///
  /// Of several at one instant the first by date and resource. Where the clinic staggers nothing, a date opens at its midnight.
  ///
  /// - Complexity: O(resources that give the service × turnos).
  package func nextRelease(
    of service: ServiceCode, turno wanted: TurnoCode? = nil, resource only: ResourceID? = nil, at now: Instant
  ) -> NextRelease? {
    let today = today(at: now)
    var next: NextRelease?
    for resource in givers(of: service) {
      let id = clinic.resources[resource].id
      guard only == nil || only == id else { continue }
      for turno in clinic.turnos where wanted == nil || wanted == turno.code {
        guard let release = nextRelease(ofResource: resource, turno.code, today: today, at: now) else { continue }
        if let best = next, (best.at, best.date, best.resource) <= (release.at, release.date, id) { continue }
        next = release
      }
    }
    return next
  }

  private func nextRelease(ofResource resource: Int, _ turno: TurnoCode, today: CivilDate, at now: Instant) -> NextRelease? {
    guard let opening = opening(ofResource: resource, turno) else { return nil }
    for days in 0...14 {
      let opensOn = today.advanced(by: days)
      let date = opensOn.advanced(by: opening.daysAhead)
      guard plan(ofResource: resource, on: date).turnos.contains(where: { $0.turno == turno && !$0.slots.isEmpty }),
        closedReason(ofResource: resource, turno: turno, on: date) == nil
      else { continue }
      let instant = zone.instant(of: opensOn, minute: opening.minute)
      guard now < instant else { continue }
      return NextRelease(at: instant, date: date, resource: clinic.resources[resource].id, turno: turno)
    }
    return nil
  }

  /// By any weekday's plan; without a rule, at the midnight that brings the date within the horizon.
  private func opening(ofResource resource: Int, _ turno: TurnoCode) -> TurnoShare.Opening? {
    for weekday in Weekday.allCases {
      guard let plan = plan(ofResource: resource, on: weekday).turnos.first(where: { $0.turno == turno }) else { continue }
      return plan.share.opening ?? TurnoShare.Opening(daysAhead: clinic.policy.horizonDays, minute: .midnight)
    }
    return nil
  }
}
