internal import ClinicDomain
internal import KioskTestSupport
internal import Scheduling
internal import Testing

/// The store as simply as it can be: an array. It answers a command's needs, refuses what the schema would refuse, and knows
/// nothing of the index.
struct ModelBook {
  var rules: ClinicRules
  var people: [Patient]
  var consents: [Consent] = []
  var appointments: [Appointment] = []

  func scope(for needs: CommandNeeds, at now: Instant) -> CommandScope {
    let named = needs.named.flatMap { folio in appointments.first { $0.folio == folio } }
    let actor = person(needs.actor)
    let patient = person(needs.patient ?? named?.patient)
    return CommandScope(
      actor: actor, patient: patient,
      consent: consents.contains { $0.grantor == patient?.id && $0.grantee == actor?.id }, named: named,
      active: needs.activeAppointments
        ? appointments.filter { $0.patient == patient?.id && $0.status.isActive }.sorted { $0.slot.key < $1.slot.key } : [],
      day: needs.day.map { day in
        appointments.filter { $0.holdsSlot && $0.slot.resource == day.resource && $0.slot.date == day.date }
          .sorted { $0.slot.key < $1.slot.key }
      } ?? [],
      household: needs.household && rules.clinic.policy.maxActivePerHousehold != nil ? household(of: patient) : [],
      load: needs.load.map { load(at: $0, now: now) } ?? TurnoLoad())
  }

  private func household(of patient: Patient?) -> [Appointment] {
    guard let patient, let nss = patient.nss else { return [] }
    let others = people.filter { $0.nss == nss && $0.id != patient.id }.map(\.id)
    return appointments.filter { others.contains($0.patient) && $0.status.isActive }
  }

  /// How much of the turno is spoken for, by counting.
  func load(at choice: SlotChoice, now: Instant) -> TurnoLoad {
    guard let agenda = rules.turnoAgendas(of: choice.resource, on: choice.date).first(where: { $0.hours.contains(choice.start) })
    else { return TurnoLoad() }
    var load = TurnoLoad()
    for appointment in appointments
    where appointment.occupies(at: now) && appointment.slot.resource == choice.resource && appointment.slot.date == choice.date
      && agenda.hours.contains(appointment.slot.start)
    {
      load[appointment.channel] += 1
    }
    return load
  }

  func person(_ id: PatientID?) -> Patient? { people.first { $0.id == id } }

  /// What the command gives or refuses; nothing is written.
  func decide(_ command: Command, at now: Instant, folio: Folio) -> Result<Decision<CommandOutcome>, CommandRefusal> {
    guard case .decided(let scheduling) = command.course else { preconditionFailure("no import here") }
    return Result { () throws(CommandRefusal) in
      try scheduling.decide(in: scope(for: command.needs, at: now), rules: rules, at: now, folio: folio)
    }
  }

  /// Writes changes one by one; each must pass the schema's triggers, which cannot see time.
  mutating func apply(_ changes: [AgendaChange]) throws {
    for change in changes {
      switch change {
      case .insert(let appointment):
        try #require(!appointments.contains { $0.folio == appointment.folio })
        appointments.append(appointment)
        try requireNoOverlap(appointment)
      case .replace(let appointment):
        let place = try #require(appointments.firstIndex { $0.folio == appointment.folio })
        let before = appointments[place]
        var unchanged = appointment
        (unchanged.status, unchanged.holdExpiresAt) = (before.status, before.holdExpiresAt)
        (unchanged.cancellation, unchanged.changedAt) = (before.cancellation, before.changedAt)
        (unchanged.confirmedAt, unchanged.confirmedThrough) = (before.confirmedAt, before.confirmedThrough)
        (unchanged.arrivedAt, unchanged.lane) = (before.arrivedAt, before.lane)
        (unchanged.replaces, unchanged.replacedBy) = (before.replaces, before.replacedBy)
        try #require(unchanged == before)
        appointments[place] = appointment
        try requireNoOverlap(appointment)
      case .waitlist, .freed, .offer, .block, .series, .activity, .duty, .claim, .reservePaper, .paper, .external, .proxy, .homeVisit, .promoter, .doctor, .handover, .handed, .care: break
      case .grant(let consent):
        if !consents.contains(where: { $0.grantor == consent.grantor && $0.grantee == consent.grantee }) { consents.append(consent) }
      case .revoke(let grantor, let grantee):
        consents.removeAll { $0.grantor == grantor && (grantee == nil || $0.grantee == grantee) }
      }
    }
  }

  private func requireNoOverlap(_ appointment: Appointment) throws {
    guard appointment.holdsSlot else { return }
    try #require(!appointments.contains { other in
      other.folio != appointment.folio && other.holdsSlot && other.slot.resource == appointment.slot.resource
        && other.slot.date == appointment.slot.date && other.slot.minutes.overlaps(appointment.slot.minutes)
    }, "two rows overlap")
  }
}

// MARK: - By brute force

extension ModelBook {
  /// Every slot of every agenda that would be newly reserved if `command` asked for it, with its turno.
  func reservable(
    at now: Instant, _ command: (SlotChoice) -> Command
  ) -> [(slot: Slot, turno: TurnoCode)] {
    let today = rules.today(at: now)
    return (today.advanced(by: -1)...rules.horizon(at: now)).flatMap { date in
      rules.clinic.resources.flatMap { resource in
        rules.turnoAgendas(of: resource.id, on: date).flatMap { agenda in
          agenda.grid.filter { slot in
            // A decision without an insertion answers with what the person has already.
            guard case .success(let decision) = decide(command(slot.choice), at: now, folio: Folio(random: 0)) else { return false }
            return decision.changes.contains { if case .insert = $0 { true } else { false } }
          }.map { ($0, agenda.turno) }
        }
      }
    }
  }

  /// What a search must give, in its documented order.
  func found(_ query: FindSlots, for person: Patient, at now: Instant) -> [FoundSlot] {
    let all = reservable(at: now) { choice in
      .hold(HoldSlot(
        actor: .person(person.id), patient: person.id, service: query.service, choice: choice, channel: query.channel, folioSeed: 0))
    }
    let wanted = all.filter { slot, turno in
      (query.turno == nil || query.turno == turno) && (query.date == nil || query.date == slot.date)
        && (query.earliestDate.map { $0 <= slot.date } ?? true) && query.earliestMinute <= slot.start
        && (query.resource == nil || query.resource == slot.resource)
    }
    let found = wanted.map { slot, turno in
      FoundSlot(
        slot: slot, turno: turno, service: query.service,
        ownDoctor: slot.resource == person.consultorio && turno == person.turno)
    }
    let sorted = found.filter(\.ownDoctor).sorted { $0.slot.key < $1.slot.key }
      + found.filter { !$0.ownDoctor }.sorted { $0.slot.key < $1.slot.key }
    return Array(sorted.prefix(query.limit))
  }

  /// What the alternatives to a wish must be, in their documented order.
  func alternatives(to wish: SlotWish, for person: Patient, at now: Instant) -> [FoundSlot] {
    let all = reservable(at: now) { choice in
      wish.asHold
        ? .hold(HoldSlot(
          actor: .person(person.id), patient: person.id, service: wish.service, choice: choice, channel: wish.channel, folioSeed: 0))
        : .book(BookAppointment(
          actor: .person(person.id), patient: person.id, what: .slot(wish.service, choice), channel: wish.channel, folioSeed: 0))
    }
    let turno = rules.turnoAgendas(of: wish.choice.resource, on: wish.choice.date)
      .first { $0.hours.contains(wish.choice.start) }?.turno
      ?? rules.clinic.turnos.first { $0.hours.contains(wish.choice.start) }?.code
    func key(_ found: FoundSlot) -> [Int] {
      let kin = found.slot.resource == wish.choice.resource && found.slot.date == wish.choice.date
        ? 0 : found.ownDoctor ? 1 : found.turno == turno ? 2 : 3
      let days = abs(wish.choice.date.distance(to: found.slot.date))
      let minutes = abs(wish.choice.start.minutes - found.slot.start.minutes)
      return [kin, days, minutes] + found.slot.key.numbers
    }
    let found = all.map { slot, turno in
      FoundSlot(
        slot: slot, turno: turno, service: wish.service,
        ownDoctor: slot.resource == person.consultorio && turno == person.turno)
    }
    return Array(found.sorted { key($0).lexicographicallyPrecedes(key($1)) }.prefix(6))
  }
}

extension Slot {
  /// Date, start, resource.
  struct Key: Comparable {
    var numbers: [Int]
    static func < (left: Self, right: Self) -> Bool { left.numbers.lexicographicallyPrecedes(right.numbers) }
  }

  var key: Key {
    Key(numbers: [date.daysSinceEpoch, start.minutes, Int(resource.kind.rawValue), resource.number])
  }
}
