/// What a person is seen for again and again, from its beginning to its end. Never deleted: its status changes.
package struct CareSeries: Hashable, Sendable {
  /// FHIR R5 CarePlan.status, as far as it is used.
  package enum Status: String, Hashable, Sendable, CaseIterable {
    case active
    /// Came to its own end: delivered, stable.
    case completed
    /// Ended before.
    case revoked
  }

  /// Why it ended.
  package enum EndReason: String, Hashable, Sendable, CaseIterable {
    /// The person is well and needs it no longer.
    case stable
    /// Its purpose is over: the child is born, the treatment is finished.
    case finished
    /// Another clinic goes on with it.
    case transferred
    /// The person does not want it any more.
    case requested
    /// It should never have begun.
    case error

    package var status: Status {
      switch self {
      case .stable, .finished: .completed
      case .transferred, .requested, .error: .revoked
      }
    }
  }

  package var id: Int64
  package var patient: PatientID
  package var program: SeriesCode
  package var status: Status
  /// Set exactly when the status is not `active`.
  package var endReason: EndReason?
  /// What the days are counted from: the last menstruation, the last visit that took place, the day of the first session.
  package var anchor: CivilDate
  /// Of sessions on a chair; `nil` for all else.
  package var chair: StandingPlace?
  package var createdAt: Instant
  package var changedAt: Instant

  package init(
    id: Int64, patient: PatientID, program: SeriesCode, status: Status = .active, endReason: EndReason? = nil, anchor: CivilDate,
    chair: StandingPlace? = nil, createdAt: Instant, changedAt: Instant
  ) {
    self.id = id
    self.patient = patient
    self.program = program
    self.status = status
    self.endReason = endReason
    self.anchor = anchor
    self.chair = chair
    self.createdAt = createdAt
    self.changedAt = changedAt
  }
}

/// A chair that is somebody's on certain weekdays at a certain hour.
package struct StandingPlace: Hashable, Sendable {
  package var resource: ResourceID
  package var start: AgendaMinute
  /// Monday first, without repeats.
  package var weekdays: [Weekday]

  package init(resource: ResourceID, start: AgendaMinute, weekdays: [Weekday]) {
    self.resource = resource
    self.start = start
    self.weekdays = weekdays
  }
}

/// One thing that is due in a series.
package struct SeriesActivity: Hashable, Sendable {
  /// FHIR R5 CarePlan.activity.plannedActivityReference: the kind of resource it will be.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// A visit or a session.
    case appointment = "Appointment"
    /// A prescription to be collected.
    case medicationRequest = "MedicationRequest"
  }

  /// FHIR CarePlanActivityStatus, as far as it is used.
  package enum Status: String, Hashable, Sendable, CaseIterable {
    /// Its time has not come. Can become any of the others.
    case notStarted = "not-started"
    /// It has an appointment: ``SeriesActivity/folio``.
    case scheduled
    /// No place was found, or the clinic took it away: staff are alerted. Can become `scheduled`.
    case onHold = "on-hold"
    case completed
    /// Its series ended, or another one of it was missed.
    case cancelled
    /// It was missed.
    case stopped
  }

  package var series: Int64
  /// 1, 2, 3 … within its series.
  package var number: Int
  package var kind: Kind
  package var due: CivilDate
  /// When it may be; of a prescription, when it can be collected.
  package var window: ClosedRange<CivilDate>
  /// When a session begins; `nil` for what has no hour of its own.
  package var start: AgendaMinute?
  package var status: Status
  /// The appointment it got first; a change of date leads on from there.
  package var folio: Folio?
  /// When staff were last alerted that it has no place; `nil` when it has one.
  package var alertedAt: Instant?
  /// When somebody of the clinic took charge of the alert.
  package var acknowledgedAt: Instant?
  package var changedAt: Instant

  package init(
    series: Int64, number: Int, kind: Kind, due: CivilDate, window: ClosedRange<CivilDate>, start: AgendaMinute? = nil,
    status: Status = .notStarted, folio: Folio? = nil, alertedAt: Instant? = nil, acknowledgedAt: Instant? = nil, changedAt: Instant
  ) {
    self.series = series
    self.number = number
    self.kind = kind
    self.due = due
    self.window = window
    self.start = start
    self.status = status
    self.folio = folio
    self.alertedAt = alertedAt
    self.acknowledgedAt = acknowledgedAt
    self.changedAt = changedAt
  }

  /// As it reads after a change.
  package func changed(_ change: (inout Self) -> Void, at now: Instant) -> Self {
    var activity = self
    change(&activity)
    activity.changedAt = now
    return activity
  }
}
