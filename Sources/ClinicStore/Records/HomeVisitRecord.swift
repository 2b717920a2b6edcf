package import ClinicDomain

/// A visit at home as a row.
extension HomeVisit: StoredRow {
  static let columns = """
    appointment, day, zone, street, neighbourhood, postal_code, directions, phone, applicant, kinship, consultorio, turno, changed_at
    """

  /// How many visits of a zone stand, date by date: parameters are the first day and the zone.
  static let daysOfZone = """
    SELECT h.day, count(*) FROM home_visit h JOIN appointment a ON a.folio = h.appointment \
    WHERE h.day >= ?1 AND h.zone = ?2 AND a.status IN ('pending', 'booked', 'arrived', 'checked-in', 'fulfilled') \
    GROUP BY h.day ORDER BY h.day
    """

  func write(to row: inout some ColumnSink) {
    row.integer(Int64(appointment.number))
    row.integer(date.daysSinceEpoch)
    row.text(zone)
    row.text(address.street)
    row.text(address.neighbourhood)
    row.integer(address.postalCode.number)
    row.text(address.references)
    row.text(phone.description)
    row.text(applicant)
    row.text(kinship)
    row.text(consultorio.description)
    row.text(turno.rawValue)
    row.integer(changedAt.milliseconds)
  }

  init(_ row: Statement) throws(StoreFault) {
    let postalCode = PostalCode(number: Int(row.integer(5)))?.description ?? ""
    let address = try? HomeAddress(street: row.text(3), neighbourhood: row.text(4), postalCode: postalCode, references: row.text(6))
    guard let folio = Folio(number: UInt64(bitPattern: row.integer(0))), let date = CivilDate(daysSinceEpoch: Int(row.integer(1))),
      let address, let phone = PhoneNumber(row.text(7)), let consultorio = ResourceID(text: row.text(10))
    else { throw .damagedRow("home_visit", row.integer(0)) }
    self.init(
      appointment: folio, date: date, zone: row.text(2), address: address, phone: phone, applicant: row.text(8), kinship: row.text(9),
      consultorio: consultorio, turno: TurnoCode(row.text(11)), changedAt: Instant(milliseconds: row.integer(12)))
  }
}

extension HomeVisitDay {
  init(_ row: Statement) throws(StoreFault) {
    guard let date = CivilDate(daysSinceEpoch: Int(row.integer(0))) else { throw .damagedRow("home_visit", row.integer(0)) }
    self.init(date: date, visits: Int(row.integer(1)))
  }
}
