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

  package init(
    folio: Folio, patient: PatientID, service: ServiceCode, turno: TurnoCode, slot: Slot,
    status: Status, channel: Channel, holdExpiresAt: Instant?, cancellation: CancellationReason?,
    createdAt: Instant, changedAt: Instant
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
  }

  /// Whether it keeps others out of its slot at `now`.
  package func occupies(at now: Instant) -> Bool {
    guard status == .pending, let holdExpiresAt else { return status.occupiesSlot }
    return now < holdExpiresAt
  }
}
