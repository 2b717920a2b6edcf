internal import ClinicDomain
internal import Scheduling

extension StoreCore {
  /// Writes down whom a person belongs to; the rest of their row stays.
  ///
  /// - Returns: the person's number and what the history keeps of the row.
  func writeDoctor(_ doctor: Doctor, of patient: PatientID) throws(StoreFault) -> (PatientID, RowDigest.Value) {
    guard var person = try self.patient(patient) else {
      throw StoreFault(.broken, operation: "change of doctor", detail: "a person who was there is gone")
    }
    let key = try identityKey(of: patient)
    (person.consultorio, person.turno) = (doctor.resource, doctor.turno)
    var row = RowWriter(try statements[.updatePatient])
    person.write(identityKey: key, to: &row)
    try row.write()
    var digest = RowDigest()
    person.write(identityKey: key, to: &digest)
    return (patient, digest.value)
  }

  private func identityKey(of patient: PatientID) throws(StoreFault) -> String {
    let rows = try statements[.identityKey]
    rows.bind(patient.rawValue, at: 1)
    defer { rows.reset() }
    return try rows.step() ? rows.text(0) : ""
  }
}
