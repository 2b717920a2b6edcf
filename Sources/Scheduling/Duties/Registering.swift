package import ClinicDomain

/// Adds a legado to the register, with its first evidence.
package struct AddLegado: Hashable, Sendable {
  package var actor: Actor
  package var title: String
  package var owner: String
  package var due: CivilDate
  /// At least one.
  package var evidence: [String]
  /// Said of the first status.
  package static let firstNote = "Registro del legado."

  /// - Precondition: there is evidence.
  package init(actor: Actor, title: String, owner: String, due: CivilDate, evidence: [String]) {
    precondition(!evidence.isEmpty, "a legado has evidence")
    self.actor = actor
    self.title = title
    self.owner = owner
    self.due = due
    self.evidence = evidence
  }
}

/// Adds a piece of evidence to a legado.
package struct AddLegadoEvidence: Hashable, Sendable {
  package var actor: Actor
  package var legado: Int64
  package var reference: String

  package init(actor: Actor, legado: Int64, reference: String) {
    self.actor = actor
    self.legado = legado
    self.reference = reference
  }
}

/// Adds a status to a legado's history.
package struct SetLegadoStatus: Hashable, Sendable {
  package var actor: Actor
  package var legado: Int64
  package var status: Legado.Status
  package var note: String
  /// `nil` keeps the date there is.
  package var due: CivilDate?

  package init(actor: Actor, legado: Int64, status: Legado.Status, note: String, due: CivilDate?) {
    self.actor = actor
    self.legado = legado
    self.status = status
    self.note = note
    self.due = due
  }
}

extension AddLegado {
  /// The legado, its evidence and its first status are written together: there is never one without.
  ///
  /// - Throws: `notAllowed` for anybody but staff.
  package func decide(in scope: CommandScope, at now: Instant) throws(CommandRefusal) -> Decision<DutyOutcome> {
    let name = try actor.checkStaff()
    let legado = Legado(id: scope.duty.nextLegado, title: title, owner: owner, addedAt: now, addedBy: name)
    let first = LegadoEntry(
      id: scope.duty.nextEntry, legado: legado.id, status: .planned, due: due, note: Self.firstNote, addedAt: now, addedBy: name)
    let evidence = self.evidence.enumerated().map { place, reference in
      LegadoEvidence(
        id: scope.duty.nextEvidence + Int64(place), legado: legado.id, reference: reference, addedAt: now, addedBy: name)
    }
    let standing = LegadoStanding(legado: legado, last: first, evidenceCount: evidence.count)
    return Decision(
      DutyOutcome(legado: standing), [.duty(.legado(legado)), .duty(.entry(first))] + evidence.map { .duty(.evidence($0)) })
  }
}

extension AddLegadoEvidence {
  /// - Throws: `notAllowed` for anybody but staff, `appointmentNotFound`.
  package func decide(in scope: CommandScope, at now: Instant) throws(CommandRefusal) -> Decision<DutyOutcome> {
    let name = try actor.checkStaff()
    guard var standing = scope.duty.legado else { throw .appointmentNotFound }
    let evidence = LegadoEvidence(
      id: scope.duty.nextEvidence, legado: legado, reference: reference, addedAt: now, addedBy: name)
    standing.evidenceCount += 1
    return Decision(DutyOutcome(legado: standing), [.duty(.evidence(evidence))])
  }
}

extension SetLegadoStatus {
  /// What is over, or has another date, alerts nobody any more; once it is late again, it does.
  ///
  /// - Throws: `notAllowed` for anybody but staff, `appointmentNotFound`, `wrongState` (it is over).
  package func decide(in scope: CommandScope, at now: Instant) throws(CommandRefusal) -> Decision<DutyOutcome> {
    let name = try actor.checkStaff()
    guard var standing = scope.duty.legado else { throw .appointmentNotFound }
    guard !standing.last.status.isOver, status != .planned || standing.last.status == .planned else {
      throw .wrongState(standing.last.status == .cancelled ? .cancelled : .fulfilled)
    }
    let entry = LegadoEntry(
      id: scope.duty.nextEntry, legado: legado, status: status, due: due ?? standing.last.due, note: note, addedAt: now, addedBy: name)
    let isAnswered = status.isOver || entry.due != standing.last.due
    standing.last = entry
    return Decision(
      DutyOutcome(legado: standing),
      [.duty(.entry(entry))] + (isAnswered ? scope.duty.alerts.map { $0.resolved(at: now) } : []))
  }
}
