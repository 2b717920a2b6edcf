internal import ClinicDomain

/// What can be asked about people who change to another doctor or another unit, many at once.
package enum TransferCommand: Hashable, Sendable {
  case move(MoveToDoctor)
  case adopt(AdoptPatient)
  case handOver(HandOverPatient)
  case handOverSeries(HandOverSeries)
  case giveUp(GiveUpAppointment)
  case takeBack(TakeBackPatient)
  case takeBackAppointment(TakeBackAppointment)

  var needs: CommandNeeds {
    switch self {
    case .move(let move):
      CommandNeeds(
        named: move.folio, activeAppointments: true, day: move.to.map { AgendaDay(resource: $0.resource, date: $0.date) }, load: move.to,
        waitlist: .joining)
    case .adopt(let adopt): CommandNeeds(patient: adopt.patient)
    case .handOver(let handOver): CommandNeeds(patient: handOver.patient, activeAppointments: true)
    case .handOverSeries(let handOver): CommandNeeds(series: .series(handOver.series))
    case .giveUp(let giveUp): CommandNeeds(named: giveUp.folio)
    case .takeBack(let takeBack): CommandNeeds(patient: takeBack.patient, activeAppointments: true)
    case .takeBackAppointment(let takeBack):
      CommandNeeds(
        named: takeBack.folio, activeAppointments: true, day: takeBack.at.map { AgendaDay(resource: $0.resource, date: $0.date) },
        load: takeBack.at, waitlist: takeBack.at == nil ? .joining : .place(Int64(takeBack.folio.number)))
    }
  }

  var authorship: Authorship {
    switch self {
    case .move(let move): Authorship(move.actor, .moveToDoctor)
    case .adopt(let adopt): Authorship(adopt.actor, .adoptPatient)
    case .handOver(let handOver): Authorship(handOver.actor, .handOver)
    case .handOverSeries: Authorship(.system, .handOver)
    case .giveUp(let giveUp): Authorship(giveUp.actor, .giveUp)
    case .takeBack(let takeBack): Authorship(takeBack.actor, .takeBack)
    case .takeBackAppointment(let takeBack): Authorship(takeBack.actor, .takeBack)
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
    case .handOver(let handOver): try handOver.decide(in: scope, rules: rules, at: now)
    case .handOverSeries(let handOver): try handOver.decide(in: scope, rules: rules, at: now)
    case .giveUp(let giveUp): try giveUp.decide(in: scope, rules: rules, at: now).outcome(CommandOutcome.appointment)
    case .takeBack(let takeBack): try takeBack.decide(in: scope, at: now)
    case .takeBackAppointment(let takeBack): try takeBack.decide(in: scope, rules: rules, at: now).outcome(CommandOutcome.appointment)
    }
  }
}
