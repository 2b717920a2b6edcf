/// Something that the clinic has committed itself to, as the register has it: never changed and never deleted.
package struct Legado: Hashable, Sendable {
  package enum Status: String, Hashable, Sendable, CaseIterable {
    /// Can become any of the others.
    case planned
    /// Can become `inProgress` again, `fulfilled`, `cancelled`.
    case inProgress = "in-progress"
    /// Terminal.
    case fulfilled
    /// Terminal.
    case cancelled

    package var isOver: Bool { self == .fulfilled || self == .cancelled }
  }

  package var id: Int64
  /// What was promised; 1 to 200 bytes.
  package var title: String
  /// The office that answers for it, never a person's name; 1 to 100 bytes.
  package var owner: String
  package var addedAt: Instant
  /// What the connection of whoever added it had proved.
  package var addedBy: String

  package init(id: Int64, title: String, owner: String, addedAt: Instant, addedBy: String) {
    self.id = id
    self.title = title
    self.owner = owner
    self.addedAt = addedAt
    self.addedBy = addedBy
  }
}

/// What shows that a legado is so.
package struct LegadoEvidence: Hashable, Sendable {
  package var id: Int64
  package var legado: Int64
  /// What and where it is: an act, a file's name and sum, a page; 1 to 300 bytes.
  package var reference: String
  package var addedAt: Instant
  package var addedBy: String

  package init(id: Int64, legado: Int64, reference: String, addedAt: Instant, addedBy: String) {
    self.id = id
    self.legado = legado
    self.reference = reference
    self.addedAt = addedAt
    self.addedBy = addedBy
  }
}

/// One status of a legado's history; the last one holds.
package struct LegadoEntry: Hashable, Sendable {
  package var id: Int64
  package var legado: Int64
  package var status: Legado.Status
  /// By when it is to be done, from this entry on.
  package var due: CivilDate
  /// 1 to 300 bytes.
  package var note: String
  package var addedAt: Instant
  package var addedBy: String

  package init(id: Int64, legado: Int64, status: Legado.Status, due: CivilDate, note: String, addedAt: Instant, addedBy: String) {
    self.id = id
    self.legado = legado
    self.status = status
    self.due = due
    self.note = note
    self.addedAt = addedAt
    self.addedBy = addedBy
  }

  /// Whether the legado is past its date.
  package func isOverdue(on today: CivilDate) -> Bool { !status.isOver && due < today }
}

/// A legado with what holds of it now.
package struct LegadoStanding: Hashable, Sendable {
  package var legado: Legado
  package var last: LegadoEntry
  package var evidenceCount: Int

  package init(legado: Legado, last: LegadoEntry, evidenceCount: Int) {
    self.legado = legado
    self.last = last
    self.evidenceCount = evidenceCount
  }
}
