package import ClinicDomain

/// Moves an appointment out of a closed agenda. The server itself asks for it, for one after the other in the order of harm.
package struct DisplaceAppointment: Hashable, Sendable {
  package var folio: Folio
  /// Where to; `nil` when no slot was found: then the person waits, before everybody else.
  package var to: SlotChoice?
  package var folioSeed: UInt64

  package init(folio: Folio, to: SlotChoice?, folioSeed: UInt64) {
    self.folio = folio
    self.to = to
    self.folioSeed = folioSeed
  }
}

extension DisplaceAppointment {
  /// The old appointment and what takes its place change together: at no moment has the person neither.
  ///
  /// An appointment that is in no closed agenda any more (it was cancelled, or the agenda opened again) stays as it is.
  ///
  /// - Returns: the new appointment, or the old one as it stands now.
  /// - Throws: `appointmentNotFound`, then as a booking from `serviceNotOffered` on; limits and channels' shares are not asked, for the
  ///   person had the place already, but a turno's cap is.
  package func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant, folio: Folio
  ) throws(CommandRefusal) -> Decision<Appointment> {
    guard let old = scope.named, let person = scope.patient else { throw .appointmentNotFound }
    guard HarmOrder.movable.contains(old.status), now < rules.end(of: old.slot),
      scope.isBlocked(old.slot, at: now) || scope.areCompanionsBlocked
    else {
      return Decision(old, [])
    }
    guard let to else { return waiting(old, in: scope, rules: rules, at: now) }
    let offer = try scope.place(
      for: old.service, at: to, to: person, through: .desk(for: old, by: rules), leaving: old.folio, claims: true, rules: rules, at: now)
    let new = Appointment(
      folio: folio, patient: old.patient, service: old.service, turno: offer.turno, slot: offer.slot, status: .booked,
      channel: old.channel, holdExpiresAt: nil, cancellation: nil, createdAt: now, changedAt: now, replaces: old.folio)
    var moved = old.cancelled(.rescheduled, at: now)
    moved.replacedBy = folio
    let claims = try scope.claims(of: new, for: offer.service)
    return Decision(new, scope.endingStaleHolds(at: now) + [.insert(new), .replace(moved)] + claims)
  }

  private func waiting(
    _ old: Appointment, in scope: CommandScope, rules: ClinicRules, at now: Instant
  ) -> Decision<Appointment> {
    let cancelled = old.cancelled(.clinic, at: now)
    return Decision(cancelled, [.replace(cancelled), .waitlist(scope.displaced(old, rules: rules, at: now))])
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
