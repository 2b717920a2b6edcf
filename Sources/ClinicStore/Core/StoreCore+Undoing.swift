internal import ClinicDomain
internal import Scheduling

// MARK: - What one member of staff did to many people

extension StoreCore {
  /// Takes it back, appointment by appointment, each decided on what those before it did; what does not fit stays as it is and is told.
  ///
  /// - Returns: refused with `notAllowed` for anybody but staff, `appointmentNotFound` for a closure that there is not, `nothingToUndo` when
  ///   the actor did none such within two minutes, or it was taken back.
  func perform(_ undo: UndoForMany, for command: StoreCommand, at now: Instant) throws(StoreFault) -> StoreOutcome {
    guard case .staff = undo.actor else { return .refused(.notAllowed, wish: nil) }
    let recent = try recentHistory(since: now.adding(seconds: -LifeCommand.undoSeconds))
    let own = recent.filter { $0.actor == undo.actor.text }
    switch undo.what {
    case .closure(let id):
      guard let closed = try block(id) else { return .refused(.appointmentNotFound, wish: nil) }
      let act = own.first { $0.act == .closeAgenda && $0.object == AuditObject(rowOf: "agenda_block", key: id).text }
      guard closed.liftedAt == nil, let act else { return .refused(.nothingToUndo, wish: nil) }
      let since = recent.filter { act.seq < $0.seq }
      return try inSavepoint { () throws(StoreFault) in
        var done = UndoneForMany()
        for other in own where other.act == .closeAgenda && other.at == act.at {
          guard let key = AuditObject(text: other.object)?.key, var block = try block(key), block.isOfOneClosure(with: closed) else { continue }
          block.liftedAt = now
          try carryOut([.block(block)], of: command, in: CommandScope(), at: now)
          done.blocks.append(block)
        }
        for folio in try folios(of: undo.acts, in: since) where try stood(folio, in: done.blocks) {
          try bringBack(folio, undo, for: command, at: now, into: &done)
        }
        return try keep(.undone(done), folio: nil, for: command)
      }
    case .change(let doctor):
      let changes = try changes(to: doctor, since: now.adding(seconds: -LifeCommand.undoSeconds), by: own)
      let moved = try folios(of: [.moveToDoctor], in: own)
      guard !changes.isEmpty || !moved.isEmpty else { return .refused(.nothingToUndo, wish: nil) }
      return try inSavepoint { () throws(StoreFault) in
        var done = UndoneForMany()
        let headBefore = head
        for folio in moved where try went(folio, to: doctor) { try bringBack(folio, undo, for: command, at: now, into: &done) }
        for change in changes { try takeBack(change, for: command, at: now, into: &done) }
        try closeCalls(to: changes.map(\.patient), owedBy: recent, for: command, at: now)
        // What the history tells was taken back before.
        guard head != headBefore || !done.kept.isEmpty || !done.stayed.isEmpty else { return .refused(.nothingToUndo, wish: nil) }
        return try keep(.undone(done), folio: nil, for: command)
      }
    }
  }

  private func carryOut(_ changes: [AgendaChange], of command: StoreCommand, in scope: CommandScope, at now: Instant) throws(StoreFault) {
    for change in changes { try write(change, of: command, in: scope, at: now) }
    follow(changes)
  }

  private func bringBack(
    _ folio: Folio, _ undo: UndoForMany, for command: StoreCommand, at now: Instant, into done: inout UndoneForMany
  ) throws(StoreFault) {
    let scope = try scope(of: undo.step(on: folio), at: now)
    if let stopped = undo.stopWaiting(in: scope, at: now) { return try carryOut(stopped.changes, of: command, in: scope, at: now) }
    guard let old = scope.named, old.status == .cancelled || old.isInTodaysLine else { return }
    let decision: Decision<Appointment>
    do throws(CommandRefusal) { decision = try undo.bringBack(in: scope, rules: rules, at: now) } catch {
      return done.kept.append(KeptAppointment(old: old, now: scope.linked ?? (old.status == .cancelled ? nil : old), reason: error))
    }
    try carryOut(decision.changes, of: command, in: scope, at: now)
    done.back.append(decision.outcome)
  }

  // MARK: What the history tells of it

  private func recentHistory(since instant: Instant) throws(StoreFault) -> [AuditRecord] {
    let first = try AuditRecord.firstRow(since: instant.adding(milliseconds: 1), upTo: head.seq, try statements[.auditInstant])
    return try history(after: first - 1)
  }

  /// The appointments on which one of these was done, in its order; of an entry of the waitlist the one that it stands for.
  private func folios(of acts: [Act], in records: [AuditRecord]) throws(StoreFault) -> [Folio] {
    var seen: Set<Folio> = []
    var folios: [Folio] = []
    for record in records where acts.contains(record.act) {
      guard let object = AuditObject(text: record.object) else { continue }
      var folio: Folio?
      if object == AuditObject(rowOf: "appointment", key: object.key) {
        folio = Folio(number: UInt64(bitPattern: object.key))
      } else if object == AuditObject(rowOf: "waitlist_entry", key: object.key) {
        let rows = try statements[.entry]
        rows.bind(object.key, at: 1)
        folio = try rows.all({ row throws(StoreFault) in try WaitlistEntry(row) }).first?.replaces
      }
      if let folio, seen.insert(folio).inserted { folios.append(folio) }
    }
    return folios
  }

  /// Whether an appointment, or what it claims, lies in a closed stretch.
  private func stood(_ folio: Folio, in blocks: [AgendaBlock]) throws(StoreFault) -> Bool {
    guard let appointment = try appointment(folio) else { return false }
    let claims = try Statement("SELECT \(AgendaClaim.columns) FROM appointment_claim WHERE appointment = ?", in: connection)
    claims.bind(Int64(folio.number), at: 1)
    let slots = [appointment.slot] + (try claims.all { row throws(StoreFault) in try AgendaClaim(row) }.map(\.slot))
    return slots.contains { slot in blocks.contains { $0.slot.resource == slot.resource && $0.slot.date == slot.date && $0.slot.minutes.overlaps(slot.minutes) } }
  }

  /// Whether an appointment was moved to a doctor, or waits for a place there.
  private func went(_ folio: Folio, to doctor: Doctor) throws(StoreFault) -> Bool {
    guard let old = try appointment(folio) else { return false }
    guard let new = try old.replacedBy.reading({ folio throws(StoreFault) in try appointment(folio) }) else { return old.status == .booked }
    return Doctor(resource: new.slot.resource, turno: new.turno) == doctor
  }

  private func block(_ id: Int64) throws(StoreFault) -> AgendaBlock? {
    let rows = try statements[.block]
    rows.bind(id, at: 1)
    return try rows.all { row throws(StoreFault) in try AgendaBlock(row) }.first
  }

  // MARK: Changes of doctor

  /// Writes down whose a person was when they change.
  func writeChange(of person: Patient, to doctor: Doctor, _ author: Authorship, _ command: StoreCommand, _ now: Instant) throws(StoreFault) {
    let change = ChangeOfDoctor(
      id: try connection.integer("SELECT coalesce(max(id), 0) FROM doctor_change") + 1, patient: person.id, consultorio: person.consultorio,
      turno: person.turno, to: doctor, madeAt: now)
    try write(change, author, command, now)
  }

  private func write(_ change: ChangeOfDoctor, _ author: Authorship, _ command: StoreCommand, _ now: Instant) throws(StoreFault) {
    let sql = StoreStatements.Name.upsert(ChangeOfDoctor.columns, into: "doctor_change")
    try put(change, with: try Statement(sql, in: connection), AuditObject(rowOf: "doctor_change", key: change.id), author, command, now)
  }

  /// Those that stand and that these rows of the history made.
  private func changes(to doctor: Doctor, since instant: Instant, by records: [AuditRecord]) throws(StoreFault) -> [ChangeOfDoctor] {
    let objects = Set(records.filter { $0.act == .adoptPatient }.map(\.object))
    let rows = try Statement(
      "SELECT \(ChangeOfDoctor.columns) FROM doctor_change WHERE taken_back_at IS NULL AND made_at > ? ORDER BY id DESC", in: connection)
    rows.bind(instant.milliseconds, at: 1)
    return try rows.all { row throws(StoreFault) in try ChangeOfDoctor(row) }
      .filter { $0.to == doctor && objects.contains(AuditObject(rowOf: "doctor_change", key: $0.id).text) }
  }

  private func takeBack(
    _ change: ChangeOfDoctor, for command: StoreCommand, at now: Instant, into done: inout UndoneForMany
  ) throws(StoreFault) {
    guard let person = try patient(change.patient), person.doctor == change.to else { return done.stayed.append(change.patient) }
    var change = change
    change.takenBackAt = now
    let author = command.command.authorship
    let digest = try rewrite(person.id) { ($0.consultorio, $0.turno) = (change.consultorio, change.turno) }
    try record(AuditEntry(author, .patient(person.id), by: command, content: digest, at: now))
    try write(change, author, command, now)
    done.people += 1
  }

  /// The calls that the clinic took on to tell these people, and that nobody has made or taken, are owed no more. What somebody asked for
  /// themselves is theirs: their request came through a door.
  private func closeCalls(to people: [PatientID], owedBy records: [AuditRecord], for command: StoreCommand, at now: Instant) throws(StoreFault) {
    let people = Set(people)
    for record in records where record.act == .requestCallback && record.door.isEmpty && record.reason == Callback.Reason.appointment.rawValue {
      guard let key = AuditObject(text: record.object)?.key, let folio = Folio(number: UInt64(bitPattern: key)),
        let call = try callback(folio), call.state == .open, call.attempts == 0, let patient = call.patient, people.contains(patient)
      else { continue }
      let sql = StoreStatements.Name.upsert(Callback.columns, into: "callback")
      try put(
        call.notNeeded(at: now), with: try Statement(sql, in: connection), AuditObject(rowOf: "callback", key: key),
        command.command.authorship, command, now)
    }
  }
}

extension AgendaBlock {
  /// Whether one act closed both: the same hours of one agenda, day after day.
  fileprivate func isOfOneClosure(with other: AgendaBlock) -> Bool {
    slot.resource == other.slot.resource && slot.minutes == other.slot.minutes && createdAt == other.createdAt && liftedAt == nil
  }
}
