package import ClinicDomain

/// Says by which name a person is called (nombre social), or that by none but the given one.
package struct SetChosenName: Hashable, Sendable {
  package var actor: Actor
  package var patient: PatientID
  /// `nil` takes it away.
  package var chosen: String?
  package var pronoun: String?
  package var channel: Channel

  package init(actor: Actor, patient: PatientID, chosen: String?, pronoun: String?, channel: Channel) {
    self.actor = actor
    self.patient = patient
    self.chosen = chosen
    self.pronoun = pronoun
    self.channel = channel
  }

  /// It is the person's own affair alone: no parent's, no proxy's. Staff write it down when they are asked to. From then on no padrón says
  /// otherwise. What holds already changes nothing.
  ///
  /// - Throws: `notAllowed` for anybody else, or a person nobody knows.
  package func decide(in scope: CommandScope, at now: Instant) throws(CommandRefusal) -> Decision<CommandOutcome> {
    if actor.person != patient { _ = try actor.checkStaff() }
    guard let person = scope.patient else { throw .notAllowed }
    var name = person.name
    (name.chosen, name.pronoun) = (chosen, pronoun)
    let isSo = name == person.name && person.nameSetAt != nil
    return Decision(.named(name), isSo ? [] : [.care(.name(person.id, chosen: chosen, pronoun: pronoun, at: now))])
  }
}
