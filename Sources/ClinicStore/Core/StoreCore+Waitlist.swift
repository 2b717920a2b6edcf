internal import ClinicDomain
internal import Scheduling

// MARK: - What a decision about waitlist, places and closures reads

extension StoreCore {
  /// Fetches a need into a scope, and of the agenda what overlaps the place.
  func fetch(
    _ need: WaitlistNeed, patient: PatientID?, into scope: inout CommandScope, at now: Instant
  ) throws(StoreFault) {
    switch need {
    case .joining:
      if let patient { scope.waitlist.entries = try entries(of: patient) }
      scope.waitlist.nextEntry = try next(.lastEntry)
    case .entry(let id):
      scope.waitlist.entries = try one(.entry, id) { row throws(StoreFault) in try WaitlistEntry(row) }
      scope.waitlist.offers = try openOffers(ofEntry: id)
    case .offer(let id):
      guard let offer = try one(.offer, id, { row throws(StoreFault) in try SlotOffer(row) }).first else { return }
      scope.waitlist.offer = offer
      scope.waitlist.entries = try one(.entry, offer.entry) { row throws(StoreFault) in try WaitlistEntry(row) }
      if let folio = scope.waitlist.entries.first?.replaces { scope.waitlist.replaced = try appointment(folio) }
      try fetchPlace(offer.place, into: &scope, at: now)
    case .place(let id): try fetchPlace(id, into: &scope, at: now)
    case .walkIns(let day):
      for stretch in index.kept(on: day) {
        guard case .place(let id) = stretch.reason else { continue }
        scope.waitlist.walkIns += try one(.place, id) { row throws(StoreFault) in try FreedPlace(row) }.filter { $0.state == .forWalkIns && now < $0.until }
      }
    case .round(let id):
      try fetchPlace(id, into: &scope, at: now)
      scope.waitlist.nextOffer = try next(.lastOffer)
      if let place = scope.waitlist.place, place.state == .offered, !scope.waitlist.offers.contains(where: { $0.isOpen(at: now) }) {
        scope.waitlist.candidates = try candidates(for: place, at: now)
      }
    case .displaced(let id):
      guard let entry = try one(.entry, id, { row throws(StoreFault) in try WaitlistEntry(row) }).first else { return }
      scope.waitlist.entries = [entry]
      scope.waitlist.offers = try openOffers(ofEntry: id)
      scope.waitlist.replaced = try owed(to: entry)
      if let owed = scope.waitlist.replaced, owed.cancellation == .clinic, try acts(on: owed.folio, at: owed.changedAt).last == .cancel {
        scope.waitlist.takenAtDesk = owed.slot
      }
    case .block(let id?):
      scope.waitlist.block = try one(.block, id) { row throws(StoreFault) in try AgendaBlock(row) }.first
      if let slot = scope.waitlist.block?.slot {
        scope.day = try appointments(on: AgendaDay(resource: slot.resource, date: slot.date), overlapping: SlotStamp.widest.reach(of: slot.minutes))
        for agenda in rules.turnoAgendas(of: slot.resource, on: slot.date) {
          let first = SlotChoice(resource: slot.resource, date: slot.date, start: agenda.hours.lowerBound)
          scope.waitlist.loads[agenda.turno] = index.load(at: first, now: now)
        }
      }
    case .block(nil): scope.waitlist.nextBlock = try next(.lastBlock)
    }
  }

  /// The appointment for which somebody was put off: one that stands until they have another, or one that the clinic cancelled when it put them
  /// on the list.
  private func owed(to entry: WaitlistEntry) throws(StoreFault) -> Appointment? {
    if let folio = entry.replaces { return try appointment(folio).flatMap { $0.status == .booked ? $0 : nil } }
    let rows = try statements[.cancelledByClinic]
    rows.bind(entry.patient.rawValue, at: 1)
    rows.bind(entry.joinedAt.milliseconds, at: 2)
    rows.bind(entry.wish.services.first?.rawValue, at: 3)
    return try Appointment.first(rows, &known)
  }

  private func fetchPlace(_ id: Int64, into scope: inout CommandScope, at now: Instant) throws(StoreFault) {
    guard let place = try one(.place, id, { row throws(StoreFault) in try FreedPlace(row) }).first else { return }
    scope.waitlist.place = place
    scope.load = index.load(at: place.slot.choice, now: now)
    scope.waitlist.offers = try one(.offersOfPlace, id) { row throws(StoreFault) in try SlotOffer(row) }
    let stamp = rules.stamp(of: place.service)
    scope.day = try appointments(
      on: AgendaDay(resource: place.slot.resource, date: place.slot.date), overlapping: stamp.reach(of: place.slot.minutes))
  }

  /// In their order, those whom a round would ask and no more of them than it asks: people are read one by one until it is full.
  private func candidates(for place: FreedPlace, at now: Instant) throws(StoreFault) -> [WaitlistCandidate] {
    guard let policy = rules.clinic.waitlist else { return [] }
    let rows = try statements[.candidates]
    rows.bind(place.id, at: 1)
    rows.bind(now.milliseconds, at: 2)
    rows.bind(Int64(place.slot.date.daysSinceEpoch), at: 3)
    rows.bind(place.service.rawValue, at: 4)
    rows.bind(Int64(place.slot.minutes.lowerBound.minutes), at: 5)
    rows.bind(Int64(place.slot.minutes.upperBound.minutes), at: 6)
    rows.bind(place.turno.rawValue, at: 7)
    defer { rows.reset() }
    let left = try Folio(number: UInt64(bitPattern: place.id)).reading { folio throws(StoreFault) in try appointment(folio) }
    var found: [WaitlistCandidate] = []
    while found.count < policy.offersAtOnce, try rows.step() {
      let entry = try WaitlistEntry(rows)
      let isAsked = rows.integer(17) == 1
      guard !isAsked, let patient = try patient(entry.patient) else { continue }
      let candidate = WaitlistCandidate(
        entry: entry, patient: patient, active: try activeAppointments(of: entry.patient),
        household: entry.isDisplaced ? [] : try household(of: patient), isAsked: isAsked,
        hadIt: entry.isDisplaced && left?.cancellation == .clinic && left?.patient == entry.patient)
      if rules.suits(place, candidate, policy, at: now) { found.append(candidate) }
    }
    return found
  }

  private func entries(of patient: PatientID) throws(StoreFault) -> [WaitlistEntry] {
    try one(.entriesOfPatient, patient.rawValue) { row throws(StoreFault) in try WaitlistEntry(row) }
  }

  func openOffers(ofEntry id: Int64) throws(StoreFault) -> [SlotOffer] {
    try one(.openOffersOfEntry, id) { row throws(StoreFault) in try SlotOffer(row) }
  }

  private func one<Value>(
    _ name: StoreStatements.Name, _ key: Int64, _ read: (Statement) throws(StoreFault) -> Value
  ) throws(StoreFault) -> [Value] {
    let rows = try statements[name]
    rows.bind(key, at: 1)
    return try rows.all(read)
  }

  /// The number after the last one; 1 for an empty table.
  private func next(_ name: StoreStatements.Name) throws(StoreFault) -> Int64 {
    let rows = try statements[name]
    defer { rows.reset() }
    return try rows.step() ? rows.integer(0) + 1 : 1
  }
}
