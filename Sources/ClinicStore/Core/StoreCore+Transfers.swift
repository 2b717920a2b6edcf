internal import ClinicDomain
internal import Scheduling

extension StoreCore {
  /// What a decision about handovers reads; nothing for a change of doctor.
  func fetch(_ command: TransferCommand, into scope: inout CommandScope) throws(StoreFault) {
    switch command {
    case .move, .adopt: return
    case .handOver, .giveUp, .takeBack, .takeBackAppointment: break
    }
    if let patient = scope.patient {
      let rows = try statements[.handoverOf]
      rows.bind(patient.id.rawValue, at: 1)
      scope.handover.standing = try rows.all { row throws(StoreFault) in try PatientHandover(row) }.first
    }
    if let named = scope.named {
      let rows = try statements[.handed]
      rows.bind(Int64(named.folio.number), at: 1)
      scope.handover.handed = try rows.all { row throws(StoreFault) in try HandedAppointment(row) }.first
      if case .takeBackAppointment = command { scope.isBeyondCap = try wasGivenBeyondCap(named) }
    }
    let last = try statements[.lastHandover]
    defer { last.reset() }
    scope.handover.next = try last.step() ? last.integer(0) + 1 : 1
  }

  /// Changes what the clinic knows of a person; the rest of their row stays.
  ///
  /// - Returns: what the history keeps of the row.
  func rewrite(_ patient: PatientID, _ change: (inout Patient) -> Void) throws(StoreFault) -> RowDigest.Value {
    guard var person = try self.patient(patient) else {
      throw StoreFault(.broken, operation: "change of a person", detail: "a person who was there is gone")
    }
    let key = try identityKey(of: patient)
    change(&person)
    var row = RowWriter(try statements[.updatePatient])
    person.write(identityKey: key, to: &row)
    try row.write()
    var digest = RowDigest()
    person.write(identityKey: key, to: &digest)
    return digest.value
  }

  func identityKey(of patient: PatientID) throws(StoreFault) -> String {
    let rows = try statements[.identityKey]
    rows.bind(patient.rawValue, at: 1)
    defer { rows.reset() }
    return try rows.step() ? rows.text(0) : ""
  }
}
