package import ClinicDomain
package import Scheduling

// MARK: - What a decision reads

extension StoreCore {
  /// Fetches what a command needs; of the day, what overlaps the slot it wants. How much of the turno is taken is counted in the
  /// index, which is what the rows make: no day is read for it.
  package func scope(of command: Command, at now: Instant) throws(StoreFault) -> CommandScope {
    let needs = command.needs
    var scope = CommandScope()
    scope.actor = try needs.actor.reading { id throws(StoreFault) in try patient(id) }
    scope.named = try needs.named.reading { folio throws(StoreFault) in try appointment(folio) }
    if let need = needs.series { try fetch(need, into: &scope, at: now) }
    if let need = needs.waitlist { try fetch(need, patient: needs.patient ?? scope.named?.patient, into: &scope, at: now) }
    if let need = needs.duty { try fetch(need, into: &scope.duty) }
    if let need = needs.proxy { try fetch(need, into: &scope.proxy) }
    let waiting = scope.waitlist.offer?.patient ?? scope.waitlist.entries.first?.patient
    if let subject = needs.patient ?? scope.named?.patient ?? waiting ?? scope.series.series?.patient ?? scope.duty.referral?.patient {
      scope.patient = subject == needs.actor ? scope.actor : try patient(subject)
      if let actor = needs.actor, actor != subject {
        scope.consent = try consents(subject, to: actor)
        scope.proxies = try proxies(of: subject, to: actor)
      }
      if needs.activeAppointments {
        scope.active = try activeAppointments(of: subject)
        if !rules.clinic.series.programs.isEmpty { scope.inSeries = try inSeries(subject, at: now) }
      }
      if needs.household, let patient = scope.patient { scope.household = try household(of: patient) }
    }
    if let choice = needs.load {
      scope.load = index.load(at: choice, now: now)
      scope.crowd = index.crowd(at: choice, now: now)
    }
    scope.kept += keptDays(needs, scope).flatMap { index.kept(on: $0) }
    if let day = needs.day { scope.day = try appointments(on: day, overlapping: wishedMinutes(of: command, scope)) }
    if let need = needs.paper { try fetch(need, patient: needs.patient, into: &scope, at: now) }
    if needs.lastAct, let named = scope.named {
      scope.lastAct = try lastAct(on: named.folio, since: now.adding(seconds: -LifeCommand.undoSeconds))
      var returning = named
      if scope.lastAct?.act == .reschedule || named.replacedBy != nil {
        scope.linked = try (named.replacedBy ?? named.replaces).reading { folio throws(StoreFault) in try appointment(folio) }
        // Of a change of date, what comes back is the old appointment.
        if named.replacedBy == nil { returning = scope.linked ?? named }
      }
      try fetch(.place(Int64(returning.folio.number)), patient: nil, into: &scope, at: now)
      let day = AgendaDay(resource: returning.slot.resource, date: returning.slot.date)
      scope.kept = index.kept(on: day)
      scope.day = try appointments(on: day, overlapping: returning.reach)
      scope.load = index.load(at: returning.slot.choice, now: now)
      scope.isBeyondCap = try wasGivenBeyondCap(returning)
      scope.notice = try notice(.change, of: returning.folio)
      if let owed = scope.waitlist.entries.first(where: { $0.isOwed(for: returning) }) {
        scope.waitlist.offers += try openOffers(ofEntry: owed.id)
      }
    }
    if case .transfer(let transfer) = command { try fetch(transfer, into: &scope) }
    if case .resolve(let resolve) = command { try fetch(resolve, into: &scope) }
    if case .promoter(let promoter) = command { try fetch(promoter, into: &scope, at: now) }
    if case .care(let care) = command { scope.care = try careScope(of: care) }
    if let policy = rules.clinic.homeVisits { try fetchHomeVisits(of: command, policy, into: &scope, at: now) }
    for booking in needs.members { scope.members.append(try self.scope(of: .book(booking), at: now)) }
    index.fillCompanions(of: command, into: &scope, at: now)
    return scope.seen(by: needs.actor, rules)
  }

  /// The days whose kept stretches a decision must know.
  private func keptDays(_ needs: CommandNeeds, _ scope: CommandScope) -> [AgendaDay] {
    let slots = [scope.named?.slot, scope.waitlist.place?.slot, scope.waitlist.block?.slot]
    var days = slots.compactMap { $0.map { AgendaDay(resource: $0.resource, date: $0.date) } }
    if let day = needs.day, !days.contains(day) { days.append(day) }
    return days
  }

  func patient(_ id: PatientID) throws(StoreFault) -> Patient? {
    let rows = try statements[.patient]
    rows.bind(id.rawValue, at: 1)
    guard var person = try Patient.first(rows) else { return nil }
    person.elsewhere = index.elsewhere(id)
    return person
  }

  private func consents(_ grantor: PatientID, to grantee: PatientID) throws(StoreFault) -> Bool {
    let rows = try statements[.consent]
    rows.bind(grantor.rawValue, at: 1)
    rows.bind(grantee.rawValue, at: 2)
    defer { rows.reset() }
    return try rows.step()
  }

  func appointment(_ folio: Folio) throws(StoreFault) -> Appointment? {
    let rows = try statements[.appointment]
    rows.bind(Int64(folio.number), at: 1)
    return try Appointment.first(rows, &known)
  }

  func activeAppointments(of patient: PatientID) throws(StoreFault) -> [Appointment] {
    let rows = try statements[.activeAppointments]
    rows.bind(patient.rawValue, at: 1)
    return try Appointment.all(rows, &known)
  }

  /// What the others of a person's NSS have; nothing where the clinic sets a household no limit.
  func household(of patient: Patient) throws(StoreFault) -> [Appointment] {
    guard rules.clinic.policy.maxActivePerHousehold != nil, let nss = patient.nss else { return [] }
    let rows = try statements[.householdAppointments]
    rows.bind(nss.description, at: 1)
    rows.bind(patient.id.rawValue, at: 2)
    return try Appointment.all(rows, &known)
  }

  /// The stretch of its day that a command would occupy, with what is kept free around it; all of the day when its service is unknown.
  private func wishedMinutes(of command: Command, _ scope: CommandScope) -> Range<AgendaMinute> {
    let named = scope.named
    let wish: (service: ServiceCode, choice: SlotChoice)? = switch command {
    case .hold(let hold): (hold.service, hold.choice)
    case .book(let book): if case .slot(let service, let choice) = book.what { (service, choice) } else { nil }
    case .life(let life):
      if case .reschedule(let choice, _) = life.step, let named { (named.service, choice) } else { nil }
    case .closure(.placeDisplaced(let place)): scope.waitlist.entries.first?.wish.services.first.map { (service: $0, choice: place.to) }
    case .cancel, .releaseHold, .grantConsent, .revokeConsent, .importPatients, .admit, .waitlist, .closure, .series, .identification, .telephone, .together, .paper, .exchange, .resolve, .proxy, .promoter, .undoForMany: nil
    case .homeVisit(let visit): rules.clinic.homeVisits.map { (service: $0.service, choice: visit.choice) }
    case .override(let override): (override.service, override.choice)
    case .transfer(.move(let move)): if let to = move.to, let named { (named.service, to) } else { nil }
    case .transfer(.takeBackAppointment(let takeBack)): if let at = takeBack.at, let named { (named.service, at) } else { nil }
    case .transfer(.adopt), .transfer(.handOver), .transfer(.handOverSeries), .transfer(.giveUp), .transfer(.takeBack), .care: nil
    case .duty(let duty): duty.wish
    }
    guard let wish, let service = rules.clinic.service(wish.service), let end = wish.choice.start.adding(minutes: service.slotMinutes)
    else { return .midnight ..< .latest }
    return service.stamp.reach(of: wish.choice.start..<end)
  }

  /// By start. Where the index knows that nobody reaches into it, nothing is read: it is what the rows make. What occupies an agenda never
  /// overlaps: going back from the end, the first that ends before the beginning has only such before it. A row costs more than the
  /// rest of a decision, and a day has dozens. Who waits in today's line is in nobody's way and may be left out.
  func appointments(
    on day: AgendaDay, overlapping minutes: Range<AgendaMinute>
  ) throws(StoreFault) -> [Appointment] {
    guard index.mayBeTaken(minutes, on: day) else { return [] }
    let rows = try statements[.agendaBefore]
    rows.bind(day.resource.description, at: 1)
    rows.bind(Int64(day.date.daysSinceEpoch), at: 2)
    rows.bind(Int64(minutes.upperBound.minutes), at: 3)
    defer { rows.reset() }
    var found: [Appointment] = []
    while try rows.step() {
      let appointment = try Appointment(rows, &known)
      let reach = appointment.reach
      if reach.upperBound <= minutes.lowerBound { break }
      guard reach.lowerBound < minutes.upperBound else { continue }
      found.insert(appointment, at: 0)
    }
    return found + (try beside(day, overlapping: minutes))
  }

  /// Those whom staff admitted beside others, in further lanes: hardly ever any.
  private func beside(_ day: AgendaDay, overlapping minutes: Range<AgendaMinute>) throws(StoreFault) -> [Appointment] {
    let rows = try statements[.agendaBeside]
    rows.bind(day.resource.description, at: 1)
    rows.bind(Int64(day.date.daysSinceEpoch), at: 2)
    return try Appointment.all(rows, &known).filter { $0.reach.overlaps(minutes) }
  }
}

// MARK: - What a decision writes

extension StoreCore {
  /// Writes one change, and what it did to each row into the history.
  ///
  /// - Parameter scope: of the decision: the appointments that it replaces are in there as they were.
  package func write(
    _ change: AgendaChange, of command: StoreCommand, in scope: CommandScope, at now: Instant
  ) throws(StoreFault) {
    let author = change.author(of: command.command.authorship, walkIns: scope.waitlist.walkIns)
    switch change {
    case .insert(let appointment):
      var row = RowWriter(try statements[.insertAppointment])
      appointment.write(to: &row)
      try row.write()
      try record(appointment, before: nil, author, command, now)
    case .replace(let appointment):
      try replace(appointment)
      try record(appointment, before: scope.status(of: appointment.folio), author, command, now)
      // What an appointment claims of further agendas stands as it stands.
      for claim in index.claims(of: appointment.folio) where claim.following(appointment) != claim {
        try write(claim.following(appointment), author, command, now)
      }
      try writeNotice(of: appointment, author, command, now)
    case .claim(let claim): try write(claim, author, command, now)
    case .waitlist(let entry): try upsert(entry, .upsertEntry, AuditObject(table: 3, key: entry.id), author, command, now)
    case .freed(let place): try upsert(place, .upsertPlace, AuditObject(table: 4, key: place.id), author, command, now)
    case .offer(let offer): try upsert(offer, .upsertOffer, AuditObject(table: 5, key: offer.id), author, command, now)
    case .block(let block): try upsert(block, .upsertBlock, AuditObject(table: 6, key: block.id), author, command, now)
    case .series(let series): try upsert(series, .upsertSeries, .series(series.id), author, command, now)
    case .activity(let activity): try upsert(activity, .upsertActivity, .activity(activity), author, command, now)
    case .duty(let change): try write(change, author, command, now)
    case .proxy(let change): try write(change, author, command, now)
    case .reservePaper(let paper):
      try upsert(paper, .insertPaper, .paperRow(paper.folio), author, command, now)
    case .promoter(let change): try write(change, author, command, now)
    case .homeVisit(let visit): try upsert(visit, .upsertHomeVisit, .homeVisit(visit.appointment), author, command, now)
    case .paper(let paper):
      let statement = try statements[.enterPaper]
      statement.bind(Int64(paper.folio.number), at: 1)
      statement.bind(paper.appointment.map { Int64($0.number) }, at: 2)
      statement.bind(paper.outcome?.rawValue, at: 3)
      statement.bind(paper.conflict.map { Int64($0.number) }, at: 4)
      statement.bind(paper.changedAt.milliseconds, at: 5)
      statement.bind(paper.rowSum, at: 6)
      try statement.run()
      try record(paper, author, command, now)
    case .external(let booking, _): try upsert(booking, .upsertExternal, .externalBooking(booking.id), author, command, now)
    case .doctor(let patient, let doctor):
      if let person = try self.patient(patient) { try writeChange(of: person, to: doctor, author, command, now) }
      let digest = try rewrite(patient) { ($0.consultorio, $0.turno) = (doctor.resource, doctor.turno) }
      try record(AuditEntry(author, .patient(patient), by: command, content: digest, at: now))
    case .handover(let handover):
      try upsert(handover, .upsertHandover, AuditObject(rowOf: "handover", key: handover.id), author, command, now)
      try writeNotices(of: handover, having: scope.active, author, command, now)
    case .handed(let handed):
      try upsert(handed, .upsertHanded, AuditObject(rowOf: "handed_appointment", key: Int64(handed.folio.number)), author, command, now)
      if handed.returnedAt != nil, let back = try appointment(handed.folio) { try write(Notice(ofChangeTo: back, at: now), author, command, now) }
    case .care(let change): try write(change, author, command, now)
    case .grant(let consent):
      // The first grant stands.
      guard try !consents(consent.grantor, to: consent.grantee) else { return }
      try upsert(consent, .upsertConsent, .consent(consent.grantor, consent.grantee), author, command, now)
    case .revoke(let grantor, let grantee):
      let rows = try statements[.standingConsents]
      rows.bind(grantor.rawValue, at: 1)
      for var consent in try Consent.all(rows) where grantee == nil || grantee == consent.grantee {
        consent.revokedAt = now
        try upsert(consent, .upsertConsent, .consent(grantor, consent.grantee), author, command, now)
      }
    }
  }

  private func write(
    _ claim: AgendaClaim, _ author: Authorship, _ command: StoreCommand, _ now: Instant
  ) throws(StoreFault) {
    try upsert(claim, .upsertClaim, .claim(claim.appointment, claim.place), author, command, now)
  }

  func upsert(
    _ row: some StoredRow, _ name: StoreStatements.Name, _ object: AuditObject, _ author: Authorship, _ command: StoreCommand,
    _ now: Instant
  ) throws(StoreFault) {
    try put(row, with: try statements[name], object, author, command, now)
  }

  /// Writes a row with a statement that takes its columns and its sum, and its row of the history.
  func put(
    _ row: some StoredRow, with statement: Statement, _ object: AuditObject, _ author: Authorship, _ command: StoreCommand, _ now: Instant
  ) throws(StoreFault) {
    var writer = RowWriter(statement)
    row.write(to: &writer)
    try writer.write()
    var digest = RowDigest()
    row.write(to: &digest)
    try record(AuditEntry(author, object, by: command, content: digest.value, at: now))
  }

  private func record(_ row: PaperRow, _ author: Authorship, _ command: StoreCommand, _ now: Instant) throws(StoreFault) {
    var digest = RowDigest()
    row.write(to: &digest)
    try record(AuditEntry(author, .paperRow(row.folio), by: command, content: digest.value, at: now))
  }

  private func record(
    _ appointment: Appointment, before: Appointment.Status?, _ author: Authorship, _ command: StoreCommand, _ now: Instant
  ) throws(StoreFault) {
    var digest = RowDigest()
    appointment.write(to: &digest)
    var entry = AuditEntry(author, .appointment(appointment.folio), by: command, content: digest.value, at: now)
    entry.before = before
    entry.after = appointment.status
    try record(entry)
  }

  /// Only what can change is written; the sum is of the whole row.
  private func replace(_ appointment: Appointment) throws(StoreFault) {
    let statement = try statements[.replaceAppointment]
    statement.bind(Int64(appointment.folio.number), at: 1)
    statement.bind(appointment.status.rawValue, at: 2)
    statement.bind(appointment.holdExpiresAt?.milliseconds, at: 3)
    statement.bind(appointment.cancellation?.rawValue, at: 4)
    statement.bind(appointment.changedAt.milliseconds, at: 5)
    statement.bind(appointment.confirmedAt?.milliseconds, at: 6)
    statement.bind(appointment.confirmedThrough?.rawValue, at: 7)
    statement.bind(appointment.arrivedAt?.milliseconds, at: 8)
    statement.bind(appointment.replaces.map { Int64($0.number) }, at: 9)
    statement.bind(appointment.replacedBy.map { Int64($0.number) }, at: 10)
    statement.bind(Int64(appointment.lane), at: 11)
    statement.bind(appointment.rowSum, at: 12)
    try statement.run()
  }

  /// Who sits where an insertion wanted to be.
  func occupant(of decision: Decision<CommandOutcome>) throws(StoreFault) -> Folio? {
    let all = switch decision.outcome {
    case .appointments(let several): several
    default: decision.outcome.appointment.map { [$0] } ?? []
    }
    for wanted in all { if let folio = try occupant(of: wanted) { return folio } }
    return nil
  }

  private func occupant(of wanted: Appointment) throws(StoreFault) -> Folio? {
    let rows = try statements[.overlapping]
    rows.bind(wanted.slot.resource.description, at: 1)
    rows.bind(Int64(wanted.slot.date.daysSinceEpoch), at: 2)
    rows.bind(Int64(wanted.reach.upperBound.minutes), at: 3)
    rows.bind(Int64(wanted.reach.lowerBound.minutes), at: 4)
    defer { rows.reset() }
    return try rows.step() ? Folio(number: UInt64(bitPattern: rows.integer(0))) : nil
  }
}

// MARK: - Answers already given

extension StoreCore {
  func storedReply(of id: RequestID) throws(StoreFault) -> (digest: [UInt8], reply: [UInt8])? {
    let rows = try statements[.request]
    rows.bind(id.bytes, at: 1)
    defer { rows.reset() }
    return try rows.step() ? (rows.blob(0), rows.blob(1)) : nil
  }

  func insertRequest(
    _ id: RequestID, digest: [UInt8], reply: [UInt8], folio: Folio?
  ) throws(StoreFault) {
    var row = RowWriter(try statements[.insertRequest])
    row.blob(id.bytes)
    row.blob(digest)
    row.blob(reply)
    row.optional(folio.map { Int64($0.number) })
    try row.write()
  }
}

extension CommandScope {
  /// How an appointment stood that a decision replaces.
  fileprivate func status(of folio: Folio) -> Appointment.Status? {
    if let named, named.folio == folio { return named.status }
    if let linked, linked.folio == folio { return linked.status }
    if let replaced = waitlist.replaced, replaced.folio == folio { return replaced.status }
    let own = (active.first { $0.folio == folio } ?? day.first { $0.folio == folio } ?? visits.first { $0.folio == folio })?.status
    return own ?? members.lazy.compactMap { $0.status(of: folio) }.first
  }
}
