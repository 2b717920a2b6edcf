package import ClinicDomain
package import ClinicStore
internal import Scheduling
internal import Synchronization

/// What the server does of itself so that no place stays empty and nobody stays in a closed agenda: it has those who wait asked, and moves
/// appointments, one command after the other, on the same queue as everybody.
package final class AgendaKeeper: Sendable {
  /// The longest time between two looks: an offer runs out without a commit. A freed place is offered well within five minutes (P29).
  package static let patience = Duration.seconds(5)
  /// The shortest time between two looks.
  package static let pause = Duration.milliseconds(100)

  private let counter: Counter
  private let onFault: @Sendable (StoreFault) -> Void
  /// When it last looked for what has lost its place.
  private let lastReopening = Mutex<Instant?>(nil)
  /// Behind which entry the next look for somebody put off begins.
  private let lastDisplaced = Mutex<Int64>(0)

  package init(_ counter: Counter, onFault: @escaping @Sendable (StoreFault) -> Void = { _ in }) {
    self.counter = counter
    self.onFault = onFault
  }

  /// Looks once, and does what is to be done now.
  ///
  /// - Returns: how many places and appointments it dealt with; 0 when there is nothing more to do now.
  package func look() async throws(StoreFault) -> Int {
    let now = counter.now
    let yesterday = counter.today.advanced(by: -1)
    let (places, moves) = try await counter.store.read { reader throws(StoreFault) in
      (try reader.placesToOffer(at: now), try reader.toBeMoved(since: yesterday))
    }
    for place in places { _ = try await counter.submit(.waitlist(.round(OfferRound(place: place)))) }
    let series = SeriesKeeper(counter)
    var moved = try await series.replan(moves.map(\.appointment))
    for (appointment, patient) in moves {
      if try await series.keeps(appointment) { continue }
      if try await move(appointment, of: patient) { moved += 1 }
    }
    let displaced = try await DisplacedKeeper(counter: counter).look(after: lastDisplaced.withLock { $0 })
    lastDisplaced.withLock { $0 = displaced.last }
    return places.count + moved + displaced.placed + (try await series.look(reopening: isTimeToReopen(at: now)))
  }

  /// Looks after each commit and every few seconds, until the task is cancelled.
  package func run() async {
    await counter.keepLooking(patience: Self.patience, pause: Self.pause, onFault: onFault) { [self] () throws(StoreFault) in _ = try await look() }
  }

  /// That question goes through everything that has a place in a series: not after each commit.
  private func isTimeToReopen(at now: Instant) -> Bool {
    lastReopening.withLock { last in
      if let last, last <= now, now < last.adding(seconds: Self.reopeningSeconds) { return false }
      last = now
      return true
    }
  }

  private static let reopeningSeconds = 5

  // MARK: Moving

  /// Somebody may take the place between the look and the command: then the next one is tried, and after some the next look does it.
  private static let attempts = 8

  /// - Returns: whether the appointment is out of the closed agenda.
  private func move(_ appointment: Appointment, of patient: Patient) async throws(StoreFault) -> Bool {
    for _ in 0..<Self.attempts {
      let command = DisplaceAppointment(
        folio: appointment.folio, to: try await place(for: appointment, of: patient), folioSeed: Counter.folioSeed())
      switch try await counter.submit(.closure(.displace(command))) {
      case .granted: return true
      case .refused, .repeated, .late, .conflictingRepeat: continue
      }
    }
    return false
  }

  /// The nearest free slot, in the share of their own channel or, when that is spent, of any: the place that they lose was in a share. For who is
  /// in the clinic the next one of the same day, or today's line. For a visit at home the first of its zone from its day on, or the last before.
  private func place(for appointment: Appointment, of patient: Patient) async throws(StoreFault) -> DisplaceAppointment.Place {
    let now = counter.now
    let theirs = try await counter.store.appointments(of: patient.id, includePast: false, now: now)
    let person = PersonView(patient, active: theirs.filter { $0.status.isActive && $0.folio != appointment.folio })
    let snapshot = counter.store.snapshot
    for channel in [appointment.channel] + Channel.allCases {
      let nearest: FoundSlot?
      if appointment.isHere {
        let today = FindSlots(service: appointment.service, person: person, channel: channel, date: appointment.slot.date, limit: 100)
        nearest = snapshot.find(today, at: now).min { $0.slot.start < $1.slot.start }
      } else if let visits = try await visits(for: appointment, of: patient.id, person, through: channel) {
        nearest = visits.first { $0.slot.date >= appointment.slot.date } ?? visits.last
      } else {
        let wish = SlotWish(service: appointment.service, choice: appointment.slot.choice, channel: channel, person: person, asHold: false)
        nearest = snapshot.alternatives(to: wish, at: now, limit: 1).first
      }
      if let nearest { return .slot(nearest.slot.choice) }
    }
    guard appointment.isHere else { return .none }
    return snapshot.todaysLine(for: appointment, of: patient, at: now).map { .todaysLine($0) } ?? .none
  }

  /// Those of its zone from tomorrow on; `nil` for an appointment in the clinic.
  private func visits(
    for appointment: Appointment, of patient: PatientID, _ person: PersonView, through channel: Channel
  ) async throws(StoreFault) -> [FoundSlot]? {
    try await counter.homeVisits(
      owedFor: appointment.service, to: person, patient, from: counter.today.advanced(by: 1), through: channel, limit: .max)
  }
}
