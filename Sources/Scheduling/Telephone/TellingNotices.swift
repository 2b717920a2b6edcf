package import ClinicDomain

/// A notice, and everything that decides whether its person may be called about it.
package struct NoticeCandidate: Hashable, Sendable {
  package var notice: Notice
  package var appointment: Appointment
  /// What stands instead of it.
  package var successor: Appointment?
  package var patient: Patient
  package var consent: CallConsent?
  /// Whether somebody else of the same NSS has the same telephone number.
  package var sharesPhone: Bool

  package init(
    notice: Notice, appointment: Appointment, successor: Appointment? = nil, patient: Patient, consent: CallConsent?, sharesPhone: Bool
  ) {
    self.notice = notice
    self.appointment = appointment
    self.successor = successor
    self.patient = patient
    self.consent = consent
    self.sharesPhone = sharesPhone
  }
}

/// What a notice says, as things stand.
package enum NoticeContent: Hashable, Sendable {
  /// The appointment that comes.
  case reminder(Appointment)
  /// The appointment that there is now.
  case moved(to: Appointment)
  /// The appointment that was.
  case withdrawn(Appointment)
  /// The appointment that was, and the unit that gives it now.
  case handedOver(Appointment, to: CaredElsewhere)
  /// The appointment that stands here until the unit that cares for the person by then gives it.
  case keptUntilHandedOver(Appointment)

  /// Which appointment it tells the day and hour of.
  package var appointment: Appointment {
    switch self {
    case .reminder(let appointment), .moved(let appointment), .withdrawn(let appointment), .handedOver(let appointment, _),
      .keptUntilHandedOver(let appointment):
      appointment
    }
  }

  /// Where they are cared for now; `nil` for here.
  package var unit: CaredElsewhere? { if case .handedOver(_, let unit) = self { unit } else { nil } }
}

/// Why somebody knows nothing yet of what the clinic did to their appointment. Cases stand in the order in which they are checked.
package enum UntoldReason: String, Hashable, Sendable, CaseIterable {
  /// They do not hear: nobody telephones them.
  case neverCalled
  case noConsent
  case noNumber
  /// For a confidential service only the person's own telephone is called, and this one is somebody else's too.
  case notOwnNumber
  /// The calls that there may be are spent, or nobody has heard of one for an hour.
  case notReached
  /// This clinic calls nobody.
  case noCalls
  /// They are still being called.
  case calling
  /// Somebody of the clinic tells them: no recording that whoever answers may hear names the unit that cares for them now.
  case byStaff
}

extension ClinicRules {
  /// What a notice says now.
  ///
  /// - Returns: `nil` when there is nothing to tell any more: the appointment that it reminds of was cancelled, moved or has begun; what came
  ///   in place of a moved one is cancelled, moved again (of which there is a notice of its own) or has begun; the day of what was taken away is over;
  ///   the change was undone before anybody heard of it.
  package func content(of candidate: NoticeCandidate, at now: Instant) -> NoticeContent? {
    let appointment = candidate.appointment
    switch (candidate.notice.kind, candidate.successor) {
    case (.reminder, _): return appointment.status == .booked && now < start(of: appointment.slot) ? .reminder(appointment) : nil
    case (.change, let new?): return new.status == .booked && now < start(of: new.slot) ? .moved(to: new) : nil
    case (.change, nil) where candidate.notice.state == .over && candidate.notice.calls == 0: return nil
    case (.change, nil) where goesToOtherUnit(candidate, at: now): return .keptUntilHandedOver(appointment)
    // It was taken away, and stands again.
    case (.change, nil) where appointment.status == .booked: return now < start(of: appointment.slot) ? .moved(to: appointment) : nil
    case (.change, nil):
      guard appointment.status == .cancelled, now < end(of: appointment.slot) else { return nil }
      guard appointment.isGivenElsewhere, let unit = candidate.patient.elsewhere else { return .withdrawn(appointment) }
      return .handedOver(appointment, to: unit)
    }
  }

  /// The dates of the appointments that are reminded of today, on a screen at any hour; `nil` when none are.
  package func remindedDates(at now: Instant) -> ClosedRange<CivilDate>? {
    guard let days = clinic.notices?.reminderDays else { return nil }
    let today = today(at: now)
    return today.advanced(by: 1)...today.advanced(by: days)
  }

  /// Whether calls about appointments go out at this hour.
  package func isCallingHour(_ now: Instant) -> Bool {
    let local = zone.local(of: now)
    return clinic.notices?.hours.contains(local.date, local.minute) == true
  }

  /// Whether an appointment is one to be reminded of now. Who booked it in these days knows of it, and who has confirmed it comes.
  package func isReminded(_ appointment: Appointment, at now: Instant) -> Bool {
    guard let days = clinic.notices?.reminderDays, let dates = remindedDates(at: now), dates.contains(appointment.slot.date),
      appointment.status == .booked, appointment.confirmedAt == nil
    else { return false }
    return zone.local(of: appointment.createdAt).date < appointment.slot.date.advanced(by: -days)
  }

  /// Decides whether the person of a notice may be called now.
  ///
  /// - Returns: the first obstacle that applies; `nil` when there is none.
  package func obstacle(to candidate: NoticeCandidate, at now: Instant) -> CallObstacle? {
    guard clinic.notices != nil else { return .noCalls }
    guard isCallingHour(now) else { return .quietHours }
    guard content(of: candidate, at: now.adding(seconds: OutboundBounds.answerSeconds)) != nil else { return .offerOver }
    if candidate.notice.kind == .reminder {
      guard candidate.appointment.confirmedAt == nil else { return .offerOver }
      if candidate.notice.calls == 0, !isReminded(candidate.appointment, at: now) { return .offerOver }
    }
    if isForStaff(candidate, at: now) { return .byStaff }
    if let obstacle = lastingObstacle(to: candidate) { return obstacle }
    guard candidate.notice.isDue(at: now) else { return .called }
    return nil
  }

  /// Whether a notice that is kept says nothing any more, and nobody needs to look at it again.
  func isStale(_ candidate: NoticeCandidate, at now: Instant) -> Bool {
    // A reminder is kept from its first call on.
    guard candidate.notice.kind == .change || candidate.notice.calls > 0 else { return false }
    return content(of: candidate, at: now) == nil || candidate.notice.kind == .reminder && candidate.appointment.confirmedAt != nil
  }

  /// Whether only a person can say where they are cared for now, or that an appointment stands here until then.
  private func isForStaff(_ candidate: NoticeCandidate, at now: Instant) -> Bool {
    if candidate.appointment.isGivenElsewhere { return !isNamedByCalls(candidate.patient.elsewhere) }
    return candidate.notice.kind == .change && candidate.successor == nil && goesToOtherUnit(candidate, at: now)
  }

  /// Whether the clinic's own calls name a unit: they have a recording of the directory's alone, and whoever answers hears of no hospital, whose
  /// name may tell of an illness.
  package func isNamedByCalls(_ elsewhere: CaredElsewhere?) -> Bool {
    guard let unit = elsewhere.flatMap({ clinic.directory[$0.unit.clues] }) else { return false }
    return unit.care.contains(.familyMedicine) && !unit.care.contains(.hospital)
  }

  /// What no later hour changes.
  private func lastingObstacle(to candidate: NoticeCandidate) -> CallObstacle? {
    guard !candidate.patient.isDeaf else { return .deaf }
    guard let consent = candidate.consent, consent.isGiven else { return .noConsent }
    guard candidate.patient.phone?.national != nil else { return .noNumber }
    guard !isConfidential(candidate.appointment.service) || consent.isOwn && !candidate.sharesPhone else { return .notOwnNumber }
    return nil
  }

  /// Why the person of a change does not know of it yet; `nil` for who does, and for what there is nothing to tell about any more.
  package func untold(_ candidate: NoticeCandidate, at now: Instant) -> UntoldReason? {
    let notice = candidate.notice
    guard notice.kind == .change, notice.state != .told, content(of: candidate, at: now) != nil else { return nil }
    if isForStaff(candidate, at: now) {
      return candidate.patient.isDeaf ? .neverCalled : candidate.patient.phone == nil ? .noNumber : .byStaff
    }
    switch lastingObstacle(to: candidate) {
    case .deaf: return .neverCalled
    case .noConsent: return .noConsent
    case .noNumber: return .noNumber
    case .notOwnNumber: return .notOwnNumber
    default: break
    }
    if notice.state == .over || notice.state == .placed && notice.changedAt.adding(seconds: Self.lostSeconds) <= now { return .notReached }
    return clinic.notices == nil ? .noCalls : .calling
  }

  /// Whether the appointment stands here, of a day on which another unit cares for its person.
  private func goesToOtherUnit(_ candidate: NoticeCandidate, at now: Instant) -> Bool {
    candidate.patient.elsewhere.map { goes(candidate.appointment, to: $0, at: now) } ?? false
  }

  /// No call lasts an hour: by then nobody will say any more what became of it.
  private static var lostSeconds: Int { 3600 }
}

extension Appointment {
  /// Whether it was given up so that another unit gives it.
  fileprivate var isGivenElsewhere: Bool { status == .cancelled && cancellation == .otherPlace }
}

extension Notice {
  /// Given to a bridge: a forsaken call under its own name again, and a new one under a new name.
  func leased(_ token: [UInt8], until: Instant, at now: Instant) -> Notice {
    var notice = self
    if state != .leased {
      notice.token = token
      notice.calls += 1
    }
    (notice.state, notice.notBefore, notice.changedAt) = (.leased, until, now)
    return notice
  }

  func over(at now: Instant) -> Notice {
    var notice = self
    (notice.state, notice.changedAt) = (.over, now)
    return notice
  }

  /// - Returns: as it is after the news of its call; itself when the news changes nothing.
  func noted(_ news: NoteCall.News, _ policy: NoticePolicy?, at now: Instant) -> Notice {
    guard state == .leased || state == .placed else { return self }
    var notice = self
    switch news {
    case .placed:
      guard state == .leased else { return self }
      notice.state = .placed
    case .over(let outcome):
      notice.outcome = outcome
      let isHeard = kind == .reminder && outcome == .answered
      notice.state = isHeard || calls >= policy?.maxCalls ?? 0 ? .over : .waiting
      notice.notBefore = now.adding(seconds: 60 * (policy?.betweenMinutes ?? 0))
    }
    notice.changedAt = now
    return notice
  }

  func told(through channel: Channel, at now: Instant) -> Notice {
    guard state != .told else { return self }
    var notice = self
    (notice.state, notice.toldThrough, notice.changedAt) = (.told, channel, now)
    return notice
  }
}

/// Writes down that the person knows.
package struct TellNotice: Hashable, Sendable {
  package var actor: Actor
  package var appointment: Folio
  package var kind: Notice.Kind
  package var channel: Channel

  package init(actor: Actor, appointment: Folio, kind: Notice.Kind, channel: Channel) {
    self.actor = actor
    self.appointment = appointment
    self.kind = kind
    self.channel = channel
  }
}

/// Lets the clinic call a person about their appointments, or ends that.
package struct ChooseCalls: Hashable, Sendable {
  package var actor: Actor
  package var consent: CallConsent

  package init(actor: Actor, consent: CallConsent) {
    self.actor = actor
    self.consent = consent
  }
}

extension TellNotice {
  /// - Throws: `noticeNotFound`.
  func decide(in scope: TelephoneScope, at now: Instant) throws(TelephoneRefusal) -> TelephoneDecision {
    guard let notice = scope.outbound.notice else { throw .noticeNotFound }
    let told = notice.told(through: channel, at: now)
    return TelephoneDecision(.notice(told), told == notice ? [] : [.notice(told)])
  }
}

extension ChooseCalls {
  /// What is so already is not written again.
  func decide(in scope: TelephoneScope, at now: Instant) -> TelephoneDecision {
    var consent = consent
    consent.changedAt = now
    if let standing = scope.outbound.consent, standing.isGiven == consent.isGiven, standing.isOwn == consent.isOwn {
      return TelephoneDecision(.consent(standing), [])
    }
    return TelephoneDecision(.consent(consent), [.callConsent(consent)])
  }
}
