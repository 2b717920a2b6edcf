package import ClinicDomain

/// What is written down of a person that changes how they are cared for.
package enum CareCommand: Hashable, Sendable {
  case needs(SetNeeds)
  case institution(SetInstitution)
  case name(SetChosenName)
  case triage(SetTriage)
  case seen(SeeTriaged)
  /// The server itself asks for it.
  case breach(BreachTriage)

  var needs: CommandNeeds {
    switch self {
    case .needs(let set): CommandNeeds(actor: set.actor.person, patient: set.patient)
    case .institution(let set): CommandNeeds(actor: set.actor.person, patient: set.patient)
    case .name(let set): CommandNeeds(actor: set.actor.person, patient: set.patient)
    case .triage, .seen, .breach: CommandNeeds()
    }
  }

  var authorship: Authorship {
    switch self {
    case .needs(let set): Authorship(set.actor, .setNeeds, through: .desk)
    case .institution(let set): Authorship(set.actor, .setInstitution, through: set.channel)
    case .name(let set): Authorship(set.actor, .setName, through: set.channel)
    case .triage(let set): Authorship(set.actor, .setTriage, through: .desk)
    case .seen(let see): Authorship(see.actor, .seeTriaged, through: .desk)
    case .breach: Authorship(.system, .breachTriage)
    }
  }

  func decide(in scope: CommandScope, rules: ClinicRules, at now: Instant) throws(CommandRefusal) -> Decision<CommandOutcome> {
    switch self {
    case .needs(let set): try set.decide(in: scope)
    case .institution(let set): try set.decide(in: scope, rules: rules, at: now)
    case .name(let set): try set.decide(in: scope, at: now)
    case .triage(let set): try set.decide(in: scope.care, at: now)
    case .seen(let see): try see.decide(in: scope.care, at: now)
    case .breach(let breach): try breach.decide(in: scope.care, at: now)
    }
  }
}

/// Adds needs to a person's, and takes others away. Staff's: what is here decides which doctor they see, and how they are called.
package struct SetNeeds: Hashable, Sendable {
  package var actor: Actor
  package var patient: PatientID
  /// The clinic's words.
  package var added: [String]
  package var removed: [String]

  package init(actor: Actor, patient: PatientID, added: [String], removed: [String]) {
    self.actor = actor
    self.patient = patient
    self.added = added
    self.removed = removed
  }

  /// - Returns: the needs as they are then, ascending. What holds already changes nothing.
  /// - Throws: `notAllowed` for anybody but staff, or a person nobody knows.
  package func decide(in scope: CommandScope) throws(CommandRefusal) -> Decision<CommandOutcome> {
    _ = try actor.checkStaff()
    guard let person = scope.patient else { throw .notAllowed }
    let kept = person.needs.filter { !removed.contains($0) }
    let needs = kept + added.enumerated().filter { !kept.contains($1) && !added[..<$0].contains($1) }.map(\.element)
    let after = needs.sorted()
    return Decision(.needs(after), after == person.needs ? [] : [.care(.needs(person.id, after))])
  }
}

/// Writes down whom a person belongs to, as they say it: it refuses nothing to anybody.
package struct SetInstitution: Hashable, Sendable {
  package var actor: Actor
  package var patient: PatientID
  package var institution: Institution
  package var channel: Channel

  package init(actor: Actor, patient: PatientID, institution: Institution, channel: Channel) {
    self.actor = actor
    self.patient = patient
    self.institution = institution
    self.channel = channel
  }

  /// - Throws: `notAllowed` for who may not change the person's affairs.
  package func decide(in scope: CommandScope, rules: ClinicRules, at now: Instant) throws(CommandRefusal) -> Decision<CommandOutcome> {
    guard let person = scope.subject(of: actor, needing: .change, by: rules, at: now) else { throw .notAllowed }
    let affiliation = Affiliation(patient: person.id, institution: institution, saidAt: now)
    return Decision(.affiliation(affiliation), [.care(.affiliation(affiliation))])
  }
}

/// A row that now reads so.
package enum CareChange: Hashable, Sendable {
  case needs(PatientID, [String])
  case affiliation(Affiliation)
  /// How a person is called, and since when no padrón says otherwise.
  case name(PatientID, chosen: String?, pronoun: String?, at: Instant)
  case triage(TriageCase)
}
