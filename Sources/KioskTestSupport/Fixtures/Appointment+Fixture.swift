package import ClinicDomain

extension Folio {
  /// The `number`-th of a row of folios without repeats.
  package static func fixture(_ number: UInt64) -> Folio { Folio(random: number &* 0x9E37_79B9_7F4A_7C15) }

  /// One made on the fixture's day.
  package init(random: UInt64) { self.init(random: random, on: .fixture) }
}

extension SlotChoice {
  /// "C1 2026-11-23 08:15".
  package init(_ text: String) {
    let parts = text.split(separator: " ")
    self.init(
      resource: ResourceID(text: parts[0])!, date: CivilDate(iso: parts[1])!, start: AgendaMinute(text: parts[2])!)
  }
}

extension Slot {
  /// "C1 2026-11-23 08:15", and its length.
  package init(_ text: String, minutes: Int = 15) {
    let choice = SlotChoice(text)
    self.init(
      resource: choice.resource, date: choice.date, minutes: choice.start..<choice.start.adding(minutes: minutes)!)
  }
}

extension Appointment {
  /// Booked family medicine of Ana in the morning; a hold when `holdExpiresAt` is given. Only what is given differs.
  package static func fixture(
    _ slot: Slot, folio: UInt64 = 1, patient: PatientID = Patient.ana.id, service: ServiceCode = .familyMedicine,
    turno: TurnoCode = .matutino, status: Status = .booked, holdExpiresAt: Instant? = nil,
    cancellation: CancellationReason? = nil, at created: Instant = .fixture
  ) -> Appointment {
    Appointment(
      folio: .fixture(folio), patient: patient, service: service, turno: turno, slot: slot,
      status: holdExpiresAt == nil ? status : .pending, channel: .kiosk, holdExpiresAt: holdExpiresAt,
      cancellation: cancellation, createdAt: created, changedAt: created)
  }
}
