package import VentanillaMessages

extension Wire.Appointment {
  /// Keys: those of the contract's `Appointment`; `status` is FHIR's word.
  package var json: JSONValue {
    .object([
      .init("folio", .string(folio)),
      .init("folio_display", .string(folioDisplay)),
      .init("status", .string(status.word)),
      .init("slot", slot?.json ?? .null),
      .init("hold_expires_at_unix_ms", .number("\(holdExpiresAtUnixMs)")),
      .init("text", .string(text)),
    ])
  }

  /// One appointment for a person: folio, state, when and where, what to do next.
  package func lines(_ style: TerminalStyle = .plain) -> [String] {
    var lines = ["Folio \(style.bold(folioDisplay))  \(status.spanish)"]
    if let slot { lines.append("  " + slot.display.printable) }
    if !text.isEmpty { lines += text.printable.wrapped(to: 100, indent: 2) }
    return lines
  }
}

extension TextTable {
  /// Appointments in the order they came.
  package init(appointments: [Wire.Appointment]) {
    self.init(
      [Column("Folio"), Column("Estado"), Column("Fecha"), Column("Hora", alignedRight: true), Column("Servicio"), Column("Lugar")],
      rows: appointments.map { appointment in
        let slot = appointment.slot ?? Wire.Slot()
        return [
          appointment.folioDisplay, appointment.status.spanish, slot.dateText, slot.startText, slot.service,
          slot.placeText,
        ]
      })
  }
}
