package import ClinicDomain

/// Moves an appointment out of a closed agenda. The server itself asks for it, for one after the other in the order of harm.
package struct DisplaceAppointment: Hashable, Sendable {
  package enum Place: Hashable, Sendable {
    case slot(SlotChoice)
    /// Of today's line of another agenda, for who is in the clinic already: nobody sends them home.
    case todaysLine(SlotChoice)
    /// No slot was found: who is in the clinic waits in today's line where they are, everybody else for a place before all others, or for their
    /// series to give the visit again.
    case none

    package var choice: SlotChoice? {
      switch self {
      case .slot(let choice), .todaysLine(let choice): choice
      case .none: nil
      }
    }
  }

  package var folio: Folio
  package var to: Place
  package var folioSeed: UInt64

  package init(folio: Folio, to: Place, folioSeed: UInt64) {
    self.folio = folio
    self.to = to
    self.folioSeed = folioSeed
  }
}

extension DisplaceAppointment {
  /// The old appointment and what takes its place change together: at no moment has the person neither. On the same day they stay who they
  /// were: here since then, or expected because they said so.
  ///
  /// An appointment that is in no closed agenda any more (it was cancelled, waits in today's line, or the agenda opened again) stays as it is.
  ///
  /// - Returns: the new appointment, or the old one as it stands now.
  /// - Throws: `appointmentNotFound`, then as a booking from `serviceNotOffered` on; limits and channels' shares are not asked, for the
  ///   person had the place already, but a turno's cap is. `wrongState` for today's line, which is only for who is here, and
  ///   `closed` when no turno of that agenda has it.
  package func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant, folio: Folio
  ) throws(CommandRefusal) -> Decision<Appointment> {
    guard let old = scope.named, let person = scope.patient else { throw .appointmentNotFound }
    guard HarmOrder.movable.contains(old.status), old.holdsSlot, now < rules.end(of: old.slot),
      scope.isBlocked(old.slot, at: now) || scope.areCompanionsBlocked
    else {
      return Decision(old, [])
    }
    switch to {
    case .slot(let to):
      let offer = try scope.place(
        for: old.service, at: to, to: person, through: .desk(for: old, by: rules), leaving: old.folio, claims: true, rules: rules, at: now)
      let new = old.moved(to: offer.slot, offer.turno, as: folio, at: now)
      return Decision(
        new, scope.endingStaleHolds(at: now) + [.insert(new), .replace(old.replaced(by: folio, at: now))] + (try scope.claims(of: new, for: offer.service)))
    case .todaysLine(let to):
      let line = try rules.todaysLine(at: to, for: old, person, in: scope, at: now)
      var new = old.moved(to: line.slot, line.turno, as: folio, at: now)
      new.lane = Appointment.todaysLine(folio)
      return Decision(new, [.insert(new), .replace(old.replaced(by: folio, at: now))])
    case .none: return waiting(old, in: scope, rules: rules, at: now)
    }
  }

  private func waiting(
    _ old: Appointment, in scope: CommandScope, rules: ClinicRules, at now: Instant
  ) -> Decision<Appointment> {
    guard !old.isHere else {
      var waiting = old
      (waiting.lane, waiting.changedAt) = (Appointment.todaysLine(old.folio), now)
      return Decision(waiting, [.replace(waiting)])
    }
    let cancelled = old.cancelled(.clinic, at: now)
    // A visit of a series the series gives again: with a place in line too its person would have two.
    let owed = scope.inSeries.contains(old.folio) ? [] : [AgendaChange.waitlist(scope.displaced(old, rules: rules, at: now))]
    return Decision(cancelled, [.replace(cancelled)] + owed)
  }
}

extension ClinicRules {
  /// Where somebody waits in the line of an agenda: its slot that is going on or comes next from a choice on.
  fileprivate func todaysLine(
    at choice: SlotChoice, for old: Appointment, _ person: Patient, in scope: CommandScope, at now: Instant
  ) throws(CommandRefusal) -> (slot: Slot, turno: TurnoCode) {
    guard old.isHere, choice.date == old.slot.date else { throw .wrongState(old.status) }
    guard let resource = clinic.resource(choice.resource), resource.services.contains(old.service) else { throw .resourceNotOffered }
    let agenda = turnoAgendas(of: choice.resource, on: choice.date).first { $0.hours.contains(choice.start) }
    guard let agenda, agenda.closed == nil,
      let slot = slots(of: agenda).first(where: { $0.start >= choice.start && now < end(of: $0) && !scope.isBlocked($0, at: now) })
    else { throw .closed }
    guard resource.isReachable(by: PersonView(person)) else { throw .notAccessible }
    return (slot, agenda.turno)
  }
}

extension AgendaIndex {
  /// In which agenda's line somebody waits who is in the clinic and whose own is closed: the one of the same service that sees people next.
  ///
  /// - Returns: `nil` when no other does today.
  package func todaysLine(for appointment: Appointment, of person: Patient, at now: Instant) -> SlotChoice? {
    guard let service = rules.service(appointment.service), service.companions.isEmpty else { return nil }
    let date = appointment.slot.date
    return rules.clinic.resources.filter { $0.services.contains(service.code) && $0.isReachable(by: PersonView(person)) }.compactMap { resource in
      let blocks = kept(on: AgendaDay(resource: resource.id, date: date)).filter(\.isBlock)
      let slots = rules.turnoAgendas(of: resource.id, on: date).flatMap { rules.slots(of: $0) }
      return slots.first { slot in now < rules.end(of: slot) && !blocks.contains { $0.slot.overlaps(slot) } }?.choice
    }
    .min { $0.start < $1.start }
  }
}

extension Appointment {
  /// Whether the person is in the clinic for it.
  package var isHere: Bool { status == .arrived || status == .checkedIn }

  /// What stands instead of it in another slot: on the same day the person is here as they were, or said that they would come.
  func moved(to slot: Slot, _ turno: TurnoCode, as folio: Folio, at now: Instant) -> Appointment {
    let isSameDay = slot.date == self.slot.date
    return Appointment(
      folio: folio, patient: patient, service: service, turno: turno, slot: slot, status: isSameDay ? status : .booked, channel: channel,
      holdExpiresAt: nil, cancellation: nil, createdAt: now, changedAt: now, confirmedAt: isSameDay ? confirmedAt : nil,
      confirmedThrough: isSameDay ? confirmedThrough : nil, arrivedAt: isSameDay ? arrivedAt : nil, replaces: self.folio)
  }

  /// As it stands once another has taken its place.
  func replaced(by folio: Folio, at now: Instant) -> Appointment {
    var old = cancelled(.rescheduled, at: now)
    old.replacedBy = folio
    return old
  }
}

extension CommandScope {
  /// A place in line, before everybody else, for whoever the clinic owes one instead of an appointment.
  func displaced(_ old: Appointment, rules: ClinicRules, at now: Instant) -> WaitlistEntry {
    let today = rules.today(at: now)
    return WaitlistEntry(
      id: waitlist.nextEntry, patient: old.patient,
      wish: WaitlistWish(services: [old.service], dates: today...today.advanced(by: Self.waitingDays)), reach: .phone,
      channel: .desk(for: old, by: rules), isDisplaced: true, until: now.adding(seconds: Self.waitingDays * 86_400), joinedAt: now, changedAt: now)
  }

  /// Nobody whom the clinic put off drops out before a quarter is over.
  private static var waitingDays: Int { 90 }
}

extension Channel {
  /// The desk where it may book the service, as the clinic itself moves people; otherwise the channel they came by.
  static func desk(for appointment: Appointment, by rules: ClinicRules) -> Channel {
    rules.service(appointment.service)?.bookableBy.contains(.desk) == true ? .desk : appointment.channel
  }
}

/// In which order the people of a closed agenda are found another place: whoever is harmed most chooses first.
///
/// Read from left to right:
/// 1. Who is in the clinic already: they have made the way, and today's free places are the only ones that spare them a second.
/// 2. The sooner the appointment was, the less time there is to tell the person and to find anything near it; what is far away
///    can be moved by a day without harm.
/// 3. Who cannot take stairs, or has another need that only some rooms meet: they find fewer places, so they choose before those
///    who could have any.
/// 4. Who booked first has waited longest for this day already.
/// 5. The folio, so that the order is one.
///
/// The person's age, their history of missed appointments and who they are play no part.
package struct HarmOrder: Hashable, Comparable, Sendable {
  private let isAbsent: Bool
  private let date: CivilDate
  private let start: AgendaMinute
  private let hasNoNeed: Bool
  private let bookedAt: Instant
  private let folio: Folio

  package init(_ appointment: Appointment, needs: [String]) {
    isAbsent = appointment.status == .booked
    date = appointment.slot.date
    start = appointment.slot.start
    hasNoNeed = needs.isEmpty
    bookedAt = appointment.createdAt
    folio = appointment.folio
  }

  package static func < (left: Self, right: Self) -> Bool {
    if left.isAbsent != right.isAbsent { return right.isAbsent }
    if (left.date, left.start) != (right.date, right.start) { return (left.date, left.start) < (right.date, right.start) }
    if left.hasNoNeed != right.hasNoNeed { return right.hasNoNeed }
    return (left.bookedAt, left.folio) < (right.bookedAt, right.folio)
  }

  /// What a closure moves; a hold is refused when it is to be booked, and ends by itself.
  package static let movable: [Appointment.Status] = [.booked, .arrived, .checkedIn]
}
