package import ClinicDomain

/// Gives somebody a colour, or another one. Staff's alone.
package struct SetTriage: Hashable, Sendable {
  package var actor: Actor
  /// The case; `nil` begins one.
  package var triage: Int64?
  package var patient: PatientID?
  package var color: TriageColor

  package init(actor: Actor, triage: Int64?, patient: PatientID?, color: TriageColor) {
    self.actor = actor
    self.triage = triage
    self.patient = patient
    self.color = color
  }

  /// The new colour's time begins now. The same colour again changes nothing: it does not begin anew.
  ///
  /// - Throws: `notAllowed` for anybody but staff, `appointmentNotFound` for a case that there is not or that was seen.
  package func decide(in scope: CareScope, at now: Instant) throws(CommandRefusal) -> Decision<CommandOutcome> {
    let name = try actor.checkStaff()
    guard triage != nil else {
      let new = TriageCase(id: scope.next, patient: patient, color: color, setBy: name, setAt: now)
      return Decision(.triage(new), [.care(.triage(new))])
    }
    guard var known = scope.triage, known.seenAt == nil else { throw .appointmentNotFound }
    guard known.color != color else { return Decision(.triage(known), []) }
    (known.color, known.setBy, known.setAt, known.breachedAt) = (color, name, now, nil)
    return Decision(.triage(known), [.care(.triage(known))])
  }
}

/// Somebody sees them: the time stops.
package struct SeeTriaged: Hashable, Sendable {
  package var actor: Actor
  package var triage: Int64

  package init(actor: Actor, triage: Int64) {
    self.actor = actor
    self.triage = triage
  }

  /// Who saw them first stays.
  ///
  /// - Throws: `notAllowed` for anybody but staff, `appointmentNotFound`.
  package func decide(in scope: CareScope, at now: Instant) throws(CommandRefusal) -> Decision<CommandOutcome> {
    let name = try actor.checkStaff()
    guard var known = scope.triage else { throw .appointmentNotFound }
    guard known.seenAt == nil else { return Decision(.triage(known), []) }
    (known.seenAt, known.seenBy) = (now, name)
    return Decision(.triage(known), [.care(.triage(known))])
  }
}

/// Notes that somebody waited longer than their colour allows. The server itself asks for it.
package struct BreachTriage: Hashable, Sendable {
  package var triage: Int64

  package init(triage: Int64) { self.triage = triage }

  package func decide(in scope: CareScope, at now: Instant) throws(CommandRefusal) -> Decision<CommandOutcome> {
    guard var known = scope.triage else { throw .appointmentNotFound }
    guard known.isOverdue(at: now) else { return Decision(.triage(known), []) }
    known.breachedAt = now
    return Decision(.triage(known), [.care(.triage(known))])
  }
}

/// What a decision about a colour reads.
package struct CareScope: Hashable, Sendable {
  package var triage: TriageCase?
  /// A number that no case has.
  package var next: Int64 = 1

  package init() {}
}
