package import ClinicDomain

/// What the clinic's own calls are held to.
package enum OutboundBounds {
  /// How long a bridge has a call before somebody else may be given it, 20 seconds: a file is written in milliseconds, and a bridge that was
  /// killed is back in a few seconds.
  package static let leaseSeconds = 20

  /// Nearer to an offer's end nobody is called, two minutes: it rings for half a minute, and the call takes less than one.
  package static let answerSeconds = 120

  /// Calls that are given to a bridge at once: more than a clinic has lines.
  package static let atOnce = 20
}

/// An offer, and everything that decides whether its person may be called about it.
package struct CallCandidate: Hashable, Sendable {
  package var offer: SlotOffer
  package var entry: WaitlistEntry
  package var phone: PhoneNumber?
  /// The call that there was for it.
  package var call: OutboundCall?
  /// Whether the person does not hear.
  package var isDeaf: Bool
  /// Whether the person lets the clinic call about appointments.
  package var consents: Bool
  /// Whether the number may be called about such a place: it is not about a confidential service, or nobody else of the NSS has it.
  package var isOwnNumber: Bool

  package init(
    offer: SlotOffer, entry: WaitlistEntry, phone: PhoneNumber?, call: OutboundCall? = nil, isDeaf: Bool = false, consents: Bool = false,
    isOwnNumber: Bool = true
  ) {
    self.offer = offer
    self.entry = entry
    self.phone = phone
    self.call = call
    self.isDeaf = isDeaf
    self.consents = consents
    self.isOwnNumber = isOwnNumber
  }
}

/// Why somebody is not called about an offer or a notice now. Cases stand in the order in which they are checked.
package enum CallObstacle: Hashable, Sendable, CaseIterable {
  /// The clinic calls nobody of itself.
  case noCalls
  case quietHours
  /// It is answered, over, or too near its end.
  case offerOver
  /// Only a person can say it: which unit cares for them now, where no recording names it.
  case byStaff
  /// They do not hear: nobody telephones them (programme P13).
  case deaf
  /// They did not ask to be called, or have left the list since. Whom the clinic itself put on it is called if they let it call; and for a
  /// confidential service only the person can have asked, because nobody else may join its list.
  case noConsent
  /// No number, or one outside Mexico, which the clinic's line does not dial.
  case noNumber
  /// About a confidential service only the person's own telephone is called, when the person themselves asked for it (programme P32).
  case notOwnNumber
  /// They were called about it, or are being called.
  case called
}

extension ClinicRules {
  /// Decides whether the person of an offer may be called now.
  ///
  /// - Returns: the first obstacle that applies; `nil` when there is none.
  package func obstacle(to candidate: CallCandidate, at now: Instant) -> CallObstacle? {
    guard let hours = clinic.waitlist?.calls else { return .noCalls }
    let local = zone.local(of: now)
    guard hours.contains(local.date, local.minute) else { return .quietHours }
    guard candidate.offer.isOpen(at: now.adding(seconds: OutboundBounds.answerSeconds)) else { return .offerOver }
    let lasting = lastingObstacle(
      to: candidate.entry, phone: candidate.phone, isDeaf: candidate.isDeaf, consents: candidate.consents, isOwnNumber: candidate.isOwnNumber)
    if let lasting { return lasting }
    guard candidate.call?.isForsaken(at: now) ?? true else { return .called }
    return nil
  }
}

extension ClinicRules {
  /// Whether the clinic will call somebody who waits when there is a place for them: it calls people, they asked for it or let it, and it has
  /// a number that it may dial.
  package func calls(_ person: Patient, about entry: WaitlistEntry, isOwnNumber: Bool, consent: CallConsent?) -> Bool {
    guard clinic.waitlist?.calls != nil else { return false }
    let isConfidential = entry.wish.services.contains(where: isConfidential)
    return lastingObstacle(
      to: entry, phone: person.phone, isDeaf: person.isDeaf, consents: consent.map { $0.isGiven && ($0.isOwn || !isConfidential) } ?? false,
      isOwnNumber: isOwnNumber || !isConfidential) == nil
  }

  /// What no later hour changes.
  private func lastingObstacle(
    to entry: WaitlistEntry, phone: PhoneNumber?, isDeaf: Bool, consents: Bool, isOwnNumber: Bool
  ) -> CallObstacle? {
    guard !isDeaf else { return .deaf }
    guard entry.reach == .phone, !entry.isDisplaced || consents, [.waiting, .asked].contains(entry.state) else { return .noConsent }
    guard phone?.national != nil else { return .noNumber }
    return isOwnNumber ? nil : .notOwnNumber
  }
}

/// Gives a bridge the next calls to make.
package struct LeaseCalls: Hashable, Sendable {
  /// At most so many, 1 ... ``OutboundBounds/atOnce``.
  package var limit: Int
  /// Names for new ones, by chance, as many as the limit, 16 bytes each.
  package var tokens: [[UInt8]]
  /// Appointments that may have to be reminded of, as a reader saw them; asked again here.
  package var reminders: [Folio]

  package init(limit: Int, tokens: [[UInt8]], reminders: [Folio] = []) {
    self.limit = limit
    self.tokens = tokens
    self.reminders = reminders
  }
}

/// Says what became of a call.
package struct NoteCall: Hashable, Sendable {
  package enum News: Hashable, Sendable {
    case placed
    case over(OutboundCall.Outcome)
  }

  package var token: [UInt8]
  package var news: News

  package init(token: [UInt8], news: News) {
    self.token = token
    self.news = news
  }
}

/// What a decision about the clinic's own calls reads.
package struct OutboundScope: Hashable, Sendable {
  /// Open offers whose people may have to be called, the one that ends soonest first.
  package var candidates: [CallCandidate] = []
  /// Notices of which a call may be due, and those of the command's reminders.
  package var notices: [NoticeCandidate] = []
  package var call: OutboundCall?
  package var notice: Notice?
  package var consent: CallConsent?

  package init() {}
}

extension LeaseCalls {
  /// First the offers, of which those that end soonest; then what the clinic did to appointments, by who is harmed most; then reminders. A call
  /// that a bridge took and never placed is given again, under the same name. One number is called once at a time. What says
  /// nothing any more is written down as over, so that nobody reads it again.
  func decide(in scope: TelephoneScope, rules: ClinicRules, at now: Instant) -> TelephoneDecision {
    let until = now.adding(seconds: OutboundBounds.leaseSeconds)
    let most = min(limit, tokens.count)
    var numbers: Set<PhoneNumber> = []
    func isNew(_ phone: PhoneNumber?) -> Bool { phone.map { numbers.insert($0).inserted } ?? false }
    let chosen = scope.outbound.candidates.filter { rules.obstacle(to: $0, at: now) == nil && isNew($0.phone) }.prefix(most)
    let calls = chosen.enumerated().map { number, candidate in
      if var call = candidate.call {
        call.leases += 1
        (call.leasedUntil, call.changedAt) = (until, now)
        return call
      }
      return OutboundCall(
        id: scope.next + Int64(number), offer: candidate.offer.id, token: tokens[number], leasedUntil: until, madeAt: now, changedAt: now)
    }
    let told = notices(in: scope, beside: chosen.compactMap(\.phone), rules: rules, at: now).prefix(most - calls.count).enumerated().map { number, candidate in
      candidate.notice.leased(tokens[calls.count + number], until: until, at: now)
    }
    let stale = scope.outbound.notices.filter { rules.isStale($0, at: now) }.map { $0.notice.over(at: now) }
    return TelephoneDecision(
      .outbound(calls.map(\.token) + told.compactMap(\.token)), calls.map { .outbound($0) } + (told + stale).map { .notice($0) })
  }

  private func notices(in scope: TelephoneScope, beside phones: [PhoneNumber], rules: ClinicRules, at now: Instant) -> [NoticeCandidate] {
    func comesFirst(_ one: NoticeCandidate, _ other: NoticeCandidate) -> Bool {
      if one.notice.kind != other.notice.kind { return one.notice.kind == .change }
      return HarmOrder(one.appointment, needs: one.patient.needs) < HarmOrder(other.appointment, needs: other.patient.needs)
    }
    var numbers = Set(phones)
    return scope.outbound.notices.filter { rules.obstacle(to: $0, at: now) == nil }.sorted(by: comesFirst)
      .filter { candidate in candidate.patient.phone.map { numbers.insert($0).inserted } ?? false }
  }
}

extension NoteCall {
  /// A call that is over stays as it ended; one that is placed is not placed again.
  ///
  /// - Throws: `callNotFound`.
  func decide(in scope: TelephoneScope, rules: ClinicRules, at now: Instant) throws(TelephoneRefusal) -> TelephoneDecision {
    if let notice = scope.outbound.notice {
      let noted = notice.noted(news, rules.clinic.notices, at: now)
      return TelephoneDecision(.outbound([token]), noted == notice ? [] : [.notice(noted)])
    }
    guard var call = scope.outbound.call else { throw .callNotFound }
    switch news {
    case .placed:
      guard call.state == .leased else { return TelephoneDecision(.outbound([token]), []) }
      call.state = .placed
    case .over(let outcome):
      guard call.state != .over else { return TelephoneDecision(.outbound([token]), []) }
      (call.state, call.outcome) = (.over, outcome)
    }
    call.changedAt = now
    return TelephoneDecision(.outbound([token]), [.outbound(call)])
  }
}
