/// A booking of another system, and what became of it here. Never deleted: its state changes.
package struct ExternalBooking: Hashable, Sendable {
  package enum State: String, Hashable, Sendable, CaseIterable {
    /// It is an appointment of a person we know: ``ExternalBooking/folio``.
    case appointment
    /// We know nobody of whom it is: the time is kept.
    case busy
    /// It does not fit: it is tried again with each import, until it fits or the other system takes it back.
    case conflict
    /// The other system has cancelled it, or does not have it any more.
    case cancelled
    /// It did not fit, and staff said that it is not taken here: so it stays until the other system changes it.
    case dismissed

    /// Whether the same row again changes nothing.
    package var isSettled: Bool { self == .appointment || self == .busy || self == .dismissed }
  }

  /// Why it does not fit.
  package enum Conflict: String, Hashable, Sendable, CaseIterable {
    /// Somebody has the time, or another booking of theirs does, or it is being offered.
    case taken
    /// The turno has all the people that it sees, in hours that this clinic gives itself.
    case full
    /// The person has another appointment then.
    case personBusy = "person-busy"
    /// The agenda does not work then.
    case closed
    /// The agenda is not this clinic's, or does not give that service.
    case unknown
  }

  package var id: Int64
  /// The other system's name.
  package var source: String
  /// Its own name for the booking, unique there.
  package var reference: String
  package var slot: Slot
  package var service: ServiceCode
  /// `nil` when the padrón has nobody who fits, or two.
  package var patient: PatientID?
  package var state: State
  /// The appointment that it is, or was.
  package var folio: Folio?
  /// Set exactly in `conflict`.
  package var conflict: Conflict?
  /// The line of the file that it was last changed by.
  package var line: Int
  package var importedAt: Instant
  package var changedAt: Instant

  package init(
    id: Int64, source: String, reference: String, slot: Slot, service: ServiceCode, patient: PatientID?, state: State, folio: Folio? = nil,
    conflict: Conflict? = nil, line: Int, importedAt: Instant, changedAt: Instant
  ) {
    self.id = id
    self.source = source
    self.reference = reference
    self.slot = slot
    self.service = service
    self.patient = patient
    self.state = state
    self.folio = folio
    self.conflict = conflict
    self.line = line
    self.importedAt = importedAt
    self.changedAt = changedAt
  }
}
