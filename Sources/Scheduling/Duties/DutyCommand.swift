package import ClinicDomain

/// What can be asked about what the clinic owes by an hour or a day: referrals, the children's screen, legados, and the alerts of all of them.
package enum DutyCommand: Hashable, Sendable {
  case refer(CreateReferral)
  case advance(AdvanceReferral)
  case takeBack(ReturnReferral)
  case screen(ScreenChild)
  case raise(RaiseAlert)
  case acknowledge(TakeOnAlert)
  case addLegado(AddLegado)
  case addEvidence(AddLegadoEvidence)
  case setStatus(SetLegadoStatus)
  case noteNight(NoteNight)

  var needs: CommandNeeds {
    switch self {
    case .refer(let refer): CommandNeeds(actor: refer.actor.person, patient: refer.patient)
    case .advance(let advance): CommandNeeds(actor: advance.actor.person, duty: .referral(advance.folio))
    case .takeBack(let back):
      CommandNeeds(
        actor: back.actor.person, activeAppointments: true, day: back.followUp?.choice.map(AgendaDay.init), load: back.followUp?.choice,
        duty: .referral(back.folio))
    case .screen(let screen):
      CommandNeeds(
        actor: screen.actor.person, patient: screen.patient, activeAppointments: true, day: screen.choice.map(AgendaDay.init),
        load: screen.choice, duty: .screening)
    case .raise(let raise):
      switch raise.object {
      case .referral(let folio): CommandNeeds(duty: .referral(folio))
      case .legado(let id): CommandNeeds(duty: .legado(id))
      case .screen, .nightly: CommandNeeds()
      }
    case .acknowledge(let acknowledge): CommandNeeds(actor: acknowledge.actor.person, duty: .alert(acknowledge.alert))
    case .addLegado(let add): CommandNeeds(actor: add.actor.person, duty: .legado(nil))
    case .addEvidence(let add): CommandNeeds(actor: add.actor.person, duty: .legado(add.legado))
    case .setStatus(let set): CommandNeeds(actor: set.actor.person, duty: .legado(set.legado))
    case .noteNight: CommandNeeds(duty: .nightly)
    }
  }

  /// The slot that it would take, and for what.
  package var wish: (service: ServiceCode, choice: SlotChoice)? {
    switch self {
    case .takeBack(let back): back.followUp.flatMap { followUp in followUp.choice.map { (followUp.service, $0) } }
    case .screen(let screen): screen.choice.map { (screen.service, $0) }
    default: nil
    }
  }

  var authorship: Authorship {
    switch self {
    case .refer(let refer): Authorship(refer.actor, .refer, through: .desk)
    case .advance(let advance): Authorship(advance.actor, advance.act, through: .desk)
    case .takeBack(let back): Authorship(back.actor, .returnReferral, through: .desk)
    case .screen(let screen): Authorship(screen.actor, .screenChild, through: screen.channel)
    case .raise: Authorship(.system, .raiseAlert)
    case .acknowledge(let acknowledge): Authorship(acknowledge.actor, .acknowledgeAlert, through: .desk)
    case .addLegado(let add): Authorship(add.actor, .addLegado, through: .desk)
    case .addEvidence(let add): Authorship(add.actor, .addEvidence, through: .desk)
    case .setStatus(let set): Authorship(set.actor, .setLegadoStatus, through: .desk)
    case .noteNight: Authorship(.system, .checkNight)
    }
  }

  /// Where a new folio begins.
  package var folioSeed: UInt64 {
    switch self {
    case .refer(let refer): refer.folioSeed
    case .takeBack(let back): back.folioSeed
    case .screen(let screen): screen.folioSeed
    default: 0
    }
  }

  func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant, folio: Folio
  ) throws(CommandRefusal) -> Decision<CommandOutcome> {
    let decision = switch self {
    case .refer(let refer): try refer.decide(in: scope, rules: rules, at: now, folio: folio)
    case .advance(let advance): try advance.decide(in: scope, rules: rules, at: now)
    case .takeBack(let back): try back.decide(in: scope, rules: rules, at: now, folio: folio)
    case .screen(let screen): try screen.decide(in: scope, rules: rules, at: now, folio: folio)
    case .raise(let raise): raise.decide(in: scope, rules: rules, at: now)
    case .acknowledge(let acknowledge): try acknowledge.decide(in: scope, at: now)
    case .addLegado(let add): try add.decide(in: scope, at: now)
    case .addEvidence(let add): try add.decide(in: scope, at: now)
    case .setStatus(let set): try set.decide(in: scope, at: now)
    case .noteNight(let note): note.decide(in: scope, rules: rules, at: now)
    }
    return decision.outcome(CommandOutcome.duty)
  }
}

extension AgendaDay {
  init(_ choice: SlotChoice) { self.init(resource: choice.resource, date: choice.date) }
}
