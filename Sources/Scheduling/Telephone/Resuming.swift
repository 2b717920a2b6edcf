package import ClinicDomain

/// Makes a code to go on with.
package struct MakeResumeCode: Hashable, Sendable {
  package var actor: Actor
  package var folio: Folio
  /// Codes under the clinic's key, by chance; the first that nobody has is it.
  package var candidates: [[UInt8]]
  package var channel: Channel

  package init(actor: Actor, folio: Folio, candidates: [[UInt8]], channel: Channel) {
    self.actor = actor
    self.folio = folio
    self.candidates = candidates
    self.channel = channel
  }
}

/// Somebody goes on with what a code stands for.
package struct UseResumeCode: Hashable, Sendable {
  package var code: Int64
  package var channel: Channel

  package init(code: Int64, channel: Channel) {
    self.code = code
    self.channel = channel
  }
}

/// What a decision about codes reads.
package struct ResumeScope: Hashable, Sendable {
  /// The person and the appointment that is gone on with.
  package var agenda = CommandScope()
  /// For each candidate the standing code that has it, whether or not its time is over.
  package var owners: [ResumeCode?] = []
  /// The standing code of the same folio.
  package var former: ResumeCode?
  package var code: ResumeCode?

  package init() {}
}

extension MakeResumeCode {
  /// A hold is kept as long as its code stands; asking again makes another code, and no more time.
  ///
  /// - Throws: `nothingToResume` for a folio that is not of a person the actor may act for, a hold that has run out, an appointment that
  ///   is not to come; `noFreeCode`.
  func decide(in scope: TelephoneScope, rules: ClinicRules, at now: Instant) throws(TelephoneRefusal) -> TelephoneDecision {
    let resume = scope.resume
    guard let appointment = try? resume.agenda.appointment(for: actor, needing: .change, by: rules, at: now),
      let until = appointment.resumableUntil(rules, at: now)
    else { throw .nothingToResume }
    guard let place = resume.owners.firstIndex(where: { !($0?.stands(at: now) ?? false) }) else { throw .noFreeCode }
    let former = resume.former.flatMap { $0.stands(at: now) ? $0 : nil }
    let code = ResumeCode(
      id: scope.next, index: candidates[place], folio: folio, patient: appointment.patient, channel: channel, madeAt: now,
      expiresAt: former.map { min($0.expiresAt, until) } ?? until)
    var changes: [TelephoneChange] = []
    for old in [resume.former, resume.owners[place]].compactMap({ $0 }) where !changes.contains(.code(old.ended(at: now))) {
      changes.append(.code(old.ended(at: now)))
    }
    changes.append(.code(code))
    if appointment.status == .pending, let expires = appointment.holdExpiresAt, expires < code.expiresAt {
      var hold = appointment
      hold.holdExpiresAt = code.expiresAt
      hold.changedAt = now
      changes.append(.appointment(hold))
    }
    return TelephoneDecision(.code(code, candidate: place), changes)
  }
}

extension UseResumeCode {
  /// - Throws: `nothingToResume` when it is over by now.
  func decide(in scope: TelephoneScope, at now: Instant) throws(TelephoneRefusal) -> TelephoneDecision {
    guard var code = scope.resume.code, code.stands(at: now) else { throw .nothingToResume }
    code.usedAt = now
    return TelephoneDecision(.code(code, candidate: 0), [.code(code)])
  }
}

extension ResumeCode {
  fileprivate func ended(at now: Instant) -> ResumeCode {
    var code = self
    code.endedAt = now
    return code
  }
}

extension Appointment {
  /// Until when one may go on with it; `nil` for what is over.
  fileprivate func resumableUntil(_ rules: ClinicRules, at now: Instant) -> Instant? {
    guard now < rules.start(of: slot) else { return nil }
    switch status {
    case .pending:
      guard let holdExpiresAt, now < holdExpiresAt else { return nil }
      return min(max(holdExpiresAt, now.adding(seconds: TelephoneBounds.resumeHoldSeconds)), rules.start(of: slot))
    case .booked: return min(now.adding(seconds: TelephoneBounds.resumeSeconds), rules.start(of: slot))
    case .proposed, .arrived, .checkedIn, .fulfilled, .cancelled, .noshow, .waitlist, .enteredInError: return nil
    }
  }
}
