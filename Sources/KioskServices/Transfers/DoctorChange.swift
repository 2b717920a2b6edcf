internal import ClinicDomain
internal import ClinicStore
internal import Scheduling

/// One stretch of a change of doctor, one command after the other on the same queue as everybody: first the appointments in the order of harm,
/// then each person of whom nothing is left to move is called for and belongs to the new doctor.
struct DoctorChange: Sendable {
  let counter: Counter
  let actor: Actor
  let target: Doctor
  /// Appointments at most.
  let limit: Int

  /// What was done.
  struct Done: Sendable {
    /// The folio that each had, and the appointment as it is now.
    var appointments: [(old: Folio, now: Appointment)] = []
    var adopted: [Patient] = []
    /// Whose number is not in the padrón, who does not hear, or for whom no more calls are taken on.
    var untold: [Patient] = []
  }

  /// - Parameter people: none of whom belongs to the target.
  func run(for people: [Patient]) async throws(StoreFault) -> Done {
    var done = Done()
    let found = try await appointments(of: people)
    var left = Dictionary(grouping: found.map(\.appointment), by: \.patient).mapValues(\.count)
    for (appointment, person) in found.prefix(limit) {
      guard let now = try await move(appointment, of: person) else { continue }
      done.appointments.append((appointment.folio, now))
      left[person.id, default: 1] -= 1
    }
    for person in people where left[person.id] ?? 0 == 0 {
      // The call first: who is cut off between the two is called for once all the same, and asked for again.
      let isTold = try await tell(person)
      guard case .granted = try await counter.submit(.transfer(.adopt(AdoptPatient(actor: actor, patient: person.id, doctor: target)))) else { continue }
      done.adopted.append(person)
      if !isTold { done.untold.append(person) }
    }
    return done
  }

  /// What goes with these people; who is harmed most first.
  private func appointments(of people: [Patient]) async throws(StoreFault) -> [(appointment: Appointment, person: Patient)] {
    let now = counter.now
    var found: [(key: HarmOrder, appointment: Appointment, person: Patient)] = []
    for person in people {
      for appointment in try await counter.store.appointments(of: person.id, includePast: false, now: now)
      where counter.rules.goes(appointment, to: target, at: now) {
        found.append((HarmOrder(appointment, needs: person.needs), appointment, person))
      }
    }
    return found.sorted { $0.key < $1.key }.map { ($0.appointment, $0.person) }
  }

  /// Somebody may take the place between the look and the command: then the next one is tried.
  private static let attempts = 8

  /// - Returns: the appointment as it is now; `nil` when every place was taken in between, which the next call makes good.
  private func move(_ old: Appointment, of person: Patient) async throws(StoreFault) -> Appointment? {
    for _ in 0..<Self.attempts {
      let now = counter.now
      let others = try await counter.store.appointments(of: person.id, includePast: false, now: now)
        .filter { $0.status.isActive && $0.folio != old.folio }
      let place = counter.store.snapshot.place(of: target, nearest: old, for: person, having: others, at: now)
      let move = MoveToDoctor(actor: actor, folio: old.folio, doctor: target, to: place?.choice, folioSeed: Counter.folioSeed())
      switch try await counter.submit(.transfer(.move(move))) {
      case .granted(.appointment(let appointment), _): return appointment
      case .granted, .refused, .repeated, .late, .conflictingRepeat: continue
      }
    }
    return nil
  }

  /// Has the clinic call whoever has an appointment that this is about, unless it calls them about the move anyway; a number that waits for a
  /// call gets no second one, and who does not hear gets none.
  ///
  /// - Returns: whether nobody else has to tell them.
  private func tell(_ person: Patient) async throws(StoreFault) -> Bool {
    let services = counter.rules.clinic.resource(target.resource)?.services ?? []
    let theirs = try await counter.store.appointments(of: person.id, includePast: false, now: counter.now)
    guard theirs.contains(where: { $0.status == .booked && services.contains($0.service) }) else { return true }
    return try await counter.owesCall(to: person, unlessCalled: true)
  }
}

extension Counter {
  /// Has the clinic call somebody about what has become of their appointments; a number that waits for a call gets no second one.
  ///
  /// - Parameter unlessCalled: not when the clinic calls them about a change anyway, which then tells this too.
  /// - Returns: whether a call is owed; `false` when the padrón has no number, or no more calls are taken on.
  func owesCall(to person: Patient, unlessCalled: Bool = false) async throws(StoreFault) -> Bool {
    guard let phone = person.phone, !person.isDeaf else { return false }
    let (rules, now) = (rules, now)
    let isCalled = try await store.read { reader throws(StoreFault) in
      try reader.untold(of: person.id).contains { rules.untold($0, at: now) == .calling }
    }
    if unlessCalled, isCalled { return true }
    let call = RequestCallback(phone: phone, reason: .appointment, patient: person.id, channel: .desk, folioSeed: Counter.folioSeed())
    if case .granted = try await submit(.telephone(.requestCallback(call))) { return true }
    return false
  }
}

extension Int {
  /// "1 cita", "3 citas".
  func counted(_ one: String, _ many: String) -> String { "\(self) \(self == 1 ? one : many)" }
}

extension DoctorChange.Done {
  /// "Se movieron 12 citas y 1 se queda donde está hasta que haya lugar; 40 personas cambiaron. Faltan 3: pídalo otra vez."
  func text(left: Int, unable: Int) -> String {
    let kept = appointments.count { $0.old == $0.now.folio }
    var sentences = ["Se movieron \((appointments.count - kept).counted("cita", "citas")) y cambiaron \(adopted.count.counted("persona", "personas"))."]
    if kept > 0 { sentences.append("\(kept.counted("cita se queda", "citas se quedan")) como \(kept == 1 ? "está" : "están") hasta que haya lugar.") }
    if unable > 0 { sentences.append("\(unable.counted("persona no puede", "personas no pueden")) subir al consultorio nuevo y se \(unable == 1 ? "queda" : "quedan") con el suyo.") }
    if !untold.isEmpty { sentences.append("Avise en la ventanilla a \(untold.count.counted("persona", "personas")) sin teléfono.") }
    if left > 0 { sentences.append("Faltan \(left.counted("persona", "personas")): pídalo otra vez.") }
    return sentences.joined(separator: " ")
  }
}
