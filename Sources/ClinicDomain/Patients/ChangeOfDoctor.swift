/// That staff had a person belong to another doctor of this clinic, and whose they were before. Never deleted: it may be taken back.
package struct ChangeOfDoctor: Hashable, Sendable {
  /// From 1, unique in the store.
  package var id: Int64
  package var patient: PatientID
  /// Of whom they belonged before, as far as the clinic knew.
  package var consultorio: ResourceID?
  package var turno: TurnoCode?
  package var to: Doctor
  package var madeAt: Instant
  /// `nil` while it stands.
  package var takenBackAt: Instant?

  package init(
    id: Int64, patient: PatientID, consultorio: ResourceID?, turno: TurnoCode?, to: Doctor, madeAt: Instant, takenBackAt: Instant? = nil
  ) {
    self.id = id
    self.patient = patient
    self.consultorio = consultorio
    self.turno = turno
    self.to = to
    self.madeAt = madeAt
    self.takenBackAt = takenBackAt
  }
}
