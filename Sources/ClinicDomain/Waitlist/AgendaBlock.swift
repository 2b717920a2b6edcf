/// A stretch of one agenda's day in which nobody is seen, decided while the clinic works: a doctor is absent, a chair is down.
///
/// What was booked there is moved or offered something else; see `HarmOrder`. Never deleted: it is lifted.
package struct AgendaBlock: Hashable, Sendable {
  package var id: Int64
  package var slot: Slot
  package var createdAt: Instant
  package var liftedAt: Instant?

  package init(id: Int64, slot: Slot, createdAt: Instant, liftedAt: Instant? = nil) {
    self.id = id
    self.slot = slot
    self.createdAt = createdAt
    self.liftedAt = liftedAt
  }
}
