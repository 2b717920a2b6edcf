internal import ClinicDomain

/// What can be asked about people who change to another doctor, many at once.
package enum TransferCommand: Hashable, Sendable {
  case move(MoveToDoctor)
  case adopt(AdoptPatient)

  var needs: CommandNeeds {
    switch self {
    case .move(let move):
      CommandNeeds(
        named: move.folio, activeAppointments: true, day: move.to.map { AgendaDay(resource: $0.resource, date: $0.date) }, load: move.to,
        waitlist: .joining)
    case .adopt(let adopt): CommandNeeds(patient: adopt.patient)
    }
  }

  var authorship: Authorship {
    switch self {
    case .move(let move): Authorship(move.actor, .moveToDoctor)
    case .adopt(let adopt): Authorship(adopt.actor, .adoptPatient)
    }
  }

  /// Where a new folio begins.
  package var folioSeed: UInt64 { if case .move(let move) = self { move.folioSeed } else { 0 } }

  func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant, folio: Folio
  ) throws(CommandRefusal) -> Decision<CommandOutcome> {
    switch self {
    case .move(let move): try move.decide(in: scope, rules: rules, at: now, folio: folio).outcome(CommandOutcome.appointment)
    case .adopt(let adopt): try adopt.decide(in: scope, rules: rules)
    }
  }
}
