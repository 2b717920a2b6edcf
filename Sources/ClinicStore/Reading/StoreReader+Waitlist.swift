package import ClinicDomain
internal import Scheduling

// MARK: - Who waits, and what was left

extension StoreReader {
  /// Freed places for which somebody must be asked now: kept for those who wait, and no offer of them open. By number.
  package func placesToOffer(at now: Instant) throws(StoreFault) -> [Int64] {
    let rows = try statement(
      """
      SELECT id FROM freed_place p WHERE state IN ('offered', 'walk-ins') AND state = 'offered' \
      AND NOT EXISTS (SELECT 1 FROM slot_offer o WHERE o.place = p.id AND o.state = 'open' AND o.expires_at > ?) ORDER BY id
      """)
    rows.bind(now.milliseconds, at: 1)
    return try rows.all { row throws(StoreFault) in row.integer(0) }
  }

  /// Appointments that stand in a closed agenda, or claim one that is closed, and are still to be moved, with their people; who is harmed
  /// most first. Who waits in today's line stands in no agenda.
  package func toBeMoved(since date: CivilDate) throws(StoreFault) -> [(appointment: Appointment, patient: Patient)] {
    let rows = try statement(
      """
      SELECT \(Appointment.columns(of: "a")) FROM agenda_block b JOIN appointment a ON a.resource = b.resource AND a.day = b.day \
      AND a.start_minute < b.end_minute AND a.end_minute > b.start_minute \
      WHERE b.lifted_at IS NULL AND b.day >= ?1 AND a.status IN ('pending', 'booked', 'arrived', 'checked-in', 'fulfilled') \
      AND a.status IN ('booked', 'arrived', 'checked-in') AND a.lane <> a.folio \
      UNION SELECT \(Appointment.columns(of: "a")) FROM agenda_block b JOIN appointment_claim c ON c.resource = b.resource AND c.day = b.day \
      AND c.standing = 1 AND c.start_minute < b.end_minute AND c.end_minute > b.start_minute JOIN appointment a ON a.folio = c.appointment \
      WHERE b.lifted_at IS NULL AND b.day >= ?1 AND a.status IN ('booked', 'arrived', 'checked-in')
      """)
    rows.bind(Int64(date.daysSinceEpoch), at: 1)
    var found: [(key: HarmOrder, appointment: Appointment, patient: Patient)] = []
    for appointment in try appointments(rows) {
      guard let patient = try patient(id: appointment.patient) else { continue }
      found.append((HarmOrder(appointment, needs: patient.needs), appointment, patient))
    }
    return found.sorted { $0.key < $1.key }.map { ($0.appointment, $0.patient) }
  }

  /// Whom the clinic itself has put before all others in line, after an entry: each with their person, in the order of joining.
  package func displaced(after id: Int64, limit: Int, at now: Instant) throws(StoreFault) -> [(entry: WaitlistEntry, patient: Patient)] {
    let rows = try statement(
      "SELECT \(WaitlistEntry.columns) FROM waitlist_entry WHERE state = 'waiting' AND displaced = 1 AND id > ? AND until > ? ORDER BY id LIMIT ?")
    rows.bind(id, at: 1)
    rows.bind(now.milliseconds, at: 2)
    rows.bind(Int64(limit), at: 3)
    var found: [(entry: WaitlistEntry, patient: Patient)] = []
    for entry in try rows.all({ row throws(StoreFault) in try WaitlistEntry(row) }) {
      if let patient = try patient(id: entry.patient) { found.append((entry, patient)) }
    }
    return found
  }

  /// A person's entries that wait, in the order of joining, each with how many are asked before it and one.
  package func waitlist(of patient: PatientID, at now: Instant) throws(StoreFault) -> [(entry: WaitlistEntry, position: Int)] {
    let rows = try statement(
      "SELECT \(WaitlistEntry.columns) FROM waitlist_entry WHERE patient = ? AND state = 'waiting' AND until > ? ORDER BY id")
    rows.bind(patient.rawValue, at: 1)
    rows.bind(now.milliseconds, at: 2)
    var found: [(entry: WaitlistEntry, position: Int)] = []
    for entry in try rows.all({ row throws(StoreFault) in try WaitlistEntry(row) }) {
      found.append((entry, try position(of: entry, at: now)))
    }
    return found
  }

  /// 1 is next.
  package func position(of entry: WaitlistEntry, at now: Instant) throws(StoreFault) -> Int {
    let rows = try statement(
      """
      SELECT count(*) FROM waitlist_entry WHERE state = 'waiting' AND until > ?1 \
      AND (displaced > ?2 OR displaced = ?2 AND id < ?3) \
      AND instr(char(10) || services || char(10), char(10) || ?4 || char(10)) > 0
      """)
    rows.bind(now.milliseconds, at: 1)
    rows.bind(entry.isDisplaced ? 1 : 0, at: 2)
    rows.bind(entry.id, at: 3)
    rows.bind(entry.wish.services.first?.rawValue ?? "", at: 4)
    return try rows.all { row throws(StoreFault) in Int(row.integer(0)) }[0] + 1
  }

  package func waitlistEntry(_ id: Int64) throws(StoreFault) -> WaitlistEntry? {
    let rows = try statement("SELECT \(WaitlistEntry.columns) FROM waitlist_entry WHERE id = ?")
    rows.bind(id, at: 1)
    return try rows.all { row throws(StoreFault) in try WaitlistEntry(row) }.first
  }

  package func slotOffer(_ id: Int64) throws(StoreFault) -> SlotOffer? {
    let rows = try statement("SELECT \(SlotOffer.columns) FROM slot_offer WHERE id = ?")
    rows.bind(id, at: 1)
    return try rows.all { row throws(StoreFault) in try SlotOffer(row) }.first
  }

  package func freedPlace(_ id: Int64) throws(StoreFault) -> FreedPlace? {
    let rows = try statement("SELECT \(FreedPlace.columns) FROM freed_place WHERE id = ?")
    rows.bind(id, at: 1)
    return try rows.all { row throws(StoreFault) in try FreedPlace(row) }.first
  }

  /// What a person is offered now; the one that ends soonest first.
  package func offers(to patient: PatientID, at now: Instant) throws(StoreFault) -> [(offer: SlotOffer, place: FreedPlace)] {
    let rows = try statement(
      "SELECT \(SlotOffer.columns) FROM slot_offer WHERE patient = ? AND state = 'open' AND expires_at > ? ORDER BY expires_at, id")
    rows.bind(patient.rawValue, at: 1)
    rows.bind(now.milliseconds, at: 2)
    var found: [(offer: SlotOffer, place: FreedPlace)] = []
    for offer in try rows.all({ row throws(StoreFault) in try SlotOffer(row) }) {
      if let place = try freedPlace(offer.place) { found.append((offer, place)) }
    }
    return found
  }

  /// Everything that was left on a day, by resource and start, with how many were asked.
  package func freedPlaces(on date: CivilDate) throws(StoreFault) -> [(place: FreedPlace, asked: Int)] {
    let rows = try statement(
      """
      SELECT \(FreedPlace.columns), (SELECT count(*) FROM slot_offer o WHERE o.place = p.id) FROM freed_place p \
      WHERE day = ? ORDER BY resource, start_minute, id
      """)
    rows.bind(Int64(date.daysSinceEpoch), at: 1)
    return try rows.all { row throws(StoreFault) in (try FreedPlace(row), Int(row.integer(14))) }
  }

  /// Every offer of a place, in the order in which they were made.
  package func offers(of place: Int64) throws(StoreFault) -> [SlotOffer] {
    let rows = try statement("SELECT \(SlotOffer.columns) FROM slot_offer WHERE place = ? ORDER BY id")
    rows.bind(place, at: 1)
    return try rows.all { row throws(StoreFault) in try SlotOffer(row) }
  }

  /// How many entries wait that would accept a day.
  package func waiting(for date: CivilDate, at now: Instant) throws(StoreFault) -> Int {
    let rows = try statement(
      "SELECT count(*) FROM waitlist_entry WHERE state = 'waiting' AND until > ? AND first_day <= ? AND last_day >= ?")
    rows.bind(now.milliseconds, at: 1)
    rows.bind(Int64(date.daysSinceEpoch), at: 2)
    rows.bind(Int64(date.daysSinceEpoch), at: 3)
    return try rows.all { row throws(StoreFault) in Int(row.integer(0)) }[0]
  }

  /// What is closed on a day, by resource and start.
  package func blocks(on date: CivilDate) throws(StoreFault) -> [AgendaBlock] {
    let rows = try statement(
      "SELECT \(AgendaBlock.columns) FROM agenda_block WHERE day = ? AND lifted_at IS NULL ORDER BY resource, start_minute, id")
    rows.bind(Int64(date.daysSinceEpoch), at: 1)
    return try rows.all { row throws(StoreFault) in try AgendaBlock(row) }
  }
}
