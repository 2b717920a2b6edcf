package import ClinicDomain

/// A command that is decided here, by a pure function; the padrón's import is not among them.
package enum SchedulingCommand: Hashable, Sendable {
  case hold(HoldSlot)
  case book(BookAppointment)
  case cancel(CancelAppointment)
  case life(LifeCommand)
  case releaseHold(ReleaseHold)
  case grantConsent(GrantConsent)
  case revokeConsent(RevokeConsent)
  case admit(AdmitPatient)
  case waitlist(WaitlistCommand)
  case closure(ClosureCommand)
  case series(SeriesCommand)
  case override(OverrideCap)
  case duty(DutyCommand)
  case together(BookTogether)
  case paper(PaperCommand)
  case proxy(ProxyCommand)
  case homeVisit(RequestHomeVisit)
  case promoter(PromoterCommand)
  case transfer(TransferCommand)
  case resolve(ResolveConflict)
  case care(CareCommand)
}

extension Command {
  /// Who finds out what a command does.
  package enum Course: Hashable, Sendable {
    /// ``SchedulingCommand/decide(in:rules:at:folio:)``, from a scope.
    case decided(SchedulingCommand)
    /// The store, row by row: whether a person is new is a question to its tables, and no rule can refuse them.
    case imported(ImportPatients)
    /// The store, which only counts.
    case counted(IdentificationCommand)
    /// ``TelephoneCommand/decide(in:rules:at:folio:)``, from a scope of its own.
    case telephoned(TelephoneCommand)
    /// The store, row by row, each by ``ExternalRow/decide(in:source:rules:at:folio:)`` on what those before it did.
    case exchanged(ImportBookings)
    /// The store, appointment by appointment, each by ``UndoForMany/bringBack(in:rules:at:)`` on what those before it did.
    case undone(UndoForMany)
  }

  package var course: Course {
    switch self {
    case .hold(let hold): .decided(.hold(hold))
    case .book(let book): .decided(.book(book))
    case .cancel(let cancel): .decided(.cancel(cancel))
    case .life(let life): .decided(.life(life))
    case .releaseHold(let release): .decided(.releaseHold(release))
    case .grantConsent(let grant): .decided(.grantConsent(grant))
    case .revokeConsent(let revoke): .decided(.revokeConsent(revoke))
    case .importPatients(let people): .imported(people)
    case .admit(let admit): .decided(.admit(admit))
    case .waitlist(let waitlist): .decided(.waitlist(waitlist))
    case .closure(let closure): .decided(.closure(closure))
    case .series(let series): .decided(.series(series))
    case .override(let override): .decided(.override(override))
    case .duty(let duty): .decided(.duty(duty))
    case .together(let together): .decided(.together(together))
    case .identification(let command): .counted(command)
    case .telephone(let command): .telephoned(command)
    case .paper(let paper): .decided(.paper(paper))
    case .exchange(let bookings): .exchanged(bookings)
    case .proxy(let proxy): .decided(.proxy(proxy))
    case .homeVisit(let visit): .decided(.homeVisit(visit))
    case .promoter(let promoter): .decided(.promoter(promoter))
    case .transfer(let transfer): .decided(.transfer(transfer))
    case .resolve(let resolve): .decided(.resolve(resolve))
    case .care(let care): .decided(.care(care))
    case .undoForMany(let undo): .undone(undo)
    }
  }
}

extension SchedulingCommand {
  /// Decides the command.
  ///
  /// A repeated request never gets here: the store answers it from the stored reply of its request id.
  ///
  /// - Parameters:
  ///   - scope: what the command `needs`, read inside the transaction that will write the changes.
  ///   - now: stamped once per batch, non-decreasing.
  ///   - folio: for a new appointment, one that no row has; the store makes it of the command's seed and the number of its attempt.
  /// - Returns: the outcome, and what must be written for it. No changes at all means that what was asked for holds already.
  /// - Throws: the first refusal that applies, in the order of ``CommandRefusal``.
  /// - Complexity: O(appointments in the scope).
  package func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant, folio: Folio
  ) throws(CommandRefusal) -> Decision<CommandOutcome> {
    try decideItself(in: scope, rules: rules, at: now, folio: folio).keepingHomeVisits(in: scope, rules: rules)
      .stamped(in: scope, rules: rules)
  }

  private func decideItself(
    in scope: CommandScope, rules: ClinicRules, at now: Instant, folio: Folio
  ) throws(CommandRefusal) -> Decision<CommandOutcome> {
    switch self {
    case .hold(let hold): try hold.decide(in: scope, rules: rules, at: now, folio: folio).outcome(CommandOutcome.appointment)
    case .book(let book): try book.decide(in: scope, rules: rules, at: now, folio: folio).outcome(CommandOutcome.appointment)
    case .cancel(let cancel): try cancel.decide(in: scope, rules: rules, at: now).outcome(CommandOutcome.appointment)
    case .life(let life): try life.decide(in: scope, rules: rules, at: now, folio: folio).outcome(CommandOutcome.appointment)
    case .releaseHold(let release): try release.decide(in: scope, at: now).outcome(CommandOutcome.appointment)
    case .grantConsent(let grant): try grant.decide(in: scope, rules: rules, at: now)
    case .revokeConsent(let revoke): try revoke.decide(in: scope)
    case .admit(let admit): try admit.decide(in: scope, rules: rules, at: now, folio: folio).outcome(CommandOutcome.appointment)
    case .waitlist(let waitlist): try waitlist.decide(in: scope, rules: rules, at: now, folio: folio)
    case .closure(let closure): try closure.decide(in: scope, rules: rules, at: now, folio: folio)
    case .series(let series): try series.decide(in: scope, rules: rules, at: now, folio: folio)
    case .override(let override): try override.decide(in: scope, rules: rules, at: now, folio: folio).outcome(CommandOutcome.appointment)
    case .duty(let duty): try duty.decide(in: scope, rules: rules, at: now, folio: folio)
    case .together(let together):
      try together.decide(in: scope, rules: rules, at: now, folio: folio).outcome(CommandOutcome.appointments)
    case .paper(let paper): try paper.decide(in: scope, rules: rules, at: now, folio: folio)
    case .proxy(let proxy): try proxy.decide(in: scope, rules: rules, at: now)
    case .homeVisit(let visit):
      try visit.decide(in: scope, rules: rules, at: now, folio: folio).outcome(CommandOutcome.appointment)
    case .promoter(let promoter): try promoter.decide(in: scope, rules: rules, at: now, folio: folio)
    case .transfer(let transfer): try transfer.decide(in: scope, rules: rules, at: now, folio: folio)
    case .resolve(let resolve): try resolve.decide(in: scope, rules: rules, at: now, folio: folio)
    case .care(let care): try care.decide(in: scope, rules: rules, at: now)
    }
  }
}

extension Decision {
  /// The same changes under an outcome of another type.
  func outcome<Other>(_ transform: (Outcome) -> Other) -> Decision<Other> {
    Decision<Other>(transform(outcome), changes)
  }
}
