package import ClinicDomain
package import ClinicStore
internal import Scheduling

/// When sheets are printed without anybody's asking, and how.
package struct SheetSchedule: Hashable, Sendable {
  /// Of the clinic's wall; ascending, at least one.
  package var hours: [AgendaMinute]
  /// Rows with a reserved folio on each sheet, 0 ... ``ReservePaper/maximumBlank``.
  package var blankRows: Int

  /// - Precondition: `hours` has at least one.
  package init(hours: [AgendaMinute], blankRows: Int) {
    precondition(!hours.isEmpty, "a schedule has an hour")
    self.hours = hours.sorted()
    self.blankRows = blankRows
  }

  /// Whether a turno belongs to the round of an hour: it begins between that hour and the next, and is not over. The first round has what
  /// began before it too, the last what begins after midnight.
  package func covers(_ turno: Range<AgendaMinute>, at hour: AgendaMinute) -> Bool {
    let place = hours.lastIndex { $0 <= turno.lowerBound } ?? 0
    return hours[place] == hour
  }

  /// The round that is due at a time of the day: the last hour that has come.
  package func due(at minute: AgendaMinute) -> AgendaMinute? { hours.last { $0 <= minute } }
}

extension Counter {
  /// Reserves the rows of every sheet of a round and gives the sheets, by agenda and turno. Done again it gives the same folios.
  package func sheets(
    of schedule: SheetSchedule, at hour: AgendaMinute, on date: CivilDate
  ) async throws(StoreFault) -> [PaperSheet] {
    var sheets: [PaperSheet] = []
    let now = now
    for agenda in rules.sheets(on: date) where schedule.covers(agenda.hours, at: hour) {
      guard now < rules.zone.instant(of: date, minute: agenda.hours.upperBound) else { continue }
      if schedule.blankRows > 0 {
        let reserve = ReservePaper(
          actor: .system, resource: agenda.resource, date: date, turno: agenda.turno, count: schedule.blankRows, folioSeed: Self.folioSeed())
        _ = try await store.submit(
          StoreCommand(requestID: nil, digest: [], command: .paper(.reserve(reserve)), encodeReply: { _ in [] }))
      }
      if let sheet = try await sheet(of: agenda.resource, on: date, agenda.turno, in: store) { sheets.append(sheet) }
    }
    return sheets
  }
}
