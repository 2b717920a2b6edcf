/// Something that was not done in time, and whose it is now. Never deleted: it is taken on, and it is over when what was missing is done.
package struct DutyAlert: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case referralWithoutDate = "referral-without-date"
    case surgeryOverLimit = "surgery-over-limit"
    /// A child with alarm signs of cancer has no slot in time.
    case childWithoutSlot = "child-without-slot"
    case followUpWithoutSlot = "follow-up-without-slot"
    case legadoOverdue = "legado-overdue"
    /// The nightly check found something.
    case nightlyCheck = "nightly-check"
  }

  package enum Owner: String, Hashable, Sendable, CaseIterable {
    case desk
    /// The jefe de servicio.
    case headOfService = "head-of-service"
    case director
  }

  /// What an alert is about.
  package enum Object: Hashable, Sendable {
    case referral(Folio)
    case screen(Int64)
    case legado(Int64)
    case nightly(Int64)
  }

  package var id: Int64
  package var kind: Kind
  package var object: Object
  package var owner: Owner
  package var raisedAt: Instant
  /// By when somebody must have taken it on.
  package var dueAt: Instant
  package var acknowledgedAt: Instant?
  /// Set exactly when ``acknowledgedAt`` is: what their connection proved.
  package var acknowledgedBy: String?
  /// When what was missing was done.
  package var resolvedAt: Instant?

  package init(
    id: Int64, kind: Kind, object: Object, owner: Owner, raisedAt: Instant, dueAt: Instant, acknowledgedAt: Instant? = nil,
    acknowledgedBy: String? = nil, resolvedAt: Instant? = nil
  ) {
    self.id = id
    self.kind = kind
    self.object = object
    self.owner = owner
    self.raisedAt = raisedAt
    self.dueAt = dueAt
    self.acknowledgedAt = acknowledgedAt
    self.acknowledgedBy = acknowledgedBy
    self.resolvedAt = resolvedAt
  }

  /// A new one, with the owner and the time of its kind.
  package init(_ kind: Kind, _ object: Object, id: Int64, at now: Instant) {
    self.init(id: id, kind: kind, object: object, owner: kind.owner, raisedAt: now, dueAt: now.adding(seconds: 60 * kind.minutes))
  }
}

extension DutyAlert.Kind {
  package var owner: DutyAlert.Owner {
    switch self {
    case .referralWithoutDate, .followUpWithoutSlot: .desk
    case .surgeryOverLimit, .childWithoutSlot: .headOfService
    case .legadoOverdue, .nightlyCheck: .director
    }
  }

  /// Within how many minutes somebody takes it on: half an hour where a person waits for the answer, a day otherwise.
  package var minutes: Int {
    switch self {
    case .referralWithoutDate, .childWithoutSlot: 30
    case .surgeryOverLimit, .followUpWithoutSlot, .legadoOverdue, .nightlyCheck: 1440
    }
  }
}

/// A screen for alarm signs of cancer in a child that found one. What was found is the doctor's to ask again: it is not kept.
package struct AlarmScreen: Hashable, Sendable {
  package var id: Int64
  package var patient: PatientID
  /// The last day on which the child must be seen.
  package var due: CivilDate
  /// The appointment by then; `nil` when there was no slot, and somebody owns the case.
  package var appointment: Folio?
  package var channel: Channel
  package var screenedAt: Instant

  package init(id: Int64, patient: PatientID, due: CivilDate, appointment: Folio?, channel: Channel, screenedAt: Instant) {
    self.id = id
    self.patient = patient
    self.due = due
    self.appointment = appointment
    self.channel = channel
    self.screenedAt = screenedAt
  }
}

/// What one night's check found.
package struct NightlyCheck: Hashable, Sendable {
  package var id: Int64
  /// The clinic's date.
  package var day: CivilDate
  package var checkedAt: Instant
  /// One sentence each; none when all is well.
  package var problems: [String]
  /// The history's last row then.
  package var lastRow: Int64

  package init(id: Int64, day: CivilDate, checkedAt: Instant, problems: [String], lastRow: Int64) {
    self.id = id
    self.day = day
    self.checkedAt = checkedAt
    self.problems = problems
    self.lastRow = lastRow
  }
}
