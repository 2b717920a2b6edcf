internal import ClinicDomain
internal import ClinicStore
internal import Scheduling

/// One look for those whom the clinic has put off: whatever has become free since for a later day is theirs before it is anybody's.
struct DisplacedKeeper: Sendable {
  /// So many are looked for at once; the next look goes on behind them.
  static let atOnce = 50

  let counter: Counter

  /// - Parameter last: the entry behind which the look begins.
  /// - Returns: how many have a place now, and where the next look begins.
  func look(after last: Int64) async throws(StoreFault) -> (placed: Int, last: Int64) {
    let now = counter.now
    let waiting = try await counter.store.read { reader throws(StoreFault) in
      try reader.displaced(after: last, limit: Self.atOnce, at: now)
    }
    // Where nobody finds anything nobody is looked for.
    var services: [ServiceCode: Bool] = [:]
    var placed = 0
    for (entry, patient) in waiting where entry.isOwed(to: patient) {
      guard let service = entry.wish.services.first else { continue }
      let isAnyFree = services[service] ?? hasFree(service)
      services[service] = isAnyFree
      guard isAnyFree else { continue }
      for slot in try await slots(for: entry, service, of: patient) {
        let command = PlaceDisplaced(entry: entry.id, to: slot.choice, folioSeed: Counter.folioSeed())
        guard case .granted = try await counter.submit(.closure(.placeDisplaced(command))) else { continue }
        placed += 1
        break
      }
    }
    return (placed, waiting.count < Self.atOnce ? 0 : waiting.last?.entry.id ?? 0)
  }

  /// Nobody is told in time of a place on the same day.
  private var tomorrow: CivilDate { counter.today.advanced(by: 1) }

  private func hasFree(_ service: ServiceCode) -> Bool {
    Channel.allCases.contains { channel in
      !counter.store.snapshot.find(FindSlots(service: service, channel: channel, earliestDate: tomorrow, limit: 1), at: counter.now).isEmpty
    }
  }

  /// Somebody may take the place between the look and the command: then the next one is tried.
  private static let attempts = 8

  /// The first that they would accept, in the share of their own channel or, when that is spent, of any; of visits at home those that their zone
  /// has, so that nothing is tried that it refuses.
  private func slots(for entry: WaitlistEntry, _ service: ServiceCode, of patient: Patient) async throws(StoreFault) -> [Slot] {
    let now = counter.now
    let theirs = try await counter.store.appointments(of: patient.id, includePast: false, now: now).filter(\.status.isActive)
    let person = PersonView(patient, active: theirs.filter { $0.folio != entry.replaces })
    let old = theirs.first { $0.folio == entry.replaces }
    for channel in [entry.channel] + Channel.allCases.filter({ $0 != entry.channel }) {
      let query = FindSlots(
        service: service, person: person, channel: channel, turno: entry.wish.turno, earliestDate: tomorrow,
        earliestMinute: entry.wish.hours.lowerBound, resource: entry.replaces == nil ? nil : patient.consultorio, limit: 100)
      let visits = try await counter.homeVisits(
        owedFor: service, to: person, patient.id, from: tomorrow, through: channel, limit: query.limit)
      let found = (visits ?? counter.store.snapshot.find(query, at: now)).filter {
        entry.wish.accepts($0.slot, service, $0.turno) && entry.isFor($0.slot, $0.turno, patient, standing: old)
      }
      if !found.isEmpty { return found.prefix(Self.attempts).map(\.slot) }
    }
    return []
  }
}
