/// Whom people belong to in a clinic: a consultorio and one of its turnos.
package struct Doctor: Hashable, Sendable {
  package var resource: ResourceID
  package var turno: TurnoCode

  package init(resource: ResourceID, turno: TurnoCode) {
    self.resource = resource
    self.turno = turno
  }
}

extension Patient {
  /// Their own; `nil` for whoever has none yet.
  package var doctor: Doctor? {
    consultorio.flatMap { consultorio in turno.map { Doctor(resource: consultorio, turno: $0) } }
  }
}
