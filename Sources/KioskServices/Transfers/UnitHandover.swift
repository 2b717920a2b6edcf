internal import ClinicDomain
internal import ClinicStore
internal import Scheduling

/// One stretch of a handover to another unit, person after person on the same queue as everybody: called for, handed over, and what they have
/// of the days in the other unit's care given up where that is asked for.
struct UnitHandover: Sendable {
  let counter: Counter
  let actor: Actor
  let to: CaredElsewhere
  let givesUp: Bool

  /// What was done, or would be.
  struct Done: Sendable {
    /// Of the days in the other unit's care.
    var appointments: [Appointment] = []
    var handed = 0
    var unchanged = 0
    var remaining = 0
    /// Whose number is not in the padrón, or for whom no more calls are taken on.
    var untold: [Patient] = []
  }

  /// - Parameter limit: people at most; `nil` says what would be done with all of them, and does nothing.
  func run(for people: [Patient], limit: Int?) async throws(StoreFault) -> Done {
    var done = Done()
    var dealtWith = 0
    for person in people {
      let isHanded = counter.store.snapshot.elsewhere(person.id) == to
      let theirs = isHanded && !givesUp ? [] : try await appointments(of: person)
      guard !isHanded || !theirs.isEmpty else {
        done.unchanged += 1
        continue
      }
      guard let limit else {
        done.appointments += theirs
        done.handed += isHanded ? 0 : 1
        continue
      }
      guard dealtWith < limit else {
        done.remaining += 1
        continue
      }
      dealtWith += 1
      try await hand(over: person, isHanded, theirs, into: &done)
    }
    return done
  }

  /// Of each of these appointments there is a notice from the moment on at which its person is handed over or it is given up, which no end of the
  /// server loses; somebody of the clinic is asked to call them besides. Whose appointments stand is called for first: who is cut off between the
  /// two is called for once all the same, and handed over by the next call.
  private func hand(over person: Patient, _ isHanded: Bool, _ theirs: [Appointment], into done: inout Done) async throws(StoreFault) {
    if !givesUp { try await call(person, about: theirs, into: &done) }
    if !isHanded {
      let command = HandOverPatient(actor: actor, patient: person.id, to: to)
      guard case .granted = try await counter.submit(.transfer(.handOver(command))) else { return done.remaining += 1 }
      done.handed += 1
    }
    guard givesUp else { return done.appointments += theirs }
    for appointment in theirs {
      let command = GiveUpAppointment(actor: actor, folio: appointment.folio)
      guard case .granted(.appointment(let now), _) = try await counter.submit(.transfer(.giveUp(command))) else { continue }
      done.appointments.append(now)
    }
    try await call(person, about: theirs, into: &done)
  }

  private func call(_ person: Patient, about theirs: [Appointment], into done: inout Done) async throws(StoreFault) {
    // Of what is given up the clinic's own calls tell who lets them, where a recording names the unit.
    if !theirs.isEmpty, try await !counter.owesCall(to: person, unlessCalled: givesUp) { done.untold.append(person) }
  }

  private func appointments(of person: Patient) async throws(StoreFault) -> [Appointment] {
    let now = counter.now
    return try await counter.store.appointments(of: person.id, includePast: false, now: now).filter { counter.rules.goes($0, to: to, at: now) }
  }
}

/// One stretch of taking people back: what was given up comes back first, then the person is cared for here again.
struct UnitReturn: Sendable {
  let counter: Counter
  let actor: Actor

  struct Done: Sendable {
    var appointments: [Appointment] = []
    var takenBack = 0
    var untold: [Patient] = []
  }

  func run(for people: ArraySlice<Patient>) async throws(StoreFault) -> Done {
    var done = Done()
    for person in people {
      let given = try await counter.store.read { reader throws(StoreFault) in try reader.handedAppointments(of: person.id) }
        .filter { counter.now < counter.rules.start(of: $0.slot) }
      for appointment in given { done.appointments.append(try await back(appointment)) }
      if !given.isEmpty, try await !counter.owesCall(to: person, unlessCalled: true) { done.untold.append(person) }
      guard case .granted = try await counter.submit(.transfer(.takeBack(TakeBackPatient(actor: actor, patient: person.id)))) else { continue }
      done.takenBack += 1
    }
    return done
  }

  /// To where it was or, when somebody has that by now, as a place before all others in line.
  private func back(_ old: Appointment) async throws(StoreFault) -> Appointment {
    for at in [old.slot.choice, nil] {
      let command = TakeBackAppointment(actor: actor, folio: old.folio, at: at)
      if case .granted(.appointment(let now), _) = try await counter.submit(.transfer(.takeBackAppointment(command))) { return now }
    }
    return old
  }
}

extension UnitHandover.Done {
  /// "Pasaron 12 personas a UMF 20; se entregaron 5 citas. Faltan 3 personas: pídalo otra vez."
  func text(to elsewhere: CaredElsewhere, givesUp: Bool, isDryRun: Bool) -> String {
    let unit = elsewhere.unit.name
    let count = appointments.count
    var sentences = isDryRun
      ? ["Pasarían \(handed.counted("persona", "personas")) a \(unit) desde el \(elsewhere.from.spanishText). No se cambió nada."]
      : ["Pasaron \(handed.counted("persona", "personas")) a \(unit) desde el \(elsewhere.from.spanishText)."]
    if count > 0 {
      sentences.append(
        givesUp
          ? "\(isDryRun ? "Se entregarían" : "Se entregaron") \(count.counted("cita", "citas")): el documento las lleva a la otra unidad."
          : "Tienen aquí \(count.counted("cita", "citas")) de esos días: se conservan hasta que la otra unidad las dé; el documento las lleva.")
    }
    if unchanged > 0 { sentences.append("\(unchanged.counted("persona ya estaba", "personas ya estaban")) así.") }
    if !untold.isEmpty { sentences.append("Avise en la ventanilla a \(untold.count.counted("persona", "personas")) sin teléfono.") }
    if remaining > 0 { sentences.append("Faltan \(remaining.counted("persona", "personas")): pídalo otra vez.") }
    return sentences.joined(separator: " ")
  }
}

extension UnitReturn.Done {
  /// "Volvieron 2 personas; 1 cita quedó como estaba y 1 persona espera un lugar antes que nadie."
  func text(left: Int) -> String {
    let standing = appointments.count { $0.status == .booked }
    var sentences = ["Volvieron \(takenBack.counted("persona", "personas")) a esta clínica."]
    if standing > 0 { sentences.append("\(standing.counted("cita queda", "citas quedan")) como \(standing == 1 ? "estaba" : "estaban").") }
    let waiting = appointments.count - standing
    if waiting > 0 { sentences.append("\(waiting.counted("cita ya no cabe", "citas ya no caben")) ahí: se ofrece otro lugar antes que a nadie.") }
    if !untold.isEmpty { sentences.append("Avise en la ventanilla a \(untold.count.counted("persona", "personas")) sin teléfono.") }
    if left > 0 { sentences.append("Faltan \(left.counted("persona", "personas")): pídalo otra vez.") }
    return sentences.joined(separator: " ")
  }
}
