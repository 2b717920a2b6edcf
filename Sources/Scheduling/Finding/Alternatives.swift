package import ClinicDomain

/// What a refused command wanted, as far as free slots can help.
///
/// The store takes it out of the scope of the refused decision; the service answers it from the snapshot, so that the
/// writer never searches.
package struct SlotWish: Hashable, Sendable {
  package var service: ServiceCode
  package var choice: SlotChoice
  package var channel: Channel
  package var person: PersonView
  /// Whether a hold was asked for, which has a limit of its own.
  package var asHold: Bool

  package init(service: ServiceCode, choice: SlotChoice, channel: Channel, person: PersonView, asHold: Bool) {
    self.service = service
    self.choice = choice
    self.channel = channel
    self.person = person
    self.asHold = asHold
  }
}

extension SchedulingCommand {
  /// What other slots could give instead, after a refusal; `nil` when none could.
  package func wish(after refusal: CommandRefusal, in scope: CommandScope) -> SlotWish? { nil }
}

extension AgendaIndex {
  package func alternatives(to wish: SlotWish, at now: Instant, limit: Int = 6) -> [FoundSlot] { [] }
}
