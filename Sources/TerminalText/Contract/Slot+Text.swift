internal import ClinicDomain
package import VentanillaMessages

extension Wire.Slot {
  /// The slot as one names it to ``Hold`` and ``Book``.
  package var choice: Wire.SlotChoice {
    Wire.SlotChoice(service: service, resource: resource, date: date, startMinute: startMinute)
  }

  /// "08:15".
  package var startText: String { Self.hour(startMinute) }

  /// "mar 24 nov 2026"; the text as it came when it is no date.
  package var dateText: String { CivilDate(iso: date)?.spanishShortText ?? date }

  private static func hour(_ minute: Int32) -> String {
    AgendaMinute(minutes: Int(minute))?.description ?? "\(minute)"
  }

  /// Keys: those of the contract's `Slot`, with `start` and `end` as hours for reading.
  package var json: JSONValue {
    .object([
      .init("service", .string(service)),
      .init("resource", .string(resource)),
      .init("date", .string(date)),
      .init("start", .string(startText)),
      .init("end", .string(Self.hour(endMinute))),
      .init("start_minute", .number("\(startMinute)")),
      .init("end_minute", .number("\(endMinute)")),
      .init("turno", .string(turno)),
      .init("starts_at_unix_ms", .number("\(startsAtUnixMs)")),
      .init("own_doctor", .bool(ownDoctor)),
      .init("display", .string(display)),
    ])
  }
}

extension TextTable {
  /// Free slots in the order they came.
  package init(slots: [Wire.Slot]) {
    self.init(
      [Column("Fecha"), Column("Hora", alignedRight: true), Column("Agenda"), Column("Turno"), Column("Lugar")],
      rows: slots.map { slot in
        [slot.dateText, slot.startText, slot.resource, slot.turno, slot.placeText + (slot.ownDoctor ? " (su médico)" : "")]
      })
  }
}

extension Wire.Slot {
  /// What `display` says behind the day and the hour: "consultorio 12, planta baja".
  package var placeText: String {
    let parts = display.split(separator: ", ", maxSplits: 2, omittingEmptySubsequences: false)
    return parts.count == 3 ? String(parts[2]) : display
  }
}
