package import ClinicDomain
package import Scheduling

extension StoreReader {
  /// The people of a doctor who were born in a stretch of days; by the store's number.
  package func people(of doctor: Doctor, born days: ClosedRange<CivilDate>) throws(StoreFault) -> [Patient] {
    let rows = try statement(
      "SELECT \(Patient.columns) FROM patient WHERE consultorio = ? AND turno = ? AND birth_date BETWEEN ? AND ? ORDER BY id")
    rows.bind(doctor.resource.description, at: 1)
    rows.bind(doctor.turno.rawValue, at: 2)
    rows.bind(Int64(days.lowerBound.daysSinceEpoch), at: 3)
    rows.bind(Int64(days.upperBound.daysSinceEpoch), at: 4)
    return try Patient.all(rows)
  }
}

// MARK: - Handed over to another unit

extension StoreReader {
  /// Who is handed over to a unit and stands so, by the store's number.
  package func handedOver(to unit: CLUES) throws(StoreFault) -> [Patient] {
    let rows = try statement(
      """
      SELECT \(Patient.columns) FROM patient \
      WHERE id IN (SELECT patient FROM handover WHERE clues = ? AND ended_at IS NULL) ORDER BY id
      """)
    rows.bind(unit.description, at: 1)
    return try Patient.all(rows)
  }

  /// Active series of people whom another unit cares for since that day or longer, by number.
  package func seriesHandedOver(by today: CivilDate) throws(StoreFault) -> [CareSeries] {
    let rows = try statement(
      """
      SELECT \(CareSeries.columns) FROM care_series WHERE status = 'active' \
      AND patient IN (SELECT patient FROM handover WHERE ended_at IS NULL AND from_day <= ?) ORDER BY id
      """)
    rows.bind(Int64(today.daysSinceEpoch), at: 1)
    return try rows.all { row throws(StoreFault) in try CareSeries(row) }
  }

  /// What a person's standing handover had given up and has not come back; by date and start.
  package func handedAppointments(of patient: PatientID) throws(StoreFault) -> [Appointment] {
    let rows = try statement(
      """
      SELECT \(Appointment.columns) FROM appointment WHERE folio IN (
        SELECT folio FROM handed_appointment WHERE returned_at IS NULL AND handover IN (SELECT id FROM handover WHERE patient = ?)) \
      ORDER BY day, start_minute, folio
      """)
    rows.bind(patient.rawValue, at: 1)
    return try appointments(rows)
  }

  /// A page of what a unit must key in: the appointments of those who are handed over to it, of days in its care, that stand here or were
  /// given up, also by a handover that was corrected since; by folio.
  ///
  /// - Parameter folio: the last one of the page before.
  package func handedBookings(to unit: CLUES, after folio: Folio?, limit: Int) throws(StoreFault) -> [ExportedBooking] {
    let rows = try statement(
      """
      SELECT \(Appointment.columns) FROM appointment JOIN (SELECT patient AS handed, from_day FROM handover WHERE clues = ?1 AND ended_at IS NULL) \
      ON appointment.patient = handed WHERE \(Appointment.active) AND status = 'booked' AND day >= from_day AND folio > ?2 UNION ALL \
      SELECT \(Appointment.columns) FROM appointment WHERE folio > ?2 AND folio IN (
        SELECT folio FROM handed_appointment WHERE returned_at IS NULL AND handover IN (
          SELECT id FROM handover WHERE patient IN (SELECT patient FROM handover WHERE clues = ?1 AND ended_at IS NULL))) \
      ORDER BY folio LIMIT ?3
      """)
    rows.bind(unit.description, at: 1)
    rows.bind(Int64(folio?.number ?? 0), at: 2)
    rows.bind(Int64(limit), at: 3)
    return try appointments(rows).map { appointment throws(StoreFault) in
      ExportedBooking(appointment: appointment, patient: try patient(id: appointment.patient))
    }
  }
}

extension StoreReader {
  /// The one person who fits; `nil` for nobody, and for two.
  package func person(_ identity: ExternalRow.Identity) throws(StoreFault) -> Patient? {
    let found = switch identity {
    case .number(let number): try patient(number: number).map { [$0] } ?? []
    case .curp(let curp): try patients(curp: curp)
    case .nss(let nss, let born): try patients(nss: nss, birthDate: born)
    }
    return found.count == 1 ? found[0] : nil
  }
}
