internal import ClinicDomain
internal import Scheduling

// MARK: - What a decision about days on paper reads

extension StoreCore {
  func fetch(
    _ need: PaperNeed, patient: PatientID?, into scope: inout CommandScope, at now: Instant
  ) throws(StoreFault) {
    switch need {
    case .sheet(let day, let turno):
      let rows = try statements[.sheetRows]
      rows.bind(day.resource.description, at: 1)
      rows.bind(Int64(day.date.daysSinceEpoch), at: 2)
      rows.bind(turno.rawValue, at: 3)
      scope.paper = try rows.all { row throws(StoreFault) in try PaperRow(row) }
    case .row(let folio, let start):
      let rows = try statements[.paperRow]
      rows.bind(Int64(folio.number), at: 1)
      scope.paper = try rows.all { row throws(StoreFault) in try PaperRow(row) }
      guard let row = scope.paper.first else { return }
      if let folio = row.appointment { scope.named = try appointment(folio) }
      let day = AgendaDay(resource: row.resource, date: row.date)
      scope.day = try appointments(on: day, overlapping: .midnight ..< .latest)
      scope.kept = index.kept(on: day)
      scope.load = try load(at: SlotChoice(resource: row.resource, date: row.date, start: start), now: now)
      guard let patient else { return }
      let visits = try statements[.patientDay]
      visits.bind(patient.rawValue, at: 1)
      visits.bind(Int64(row.date.daysSinceEpoch), at: 2)
      scope.visits = try Appointment.all(visits, &known)
    }
  }
}
