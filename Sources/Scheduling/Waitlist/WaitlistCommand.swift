internal import ClinicDomain

/// What can be asked about the waitlist and the places that others leave.
package enum WaitlistCommand: Hashable, Sendable {
  case join(JoinWaitlist)
  case leave(LeaveWaitlist)
  case round(OfferRound)
  case take(TakePlace)
  case decline(DeclineOffer)

  var needs: CommandNeeds {
    switch self {
    case .join(let join):
      CommandNeeds(actor: join.actor.person, patient: join.patient, named: join.replaces, waitlist: .joining)
    case .leave(let leave): CommandNeeds(actor: leave.actor.person, waitlist: .entry(leave.entry))
    case .round(let round): CommandNeeds(waitlist: .round(round.place))
    case .take(let take):
      CommandNeeds(
        actor: take.actor.person, patient: take.patient, activeAppointments: true, household: true, waitlist: take.what.need)
    case .decline(let decline): CommandNeeds(actor: decline.actor.person, waitlist: .offer(decline.offer))
    }
  }

  var authorship: Authorship {
    switch self {
    case .join(let join): Authorship(join.actor, .joinWaitlist, through: join.channel)
    case .leave(let leave): Authorship(leave.actor, .leaveWaitlist, through: leave.channel)
    case .round: Authorship(.system, .offerPlace)
    case .take(let take): Authorship(take.actor, .takePlace, through: take.channel)
    case .decline(let decline): Authorship(decline.actor, .declineOffer, through: decline.channel)
    }
  }

  /// Where a new folio begins.
  package var folioSeed: UInt64 { if case .take(let take) = self { take.folioSeed } else { 0 } }

  func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant, folio: Folio
  ) throws(CommandRefusal) -> Decision<CommandOutcome> {
    switch self {
    case .join(let join): try join.decide(in: scope, rules: rules, at: now).outcome(CommandOutcome.entry)
    case .leave(let leave): try leave.decide(in: scope, rules: rules, at: now).outcome(CommandOutcome.entry)
    case .round(let round): try round.decide(in: scope, rules: rules, at: now).outcome(CommandOutcome.place)
    case .take(let take): try take.decide(in: scope, rules: rules, at: now, folio: folio).outcome(CommandOutcome.appointment)
    case .decline(let decline): try decline.decide(in: scope, rules: rules, at: now).outcome(CommandOutcome.offer)
    }
  }
}

extension TakePlace.What {
  fileprivate var need: WaitlistNeed {
    switch self {
    case .offer(let id): .offer(id)
    case .place(let id): .place(id)
    }
  }
}
