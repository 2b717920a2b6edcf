package import ClinicDomain

/// A search for free slots.
package struct FindSlots: Hashable, Sendable {
  package var service: ServiceCode
  /// For whom; `nil` searches for nobody in particular.
  package var person: PersonView?
  package var channel: Channel
  /// Only this turno.
  package var turno: TurnoCode?
  /// Only this date.
  package var date: CivilDate?
  /// Nothing before this date.
  package var earliestDate: CivilDate?
  /// On each date, nothing before this time.
  package var earliestMinute: AgendaMinute
  /// Only this agenda.
  package var resource: ResourceID?
  /// How many at most.
  package var limit: Int

  package init(
    service: ServiceCode, person: PersonView? = nil, channel: Channel, turno: TurnoCode? = nil, date: CivilDate? = nil,
    earliestDate: CivilDate? = nil, earliestMinute: AgendaMinute = .midnight, resource: ResourceID? = nil, limit: Int = 12
  ) {
    self.service = service
    self.person = person
    self.channel = channel
    self.turno = turno
    self.date = date
    self.earliestDate = earliestDate
    self.earliestMinute = earliestMinute
    self.resource = resource
    self.limit = limit
  }
}

/// A slot that was free when the search looked.
package struct FoundSlot: Hashable, Sendable {
  package var slot: Slot
  package var turno: TurnoCode
  package var service: ServiceCode
  /// With the person's own doctor: their consultorio and turno.
  package var ownDoctor: Bool

  package init(slot: Slot, turno: TurnoCode, service: ServiceCode, ownDoctor: Bool) {
    self.slot = slot
    self.turno = turno
    self.service = service
    self.ownDoctor = ownDoctor
  }
}

extension AgendaIndex {
  package func find(_ query: FindSlots, at now: Instant) -> [FoundSlot] { [] }
}
