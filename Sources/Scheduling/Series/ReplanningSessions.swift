package import ClinicDomain

/// Finds another chair or hour for every session whose chair is down, in one step. The server itself asks for it.
package struct ReplanSessions: Hashable, Sendable {
  package var program: SeriesCode
  /// The days of the closure; sessions near them are looked at too.
  package var dates: ClosedRange<CivilDate>
  package var folioSeed: UInt64

  package init(program: SeriesCode, dates: ClosedRange<CivilDate>, folioSeed: UInt64) {
    self.program = program
    self.dates = dates
    self.folioSeed = folioSeed
  }

  /// How far from a closure sessions and chairs are looked at: a session moves by three days at most, and rest is asked on the far side.
  package static let margin = 4
}

/// What became of the sessions of a closure.
package struct ReplanOutcome: Hashable, Sendable {
  package var moved: [Appointment]
  /// Staff are alerted of each.
  package var lost: [SeriesActivity]
  /// How many of those are a second one in a row, because every chair within reach is held by people who would lose a second one too.
  package var secondsInARow: Int

  package init(moved: [Appointment] = [], lost: [SeriesActivity] = [], secondsInARow: Int = 0) {
    self.moved = moved
    self.lost = lost
    self.secondsInARow = secondsInARow
  }
}

extension ReplanSessions {
  /// See ``OutagePlan``. Old and new appointment of whoever is moved change together; whose session has no place is told nothing by a machine:
  /// staff are alerted, and as soon as a chair is free within its hours the session gets it.
  ///
  /// - Throws: `series` with `unknownProgram` (not one of chairs).
  package func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant, folio: Folio
  ) throws(CommandRefusal) -> Decision<ReplanOutcome> {
    guard let program = rules.clinic.series.program(program), case .chairs(let rule) = program.plan else {
      throw .series(.unknownProgram)
    }
    let sessions = scope.series.sessions
    let planned = sessions.map { $0.planned(in: scope, rule, rules: rules, at: now) }
    guard planned.contains(where: { $0.isAffected && $0.slot != nil }) else { return Decision(ReplanOutcome(), []) }
    let upstairs = rules.clinic.resources.filter { $0.floor != 0 }.map(\.id)
    let plan = OutagePlan(
      sessions: planned, chairs: chairs(for: program, in: scope, rules: rules, at: now), rule: rule, upstairs: upstairs,
      lost: scope.series.lost)
    var outcome = ReplanOutcome(secondsInARow: plan.losses.count { $0.isSecondInARow })
    var leaving: [AgendaChange] = []
    var taking: [AgendaChange] = []
    for move in plan.moves {
      let session = sessions[move.session]
      let new = session.moved(to: move.to, as: folio.following(taking.count), program, rules: rules, at: now)
      if var old = session.appointment {
        old = old.cancelled(.rescheduled, at: now)
        old.replacedBy = new.folio
        leaving.append(.replace(old))
        taking.append(.insert(new))
      } else {
        taking += [.insert(new), .activity(session.activity.placed(new.folio, at: now))]
      }
      outcome.moved.append(new)
    }
    for loss in plan.losses {
      let session = sessions[loss.session]
      if let old = session.appointment { leaving.append(.replace(old.cancelled(.clinic, at: now))) }
      // Staff were alerted of one that had no place before.
      guard session.activity.status != .onHold else { continue }
      let alerted = session.activity.changed({ $0.status = .onHold; $0.alertedAt = now }, at: now)
      taking.append(.activity(alerted))
      outcome.lost.append(alerted)
    }
    return Decision(outcome, leaving + taking)
  }

  /// Stretches of the program's chairs near the closure that are to come, open, and nobody else's.
  private func chairs(
    for program: SeriesProgram, in scope: CommandScope, rules: ClinicRules, at now: Instant
  ) -> [Slot] {
    let own = scope.series.sessions.compactMap { $0.appointment?.folio }
    let others = scope.day.filter { $0.occupies(at: now) && !own.contains($0.folio) }
    let around = dates.lowerBound.advanced(by: -Self.margin)...dates.upperBound.advanced(by: Self.margin)
    return rules.clinic.resources.filter { $0.services.contains(program.service) }.flatMap { resource in
      around.flatMap { rules.turnoAgendas(of: resource.id, on: $0).flatMap { rules.slots(of: $0) } }
    }
    .filter { slot in
      now < rules.start(of: slot) && !scope.kept.contains { now < $0.until && $0.slot.overlaps(slot) }
        && !others.contains { $0.slot.overlaps(slot) }
    }
  }
}

extension ChairSession {
  /// As the plan sees it.
  fileprivate func planned(
    in scope: CommandScope, _ rule: ChairRule, rules: ClinicRules, at now: Instant
  ) -> OutagePlan.Session {
    let isDown = appointment.map { appointment in
      HarmOrder.movable.contains(appointment.status) && now < rules.end(of: appointment.slot) && scope.isBlocked(appointment.slot, at: now)
    }
    return OutagePlan.Session(
      patient: patient.id, series: activity.series, number: activity.number, due: activity.wallStart ?? 0, slot: appointment?.slot,
      isAffected: isDown ?? (activity.status == .onHold), needsNoStairs: patient.needs.contains(Patient.noStairs))
  }

  fileprivate func moved(
    to slot: Slot, as folio: Folio, _ program: SeriesProgram, rules: ClinicRules, at now: Instant
  ) -> Appointment {
    let turno = rules.turnoAgendas(of: slot.resource, on: slot.date).first { $0.hours.contains(slot.start) }?.turno
    var moved = Appointment(
      folio: folio, patient: patient.id, service: program.service, turno: turno ?? appointment?.turno ?? TurnoCode(""), slot: slot,
      status: .booked, channel: appointment?.channel ?? .desk, holdExpiresAt: nil, cancellation: nil, createdAt: now, changedAt: now,
      replaces: appointment?.folio)
    // Who said that they come that day, or is here already, has not to say it again.
    if let appointment, appointment.slot.date == slot.date {
      (moved.status, moved.arrivedAt) = (appointment.status, appointment.arrivedAt)
      (moved.confirmedAt, moved.confirmedThrough) = (appointment.confirmedAt, appointment.confirmedThrough)
    }
    return moved
  }
}
