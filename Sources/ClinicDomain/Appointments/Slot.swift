/// A stretch of time on one agenda: half-open, start included.
package struct Slot: Hashable, Sendable {
  package var resource: ResourceID
  /// The agenda's date; a night turno's slots after midnight still carry the date it began on.
  package var date: CivilDate
  package var minutes: Range<AgendaMinute>

  package init(resource: ResourceID, date: CivilDate, minutes: Range<AgendaMinute>) {
    self.resource = resource
    self.date = date
    self.minutes = minutes
  }

  package var start: AgendaMinute { minutes.lowerBound }
}

/// A slot as a caller names it: its length is the service's.
package struct SlotChoice: Hashable, Sendable {
  package var resource: ResourceID
  package var date: CivilDate
  package var start: AgendaMinute

  package init(resource: ResourceID, date: CivilDate, start: AgendaMinute) {
    self.resource = resource
    self.date = date
    self.start = start
  }
}
