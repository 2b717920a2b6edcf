/// A line of a printed sheet that is filled in by hand while there is no server, with a folio that nobody else is ever given.
///
/// A sheet is one turno of one agenda on one date. Never deleted: what was not used stays reserved.
package struct PaperRow: Hashable, Sendable {
  /// How what was written by hand fitted into the agenda when it was keyed in.
  package enum Outcome: String, Hashable, Sendable, CaseIterable {
    /// The slot was free: it is theirs.
    case slot
    /// The slot was somebody else's by then, or not to be given: they are in today's line, or were seen in it.
    case todaysLine = "line"
    /// They had an appointment that day: it is the same visit.
    case sameAppointment = "same"
  }

  package var folio: Folio
  package var resource: ResourceID
  package var date: CivilDate
  package var turno: TurnoCode
  /// Its place on the sheet, from 1.
  package var number: Int
  /// What it became: of the row's own folio, or the appointment that the person had already; `nil` while it is blank.
  package var appointment: Folio?
  /// Set exactly when ``appointment`` is.
  package var outcome: Outcome?
  /// Who had the slot by then; `nil` when nobody did.
  package var conflict: Folio?
  package var reservedAt: Instant
  package var changedAt: Instant

  package init(
    folio: Folio, resource: ResourceID, date: CivilDate, turno: TurnoCode, number: Int, appointment: Folio? = nil, outcome: Outcome? = nil,
    conflict: Folio? = nil, reservedAt: Instant, changedAt: Instant
  ) {
    self.folio = folio
    self.resource = resource
    self.date = date
    self.turno = turno
    self.number = number
    self.appointment = appointment
    self.outcome = outcome
    self.conflict = conflict
    self.reservedAt = reservedAt
    self.changedAt = changedAt
  }

  package var isBlank: Bool { appointment == nil }
}
