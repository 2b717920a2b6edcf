package import ClinicDomain

/// Ends a series: what it kept goes back to the agenda. Staff only.
package struct EndSeries: Hashable, Sendable {
  package var actor: Actor
  package var series: Int64
  package var reason: CareSeries.EndReason

  package init(actor: Actor, series: Int64, reason: CareSeries.EndReason) {
    self.actor = actor
    self.series = series
    self.reason = reason
  }
}

extension EndSeries {
  /// Every appointment of it that is still to come is cancelled, and its place is offered to those who wait; what is due is due no more.
  ///
  /// - Returns: the series; one that has ended already stays as it ended.
  /// - Throws: `notAllowed`, then `series` with `notFound`.
  package func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant
  ) throws(CommandRefusal) -> Decision<SeriesOutcome> {
    guard case .staff = actor else { throw .notAllowed }
    guard var series = scope.series.series else { throw .series(.notFound) }
    guard series.status == .active else { return Decision(SeriesOutcome(series), []) }
    series.status = reason.status
    series.endReason = reason
    series.changedAt = now
    var yielded: [AgendaChange] = []
    var ended: [SeriesActivity] = []
    for activity in scope.series.activities where activity.isOpen {
      if let appointment = scope.series.appointments[activity.number] {
        let back = appointment.yielded(rules: rules, at: now)
        // One that took place, or is taking place, stays what it is.
        if back.isEmpty, appointment.status != .cancelled { continue }
        yielded += back
      }
      ended.append(activity.changed({ $0.status = .cancelled; $0.alertedAt = nil }, at: now))
    }
    return Decision(SeriesOutcome(series, ended), yielded + [.series(series)] + ended.map { .activity($0) })
  }
}
