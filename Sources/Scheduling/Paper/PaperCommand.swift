package import ClinicDomain

/// What can be asked about days on paper.
package enum PaperCommand: Hashable, Sendable {
  case reserve(ReservePaper)
  case enter(EnterPaper)

  var needs: CommandNeeds {
    switch self {
    case .reserve(let reserve):
      CommandNeeds(paper: .sheet(AgendaDay(resource: reserve.resource, date: reserve.date), reserve.turno))
    case .enter(let enter):
      CommandNeeds(patient: enter.patient, activeAppointments: true, paper: .row(enter.folio, start: enter.start))
    }
  }

  var authorship: Authorship {
    switch self {
    case .reserve(let reserve): Authorship(reserve.actor, .reservePaper)
    case .enter(let enter): Authorship(enter.actor, .enterPaper, through: .desk)
    }
  }

  /// Where new folios begin.
  package var folioSeed: UInt64 { if case .reserve(let reserve) = self { reserve.folioSeed } else { 0 } }

  func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant, folio: Folio
  ) throws(CommandRefusal) -> Decision<CommandOutcome> {
    switch self {
    case .reserve(let reserve):
      try reserve.decide(in: scope, rules: rules, at: now, folio: folio).outcome { .paper(PaperOutcome(rows: $0)) }
    case .enter(let enter): try enter.decide(in: scope, rules: rules, at: now).outcome(CommandOutcome.paper)
    }
  }
}

/// What a command about paper gave.
package struct PaperOutcome: Hashable, Sendable {
  /// The blank rows of the sheet, by their place; of an entry, its row.
  package var rows: [PaperRow]
  /// Of an entry.
  package var appointment: Appointment?

  package init(rows: [PaperRow], appointment: Appointment? = nil) {
    self.rows = rows
    self.appointment = appointment
  }
}

/// What a command reads of paper.
package enum PaperNeed: Hashable, Sendable {
  /// Every row of a sheet, by its place.
  case sheet(AgendaDay, TurnoCode)
  /// A row, the appointment that it became, what the patient has that day, everybody of its agenda's day, and the load of the turno that a
  /// time of it falls into.
  case row(Folio, start: AgendaMinute)
}
