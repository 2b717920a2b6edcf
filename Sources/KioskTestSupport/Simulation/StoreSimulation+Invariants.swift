internal import ClinicDomain
internal import ClinicStore
internal import Scheduling

/// What a simulation did, summed up.
package struct SimulationReport: Hashable, Sendable {
  package var commands = 0
  package var batches = 0
  package var granted = 0
  package var refused = 0
  package var repeated = 0
  package var conflicting = 0
  package var late = 0
  package var restarts = 0
  package var clashingSeeds = 0
  package var expiredHolds = 0

  package init() {}

  package static func + (left: Self, right: Self) -> Self {
    var sum = left
    sum.commands += right.commands
    sum.batches += right.batches
    sum.granted += right.granted
    sum.refused += right.refused
    sum.repeated += right.repeated
    sum.conflicting += right.conflicting
    sum.late += right.late
    sum.restarts += right.restarts
    sum.clashingSeeds += right.clashingSeeds
    sum.expiredHolds += right.expiredHolds
    return sum
  }
}

/// A promise that the store broke; the seed plays it again.
package struct SimulationFailure: Error, CustomStringConvertible {
  package var seed: UInt64
  package var batch: Int
  package var promise: String

  package var description: String { "seed \(seed), batch \(batch): \(promise)" }
}

extension StoreSimulation {
  func expect(_ holds: Bool, _ promise: @autoclosure () -> String) throws(SimulationFailure) {
    guard holds else { throw SimulationFailure(seed: seed, batch: report.batches, promise: promise()) }
  }
}

// MARK: - What the store tells

extension StoreSimulation {
  /// Holds an outcome against what was told before, and remembers it.
  mutating func note(_ outcome: StoreOutcome, of sent: Sent) throws {
    report.commands += 1
    let id = sent.command.requestID!
    let first = replies[id]
    switch outcome {
    case .granted(let outcome, let reply):
      report.granted += 1
      try expect(first == nil, "a request was granted twice")
      replies[id] = reply
      contents[id] = sent.command.digest
      if case .appointment(let appointment) = outcome {
        told[appointment.folio] = appointment
        // Of a change of date, the reply is the new appointment; the old one is its counterpart.
        if let old = appointment.replaces, appointment.createdAt == appointment.changedAt, var before = told[old] {
          before.status = .cancelled
          before.cancellation = .rescheduled
          before.replacedBy = appointment.folio
          before.changedAt = appointment.changedAt
          told[old] = before
        }
      }
    case .repeated(let reply):
      report.repeated += 1
      try expect(reply == first, "a repeat got another reply")
      try expect(contents[id] == sent.command.digest, "a repeat of other content got a reply")
    case .conflictingRepeat:
      report.conflicting += 1
      try expect(first != nil && contents[id] != sent.command.digest, "a conflict without one")
    case .refused:
      report.refused += 1
      try expect(first == nil, "a repeat was refused")
    case .late:
      report.late += 1
      try expect(first == nil, "a repeat was late")
    }
  }
}

// MARK: - What must hold after every batch

extension StoreSimulation {
  mutating func checkInvariants(_ outcomes: [StoreOutcome]) throws {
    let before = rows
    rows = try store.allAppointments()
    let instant = store.lastInstant
    try checkOverlaps(rows)
    try checkPromises(rows, at: instant)
    try checkLimits(rows, at: instant)
    try expect(instant >= max(now, latest), "time went back")
    latest = instant
    try expect(rows.allSatisfy { $0.changedAt <= instant }, "a row is from the future")
    try expect(try store.rebuiltIndex() == store.index, "the index is not what the rows make")
    let nothingGranted = outcomes.allSatisfy { if case .granted = $0 { false } else { true } }
    if !nothingGranted { latestGrant = instant }
    if nothingGranted { try expect(rows == before, "a refusal left something behind") }
  }

  private func checkOverlaps(_ rows: [Appointment]) throws {
    let occupying = rows.filter(\.holdsSlot)
      .sorted { ($0.slot.resource, $0.slot.date, $0.slot.start) < ($1.slot.resource, $1.slot.date, $1.slot.start) }
    for (left, right) in zip(occupying, occupying.dropFirst())
    where left.slot.resource == right.slot.resource && left.slot.date == right.slot.date {
      try expect(
        !left.slot.minutes.overlaps(right.slot.minutes), "two appointments overlap: \(left.folio) and \(right.folio)")
    }
  }

  /// Every row is what was told last; a hold may have run out since, and somebody may have written that down.
  private mutating func checkPromises(_ rows: [Appointment], at instant: Instant) throws {
    try expect(rows.count == told.count, "\(rows.count) rows, \(told.count) were told")
    for row in rows {
      guard let promise = told[row.folio] else {
        try expect(false, "\(row.folio) was never told")
        continue
      }
      guard row != promise else { continue }
      try expect(promise.status == .pending && row.cancellation == .holdExpired, "\(row.folio) is not as it was told")
      try expect(promise.holdExpiresAt! <= row.changedAt, "\(row.folio) was ended before its time")
      report.expiredHolds += 1
      told[row.folio] = row
    }
  }

  private func checkLimits(_ rows: [Appointment], at instant: Instant) throws {
    let policy = store.rules.clinic.policy
    for person in Self.people {
      let active = rows.filter {
        $0.patient == person.id && $0.status.isActive && $0.occupies(at: instant) && instant < store.rules.end(of: $0.slot)
      }
      try expect(active.count <= policy.maxActivePerPatient, "\(person.id) has \(active.count) appointments")
      let holds = active.count { $0.status == .pending }
      try expect(holds <= policy.maxHoldsPerPatient, "\(person.id) has \(holds) holds")
      for service in store.rules.clinic.services {
        let ofService = active.count { $0.service == service.code }
        try expect(ofService <= service.maxActivePerPatient, "\(person.id) has \(ofService) of \(service.code)")
      }
    }
  }
}
