package import ClinicDomain

extension ReleaseHold {
  /// Ends a hold as if its time had run out: who comes back with its folio is told so, and offered what is free.
  ///
  /// - Returns: the ended hold, and its replacement.
  /// - Throws: `appointmentNotFound` for a folio that is nobody's, `wrongState` for what is no hold: one that was booked while its
  ///   caller went away stays booked.
  package func decide(in scope: CommandScope, at now: Instant) throws(CommandRefusal) -> Decision<Appointment> {
    guard let hold = scope.named else { throw .appointmentNotFound }
    guard hold.status == .pending else { throw .wrongState(hold.status) }
    let ended = hold.cancelled(.holdExpired, at: now)
    return Decision(ended, [.replace(ended)])
  }
}
