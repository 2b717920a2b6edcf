/// A reserved slot for a person (in Spanish, *cita*). Never deleted: its status changes.
package struct Appointment: Hashable, Sendable {
  /// FHIR R5 Appointment.status.
  package enum Status: String, Hashable, Sendable, CaseIterable {
    case proposed
    /// A hold: keeps its slot until ``holdExpiresAt``.
    case pending
    case booked
    case arrived
    case checkedIn = "checked-in"
    case fulfilled
    case cancelled
    case noshow
    case waitlist
    case enteredInError = "entered-in-error"

    /// Whether an appointment in this state keeps others out of its slot (a hold only until it expires).
    package var occupiesSlot: Bool {
      switch self {
      case .pending, .booked, .arrived, .checkedIn, .fulfilled: true
      case .proposed, .cancelled, .noshow, .waitlist, .enteredInError: false
      }
    }

    /// Whether it counts against the person's limits: still to come, not yet served.
    package var isActive: Bool {
      switch self {
      case .pending, .booked, .arrived, .checkedIn: true
      case .proposed, .fulfilled, .cancelled, .noshow, .waitlist, .enteredInError: false
      }
    }
  }

  /// Why it ended before its time.
  package enum CancellationReason: String, Hashable, Sendable, CaseIterable {
    case unspecified
    case cannotCome = "cannot-come"
    case notNeeded = "not-needed"
    case otherPlace = "other-place"
    case clinic
    /// The hold's time ran out, or whoever made it went away.
    case holdExpired = "hold-expired"
    /// Another appointment took its place: ``replacedBy``.
    case rescheduled
  }

  package var folio: Folio
  package var patient: PatientID
  package var service: ServiceCode
  package var turno: TurnoCode
  package var slot: Slot
  package var status: Status
  package var channel: Channel
  /// Set exactly while the status is `pending`.
  package var holdExpiresAt: Instant?
  /// Set exactly when the status is `cancelled`.
  package var cancellation: CancellationReason?
  package var createdAt: Instant
  package var changedAt: Instant
  /// When the person, or whoever acts for them, last said that they will come; `nil` when they never did.
  package var confirmedAt: Instant?
  /// Through which channel; set exactly when ``confirmedAt`` is.
  package var confirmedThrough: Channel?
  /// When the person was first seen in the clinic for it; `nil` when they never were.
  package var arrivedAt: Instant?
  /// The appointment that this one was made instead of.
  package var replaces: Folio?
  /// The appointment that was made instead of this one; set exactly when the reason is ``CancellationReason/rescheduled``.
  package var replacedBy: Folio?
  /// 0 for whoever has the slot; 1, 2 … for those who share it, and for those whom staff admitted beside them; ``todaysLine(_:)``, which is in nobody's way, for who
  /// came when the slot was over or somebody else's.
  package var lane: Int
  /// What it takes of the agenda besides its slot, as the rules said when it was made.
  package var stamp: SlotStamp

  /// A lane of its own.
  package static func todaysLine(_ folio: Folio) -> Int { Int(folio.number) }

  /// Whether the person waits in today's line, and the slot is not theirs any more.
  package var isInTodaysLine: Bool { lane == Self.todaysLine(folio) }

  /// In a slot that had its people already: one, or as many as it takes.
  package var isBesideOthers: Bool { lane >= Int(stamp.capacity) && !isInTodaysLine }

  /// Whether it keeps others out of its slot; a hold only until it expires.
  package var holdsSlot: Bool { status.occupiesSlot && !isInTodaysLine }

  package init(
    folio: Folio, patient: PatientID, service: ServiceCode, turno: TurnoCode, slot: Slot,
    status: Status, channel: Channel, holdExpiresAt: Instant?, cancellation: CancellationReason?,
    createdAt: Instant, changedAt: Instant, confirmedAt: Instant? = nil, confirmedThrough: Channel? = nil,
    arrivedAt: Instant? = nil, replaces: Folio? = nil, replacedBy: Folio? = nil, lane: Int = 0, stamp: SlotStamp = .exclusive
  ) {
    self.folio = folio
    self.patient = patient
    self.service = service
    self.turno = turno
    self.slot = slot
    self.status = status
    self.channel = channel
    self.holdExpiresAt = holdExpiresAt
    self.cancellation = cancellation
    self.createdAt = createdAt
    self.changedAt = changedAt
    self.confirmedAt = confirmedAt
    self.confirmedThrough = confirmedThrough
    self.arrivedAt = arrivedAt
    self.replaces = replaces
    self.replacedBy = replacedBy
    self.lane = lane
    self.stamp = stamp
  }

  /// Whether it keeps others out of its slot at `now`.
  package func occupies(at now: Instant) -> Bool {
    guard status == .pending, let holdExpiresAt else { return holdsSlot }
    return now < holdExpiresAt
  }
}
