internal import ClinicDomain

/// What can be asked about closures while the clinic works.
package enum ClosureCommand: Hashable, Sendable {
  case close(CloseAgenda)
  case reopen(ReopenAgenda)
  case displace(DisplaceAppointment)
  case placeDisplaced(PlaceDisplaced)

  var needs: CommandNeeds {
    switch self {
    case .close(let close): CommandNeeds(actor: close.actor.person, waitlist: .block(nil))
    case .reopen(let reopen): CommandNeeds(actor: reopen.actor.person, waitlist: .block(reopen.block))
    case .displace(let displace):
      CommandNeeds(
        named: displace.folio, activeAppointments: true,
        day: displace.to.choice.map { AgendaDay($0) }, load: displace.to.choice, waitlist: .joining)
    case .placeDisplaced(let place):
      CommandNeeds(activeAppointments: true, day: AgendaDay(place.to), load: place.to, waitlist: .displaced(place.entry))
    }
  }

  var authorship: Authorship {
    switch self {
    case .close(let close): Authorship(close.actor, .closeAgenda)
    case .reopen(let reopen): Authorship(reopen.actor, .reopenAgenda)
    case .displace: Authorship(.system, .displace)
    case .placeDisplaced: Authorship(.system, .placeDisplaced)
    }
  }

  /// Where a new folio begins.
  package var folioSeed: UInt64 {
    switch self {
    case .displace(let displace): displace.folioSeed
    case .placeDisplaced(let place): place.folioSeed
    case .close, .reopen: 0
    }
  }

  func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant, folio: Folio
  ) throws(CommandRefusal) -> Decision<CommandOutcome> {
    switch self {
    case .close(let close): try close.decide(in: scope, rules: rules, at: now).outcome(CommandOutcome.blocks)
    case .reopen(let reopen): try reopen.decide(in: scope, rules: rules, at: now).outcome(CommandOutcome.blocks)
    case .displace(let displace):
      try displace.decide(in: scope, rules: rules, at: now, folio: folio).outcome(CommandOutcome.appointment)
    case .placeDisplaced(let place):
      try place.decide(in: scope, rules: rules, at: now, folio: folio).outcome(CommandOutcome.appointment)
    }
  }
}
