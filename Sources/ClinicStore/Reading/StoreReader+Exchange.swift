package import ClinicDomain
package import Scheduling

/// A booking of a date as another system should have it.
package struct ExportedBooking: Hashable, Sendable {
  /// What the other system said of it, when it came from there.
  package var imported: ExternalBooking?
  /// How it stands here; `nil` for a time that is only kept, and for a conflict that never fitted.
  package var appointment: Appointment?
  /// Whose it is.
  package var patient: Patient?

  package init(imported: ExternalBooking? = nil, appointment: Appointment? = nil, patient: Patient? = nil) {
    self.imported = imported
    self.appointment = appointment
    self.patient = patient
  }

  /// Whether it does not fit, and what the other system wants is told, not what stands here meanwhile.
  package var isConflict: Bool { imported?.state == .conflict }

  package var slot: Slot? { isConflict ? imported?.slot : appointment?.slot ?? imported?.slot }
}

extension StoreReader {
  /// Every booking of a date that another system should have, and what it gave for that date and became nothing of: appointments that
  /// stand or were kept, whatever their origin; what the other system booked for the date and was moved to another or cancelled here; times
  /// that are kept for it; conflicts. By agenda, start and reference.
  ///
  /// - Parameters:
  ///   - resources: whose appointments; bookings of the other system are told whatever their agenda.
  ///   - source: the other system's name.
  package func exportedBookings(
    on date: CivilDate, of resources: [ResourceID], with source: String
  ) throws(StoreFault) -> [ExportedBooking] {
    let imports = try statement("SELECT \(ExternalBooking.columns) FROM external_booking WHERE day = ? AND source = ? ORDER BY id")
    imports.bind(Int64(date.daysSinceEpoch), at: 1)
    imports.bind(source, at: 2)
    var all: [ExportedBooking] = []
    for booking in try imports.all({ row throws(StoreFault) in try ExternalBooking(row) }) {
      let appointment = booking.state == .busy ? nil : try booking.folio.reading { folio throws(StoreFault) in try latest(of: folio) }
      all.append(ExportedBooking(imported: booking, appointment: appointment))
    }
    let told = Set(all.compactMap { $0.appointment?.folio })
    for resource in resources {
      for appointment in try appointments(of: resource, on: date)
      where appointment.status != .pending && appointment.slot.resource == resource && !told.contains(appointment.folio) {
        all.append(ExportedBooking(imported: try origin(of: appointment, in: source), appointment: appointment))
      }
    }
    for place in all.indices {
      guard let id = all[place].appointment?.patient ?? all[place].imported?.patient else { continue }
      all[place].patient = try patient(id: id)
    }
    return all.sorted { $0.key < $1.key }
  }

  /// A page of the bookings that did not fit, from a date on, and how many come after it; by date, agenda and hour.
  ///
  /// - Parameter last: the last one of the page before.
  package func externalConflicts(
    since date: CivilDate, after last: Int64? = nil, limit: Int
  ) throws(StoreFault) -> (page: [ExternalBooking], leftOut: Int) {
    let wanted = """
      FROM external_booking WHERE day >= ?1 AND state = 'conflict' AND (?2 IS NULL OR (day, resource, start_minute, id) > \
      (SELECT day, resource, start_minute, id FROM external_booking WHERE id = ?2))
      """
    let rows = try statement("SELECT \(ExternalBooking.columns) \(wanted) ORDER BY day, resource, start_minute, id LIMIT ?3")
    let count = try statement("SELECT count(*) \(wanted)")
    for query in [rows, count] {
      query.bind(Int64(date.daysSinceEpoch), at: 1)
      query.bind(last, at: 2)
    }
    rows.bind(Int64(limit), at: 3)
    let page = try rows.all { row throws(StoreFault) in try ExternalBooking(row) }
    defer { count.reset() }
    return (page, try count.step() ? Int(count.integer(0)) - page.count : 0)
  }

  private func latest(of folio: Folio) throws(StoreFault) -> Appointment? {
    try Appointment.latest(of: folio) { folio throws(StoreFault) in try appointment(folio: folio) }
  }

  /// The booking that an appointment was, before its changes of date.
  private func origin(of appointment: Appointment, in source: String) throws(StoreFault) -> ExternalBooking? {
    var folio: Folio? = appointment.folio
    for _ in 0..<Appointment.longestChain {
      guard let current = folio else { return nil }
      let rows = try statement("SELECT \(ExternalBooking.columns) FROM external_booking WHERE folio = ? AND source = ?")
      rows.bind(Int64(current.number), at: 1)
      rows.bind(source, at: 2)
      if let found = try rows.all({ row throws(StoreFault) in try ExternalBooking(row) }).first { return found }
      folio = try self.appointment(folio: current)?.replaces
    }
    return nil
  }
}

extension ExportedBooking {
  fileprivate struct Key: Comparable {
    let resource: String
    let minute: Int
    let reference: String

    static func < (left: Self, right: Self) -> Bool {
      (left.resource, left.minute, left.reference) < (right.resource, right.minute, right.reference)
    }
  }

  fileprivate var key: Key {
    Key(
      resource: slot?.resource.description ?? "", minute: slot?.start.minutes ?? 0,
      reference: imported?.reference ?? appointment?.folio.description ?? "")
  }
}
