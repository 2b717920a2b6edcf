internal import ClinicDomain

/// What can be asked about closures while the clinic works.
package enum ClosureCommand: Hashable, Sendable {
  case close(CloseAgenda)
  case reopen(ReopenAgenda)
  case displace(DisplaceAppointment)

  var needs: CommandNeeds {
    switch self {
    case .close(let close): CommandNeeds(actor: close.actor.person, waitlist: .block(nil))
    case .reopen(let reopen): CommandNeeds(actor: reopen.actor.person, waitlist: .block(reopen.block))
    case .displace(let displace):
      CommandNeeds(
        named: displace.folio, activeAppointments: true,
        day: displace.to.map { AgendaDay(resource: $0.resource, date: $0.date) }, load: displace.to, waitlist: .joining)
    }
  }

  var authorship: Authorship {
    switch self {
    case .close(let close): Authorship(close.actor, .closeAgenda)
    case .reopen(let reopen): Authorship(reopen.actor, .reopenAgenda)
    case .displace: Authorship(.system, .displace)
    }
  }

  /// Where a new folio begins.
  package var folioSeed: UInt64 { if case .displace(let displace) = self { displace.folioSeed } else { 0 } }

  func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant, folio: Folio
  ) throws(CommandRefusal) -> Decision<CommandOutcome> {
    switch self {
    case .close(let close): try close.decide(in: scope, rules: rules, at: now).outcome(CommandOutcome.blocks)
    case .reopen(let reopen): try reopen.decide(in: scope, rules: rules, at: now).outcome(CommandOutcome.blocks)
    case .displace(let displace):
      try displace.decide(in: scope, rules: rules, at: now, folio: folio).outcome(CommandOutcome.appointment)
    }
  }
}
