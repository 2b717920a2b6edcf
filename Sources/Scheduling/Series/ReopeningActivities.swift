package import ClinicDomain

/// Writes down that what was due has lost its place: its appointment was cancelled, or nobody came. The server itself asks for it, once nobody
/// can take that back any more.
package struct ReopenActivity: Hashable, Sendable {
  package var series: Int64
  package var number: Int

  package init(series: Int64, number: Int) {
    self.series = series
    self.number = number
  }
}

extension ReopenActivity {
  /// What the clinic took away it gives again, as what was never placed. Who said no, or did not come, is given no other place unasked: staff
  /// are alerted, and what the person books of the service within its days is the visit (``PlaceActivity/own``).
  ///
  /// - Returns: the activity; one whose appointment stands, or changed too lately, stays as it is.
  /// - Throws: `series` with `notFound`, `over`.
  package func decide(in scope: CommandScope, at now: Instant) throws(CommandRefusal) -> Decision<SeriesOutcome> {
    let series = try scope.activeSeries()
    guard let activity = scope.series.activities.first(where: { $0.number == number }) else { throw .series(.notFound) }
    guard activity.status == .scheduled, let last = scope.series.appointments[number], last.hasEndedUnused,
      last.changedAt.adding(seconds: LifeCommand.undoSeconds) <= now
    else { return Decision(SeriesOutcome(series), []) }
    let reopened = activity.changed({
      $0.status = last.wasDeclined ? .onHold : .notStarted
      $0.alertedAt = last.wasDeclined ? now : nil
      $0.acknowledgedAt = nil
    }, at: now)
    return Decision(SeriesOutcome(series, [reopened]), [.activity(reopened)])
  }
}

extension Appointment {
  /// Whether nothing will come of it.
  package var hasEndedUnused: Bool {
    switch status {
    case .cancelled, .noshow, .enteredInError: true
    case .proposed, .pending, .booked, .arrived, .checkedIn, .fulfilled, .waitlist: false
    }
  }

  /// Whether that was because its person did not want it, or did not come; what the clinic took away they did not.
  package var wasDeclined: Bool {
    switch cancellation {
    case nil: status == .noshow
    case .unspecified, .cannotCome, .notNeeded, .otherPlace: true
    case .clinic, .holdExpired, .rescheduled: false
    }
  }
}
