internal import ClinicDomain
internal import Scheduling

// MARK: - Another system's bookings

extension StoreCore {
  /// Takes bookings, each row decided on what those before it did. A dry run is the same, and rolled back: what it says is what the import
  /// would do.
  func perform(_ bookings: ImportBookings, for command: StoreCommand, at now: Instant) throws(StoreFault) -> StoreOutcome {
    guard bookings.isDryRun else {
      return try inSavepoint { () throws(StoreFault) in
        try keep(.external(try take(bookings, for: command, at: now)), folio: nil, for: command)
      }
    }
    let (headBefore, indexBefore) = (head, index)
    try statements[.savepoint].run()
    let outcome = CommandOutcome.external(try take(bookings, for: command, at: now))
    (head, index) = (headBefore, indexBefore)
    try statements[.rollbackToSavepoint].run()
    try statements[.release].run()
    return .granted(outcome, reply: command.encodeReply(outcome))
  }

  /// One outcome for each row, in their order. What does not fit is tried again once others have given way, and only then kept as a conflict.
  private func take(_ bookings: ImportBookings, for command: StoreCommand, at now: Instant) throws(StoreFault) -> [ExternalOutcome] {
    var outcomes: [Int: ExternalOutcome] = [:]
    var waiting = Array(bookings.rows.indices)
    for pass in 1...ImportBookings.maximumPasses where !waiting.isEmpty {
      let before = waiting
      waiting = []
      for place in before {
        let (decision, scope) = try decide(bookings, place, at: now)
        if decision.outcome.kind == .conflict, pass < ImportBookings.maximumPasses {
          waiting.append(place)
          continue
        }
        for change in decision.changes { try write(change, of: command, in: scope, at: now) }
        follow(decision.changes)
        outcomes[place] = decision.outcome
      }
    }
    return bookings.rows.indices.compactMap { outcomes[$0] }
  }

  private func decide(
    _ bookings: ImportBookings, _ place: Int, at now: Instant
  ) throws(StoreFault) -> (Decision<ExternalOutcome>, CommandScope) {
    let row = bookings.rows[place]
    let known = try known(row.reference, of: bookings.source)
    let patient = try row.identity.reading { identity throws(StoreFault) in try person(identity) }
    let folio = row.ownFolio ?? known?.folio
    let appointment = try folio.reading { folio throws(StoreFault) in
      try Appointment.latest(of: folio) { folio throws(StoreFault) in try self.appointment(folio) }
    }
    let scope = try scope(of: known, appointment, patient, slot: row.slot(by: rules), at: now)
    let decision = row.decide(
      in: scope, source: bookings.source, rules: rules, at: now, folio: try freeFolio(bookings.folioSeed.mixed(place + 1), at: now))
    return (decision, scope.agenda)
  }

  /// What a settlement reads: the booking, what stands for it, its person, and the day that it would be of.
  func fetch(_ resolve: ResolveConflict, into scope: inout CommandScope) throws(StoreFault) {
    guard let booking = try known(resolve.reference, of: resolve.source) else { return }
    scope.external = booking
    scope.patient = try booking.patient.reading { id throws(StoreFault) in try patient(id) }
    scope.named = try booking.folio.reading { folio throws(StoreFault) in
      try Appointment.latest(of: folio) { folio throws(StoreFault) in try self.appointment(folio) }
    }
    if let patient = scope.patient { scope.active = try activeAppointments(of: patient.id) }
    var (day, minutes) = (AgendaDay(resource: booking.slot.resource, date: booking.slot.date), booking.slot.minutes)
    if case .move(let to) = resolve.how {
      day = AgendaDay(resource: to.resource, date: to.date)
      minutes = to.start..<(to.start.adding(minutes: rules.clinic.service(booking.service)?.slotMinutes ?? 1) ?? .latest)
    }
    let stamp = rules.stamp(of: booking.service)
    scope.day = try appointments(on: day, overlapping: stamp.reach(of: minutes))
    scope.kept = index.kept(on: day)
  }

  private func scope(
    of known: ExternalBooking?, _ appointment: Appointment?, _ patient: Patient?, slot: Slot, at now: Instant
  ) throws(StoreFault) -> ExternalScope {
    var agenda = CommandScope(patient: patient, named: appointment)
    let day = AgendaDay(resource: slot.resource, date: slot.date)
    // What keeps time free around itself meets the slot from afar.
    agenda.day = try appointments(on: day, overlapping: SlotStamp.widest.reach(of: slot.minutes))
    agenda.kept = index.kept(on: day)
    agenda.load = try load(at: slot.choice, now: now)
    if let patient { agenda.active = try activeAppointments(of: patient.id) }
    let last = try statements[.lastExternal]
    defer { last.reset() }
    let next = try last.step() ? last.integer(0) + 1 : 1
    return ExternalScope(known: known, appointment: appointment, patient: patient, agenda: agenda, nextID: next)
  }

  /// How much of a turno is spoken for. Another system's dates reach further than the index, and sheets lie behind it: of those the day's
  /// rows are counted.
  func load(at choice: SlotChoice, now: Instant) throws(StoreFault) -> TurnoLoad {
    if index.window.contains(choice.date) { return index.load(at: choice, now: now) }
    let turno = rules.turnoAgendas(of: choice.resource, on: choice.date).first { $0.hours.contains(choice.start) }
    guard let turno, rules.isCapped(turno) else { return TurnoLoad() }
    let day = try appointments(on: AgendaDay(resource: choice.resource, date: choice.date), overlapping: .midnight ..< .latest)
    let people = day.count { turno.hours.contains($0.slot.start) && $0.occupies(at: now) && !$0.isInTodaysLine }
    return TurnoLoad(desk: people)
  }

  private func known(_ reference: String, of source: String) throws(StoreFault) -> ExternalBooking? {
    let rows = try statements[.externalByReference]
    rows.bind(source, at: 1)
    rows.bind(reference, at: 2)
    return try rows.all { row throws(StoreFault) in try ExternalBooking(row) }.first
  }

  /// The one person who fits; `nil` for nobody, and for two.
  private func person(_ identity: ExternalRow.Identity) throws(StoreFault) -> Patient? {
    let rows: Statement
    switch identity {
    case .number(let number):
      rows = try statements[.patientsByNumber]
      rows.bind(Int64(number.number), at: 1)
    case .curp(let curp):
      rows = try statements[.patientsByCURP]
      rows.bind(curp.description, at: 1)
    case .nss(let nss, let born):
      rows = try statements[.patientsByNSS]
      rows.bind(nss.description, at: 1)
      rows.bind(Int64(born.daysSinceEpoch), at: 2)
    }
    let found = try Patient.all(rows)
    return found.count == 1 ? found[0] : nil
  }

  /// The seed's first folio that nobody has, and that is reserved for no row of paper.
  private func freeFolio(_ seed: UInt64, at now: Instant) throws(StoreFault) -> Folio {
    let today = rules.today(at: now)
    for attempt in 0..<FolioCandidates.bound {
      let folio = FolioCandidates(seed: seed, day: today)[attempt]
      let taken = try statements[.folioTaken]
      taken.bind(Int64(folio.number), at: 1)
      let isTaken = try taken.step()
      taken.reset()
      if !isTaken { return folio }
    }
    throw StoreFault(.conflict, operation: "folio", detail: "no free folio among the seed's candidates")
  }
}

extension Appointment {
  /// Changes of date of one appointment that are followed: nobody moves one more often before its day.
  static let longestChain = 64

  /// What became of an appointment through its changes of date; `nil` for a folio that `read` does not know.
  static func latest(of folio: Folio, _ read: (Folio) throws(StoreFault) -> Appointment?) throws(StoreFault) -> Appointment? {
    var latest = try read(folio)
    for _ in 0..<longestChain {
      guard let next = latest?.replacedBy, let newer = try read(next) else { break }
      latest = newer
    }
    return latest
  }
}
