package import ClinicDomain

/// What can be asked about permissions with exact rights, about what such a right may open, and about newborns.
package enum ProxyCommand: Hashable, Sendable {
  case grant(GrantProxy)
  case revoke(RevokeProxy)
  case plan(RecordBirthPlan)
  case newborn(RegisterNewborn)
  case merge(MergeNewborn)
  case person(RegisterPerson)

  var needs: CommandNeeds {
    var needs = CommandNeeds()
    switch self {
    case .grant(let grant):
      (needs.actor, needs.patient) = (grant.grantor, grant.grantee)
      needs.proxy = .given(by: grant.grantor)
    case .revoke(let revoke):
      needs.actor = revoke.grantor
      needs.proxy = .given(by: revoke.grantor)
    case .plan(let plan):
      needs.patient = plan.patient
      needs.proxy = .birthPlan(plan.patient)
    case .newborn(let newborn):
      needs.patient = newborn.mother
      needs.proxy = .newborns(of: newborn.mother, numberSeed: newborn.numberSeed)
    case .merge(let merge):
      needs.proxy = .merging(merge.child, merge.row, numberSeed: merge.numberSeed)
    case .person(let person):
      needs.proxy = .registering(identityKey: person.identityKey, numberSeed: person.numberSeed)
    }
    return needs
  }

  var authorship: Authorship {
    switch self {
    case .grant(let grant): Authorship(grant.actor, .grantProxy, through: grant.channel)
    case .revoke(let revoke): Authorship(revoke.actor, .revokeProxy, through: revoke.channel)
    case .plan(let plan): Authorship(plan.actor, .recordBirthPlan, through: plan.channel)
    case .newborn(let newborn): Authorship(newborn.actor, .registerNewborn, through: .desk)
    case .merge(let merge): Authorship(merge.actor, .mergeNewborn, through: .desk)
    case .person(let person): Authorship(person.actor, .registerPerson, through: .desk)
    }
  }

  func decide(in scope: CommandScope, rules: ClinicRules, at now: Instant) throws(CommandRefusal) -> Decision<CommandOutcome> {
    switch self {
    case .grant(let grant): try grant.decide(in: scope, rules: rules, at: now).outcome { .proxy(.proxies([$0])) }
    case .revoke(let revoke): try revoke.decide(in: scope, at: now).outcome { .proxy(.proxies($0)) }
    case .plan(let plan): try plan.decide(in: scope, rules: rules, at: now).outcome { .proxy(.plan($0)) }
    case .newborn(let newborn): try newborn.decide(in: scope, rules: rules, at: now).outcome { .proxy(.newborn($0)) }
    case .merge(let merge): try merge.decide(in: scope, rules: rules).outcome { .proxy(.merged($0)) }
    case .person(let person): try person.decide(in: scope, rules: rules, at: now).outcome { .proxy(.person($0)) }
    }
  }
}

/// What a command about permissions gave.
package enum ProxyOutcome: Hashable, Sendable {
  /// Those that were granted, or taken back.
  case proxies([Proxy])
  case plan(BirthPlan)
  case newborn(RegisteredNewborn)
  /// A newborn, or whoever was registered without a number, as the padrón has them.
  case merged(Patient)
  case person(RegisteredPerson)
}

/// What a decision about permissions changes.
package enum ProxyChange: Hashable, Sendable {
  /// A new one, or how the one of that number now reads.
  case proxy(Proxy)
  /// A new version.
  case plan(BirthPlan)
  /// A person who was in no padrón; the key is never a padrón's.
  case person(Patient, identityKey: String)
  /// How the person of that store's number now reads, and what a padrón knows them by.
  case changed(Patient, identityKey: String)
  case newborn(Newborn)
}

/// What a command reads of permissions; the store fetches exactly this.
package enum ProxyNeed: Hashable, Sendable {
  case given(by: PatientID)
  case birthPlan(PatientID)
  /// Those registered at a mother's record, and a free place and number for one more.
  case newborns(of: PatientID, numberSeed: UInt64)
  /// A newborn, their mother, a row of the padrón, and a free number.
  case merging(PatientNumber, PatientNumber, numberSeed: UInt64)
  /// Who is known by a key or by one that begins with it, and a free place and number for one more.
  case registering(identityKey: String, numberSeed: UInt64)
}

/// What the store found of it.
package struct ProxyScope: Hashable, Sendable {
  /// Those that are not revoked, by number.
  package var given: [Proxy] = []
  package var nextProxy: Int64 = 1
  /// The last version; `nil` when there is none.
  package var birthPlan: BirthPlan?
  /// By ordinal.
  package var newborns: [Newborn] = []
  package var nextPatient = PatientID(rawValue: 1)
  package var freeNumber: PatientNumber?
  /// `nil` when one of the numbers is nobody's.
  package var merge: MergeScope?
  /// Who was registered under the key before, by the store's number.
  package var namesakes: [Patient] = []

  package init() {}
}
