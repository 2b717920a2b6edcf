package import ClinicDomain

extension RequestCallback {
  /// A number that waits for a call already gets the promise that it has: nobody is called twice. A pregnant person's is made as near as hers,
  /// and is never refused, however many wait.
  func decide(
    in scope: TelephoneScope, rules: ClinicRules, at now: Instant, folio: Folio
  ) throws(TelephoneRefusal) -> TelephoneDecision {
    if reason == .pregnancy { return .callback(promise(in: scope, rules: rules, at: now, folio: folio)) }
    if let known = scope.samePhone { return .callback(known, isNew: false) }
    guard let phone else { throw .noNumber }
    guard scope.waiting < TelephoneBounds.waiting else { throw .tooManyWaiting }
    let due = rules.callbackDeadline(after: now, openMinutes: withinMinutes ?? TelephoneBounds.minutes(for: reason))
    return .callback(
      Callback(
        folio: folio, phone: phone, reason: reason, patient: patient, guidance: guidance, channel: channel,
        owner: .post(TelephoneBounds.post(for: reason)), requestedAt: now, dueAt: due, changedAt: now))
  }

  /// Who is on duty owes an answer. What she waits for already becomes theirs; one of theirs that is not over stays as it is.
  private func promise(in scope: TelephoneScope, rules: ClinicRules, at now: Instant, folio: Folio) -> Callback {
    let (owner, due) = rules.onDutyPromise(at: now)
    guard var known = scope.samePhone else {
      return Callback(
        folio: folio, phone: phone, reason: reason, patient: patient, guidance: guidance, channel: channel, owner: owner, requestedAt: now,
        dueAt: due, changedAt: now)
    }
    // Where she can be called now.
    let number = phone ?? known.phone
    if known.reason == .pregnancy, known.dueAt > now {
      guard number != known.phone else { return known }
      (known.phone, known.changedAt) = (number, now)
      return known
    }
    // What was promised sooner stays so, and who has taken the call keeps it.
    let promised = known.dueAt > now ? min(known.dueAt, due) : due
    (known.phone, known.reason, known.dueAt, known.escalation, known.changedAt) = (number, reason, promised, nil, now)
    if known.state != .taken { (known.owner, known.state) = (owner, .open) }
    known.patient = patient ?? known.patient
    return known
  }
}

extension ClinicRules {
  /// Who answers a pregnant person now, and by when: minutes of the world's clock, 30 at most, whether or not the clinic is open.
  ///
  /// Where the clinic has no roster it is the doctor or nurse on duty, who has no name here.
  package func onDutyPromise(at now: Instant) -> (owner: Callback.Owner, due: Instant) {
    guard let policy = clinic.maternity else {
      return (.post(.clinician), now.adding(seconds: 60 * MaternityPolicy.maximumAnswerMinutes))
    }
    let local = zone.local(of: now)
    return (.onDuty(policy.onDuty(on: local.date, at: local.minute).title), now.adding(seconds: 60 * policy.answerMinutes))
  }
}

extension Callback {
  /// It is this member of staff's. Taking one's own again changes nothing.
  ///
  /// - Throws: `takenByAnother`, unless it has escalated.
  func taken(by name: StaffName, at now: Instant) throws(TelephoneRefusal) -> TelephoneDecision {
    if isOwned(by: name) { return .callback(self, isNew: false) }
    guard state == .open || escalation != nil else { throw .takenByAnother }
    return .callback(changed(at: now) { callback in
      callback.state = .taken
      callback.owner = .staff(name.text)
    })
  }

  /// One attempt more. The last at which nobody answered gives the call to the supervisor.
  ///
  /// - Throws: `notYours`, `attemptsSpent`.
  func tried(_ attempt: NoteAttempt, as id: Int64, at now: Instant) throws(TelephoneRefusal) -> TelephoneDecision {
    guard isOwned(by: attempt.by) else { throw .notYours }
    guard attempts < TelephoneBounds.attemptsInAll else { throw .attemptsSpent }
    let callback = changed(at: now) { callback in
      callback.attempts += 1
      callback.wasAnswered = callback.wasAnswered || attempt.result == .answered
      let isUnreached = callback.attempts >= TelephoneBounds.attempts && !callback.wasAnswered
      guard isUnreached, callback.escalation?.reason != .unreached else { return }
      callback.escalation = Escalation(at: now, reason: .unreached)
      callback.state = .open
      callback.owner = .post(.supervisor)
    }
    let row = CallbackAttempt(
      id: id, callback: folio, number: callback.attempts, at: now, by: attempt.by.text, result: attempt.result)
    return TelephoneDecision(.callback(callback), [.callback(callback), .attempt(row)])
  }

  /// It is over, and how is written down; the number is forgotten, and which guidance led to it.
  ///
  /// - Throws: `notYours`; `notUnreachedYet` for who could not be reached before all attempts were made; `notSpokenYet` for every other
  ///   outcome while nobody has answered.
  func closed(_ close: CloseCallback, at now: Instant) throws(TelephoneRefusal) -> TelephoneDecision {
    guard isOwned(by: close.by) else { throw .notYours }
    if close.outcome == .unreached {
      guard escalation?.reason == .unreached || attempts >= TelephoneBounds.attempts && !wasAnswered else { throw .notUnreachedYet }
    } else {
      guard wasAnswered else { throw .notSpokenYet }
    }
    return .callback(over(close.outcome, at: now))
  }

  /// There is nothing to call about any more: the clinic took the call on for something that it has taken back.
  package func notNeeded(at now: Instant) -> Callback { over(.notNeeded, at: now) }

  private func over(_ outcome: Outcome, at now: Instant) -> Callback {
    changed(at: now) { callback in
      callback.state = .closed
      callback.closing = Closing(at: now, outcome: outcome)
      callback.phone = nil
      callback.guidance = nil
    }
  }

  /// The deadline has passed: the supervisor sees it, and owns it when nobody has taken it. Before its time nothing changes.
  func escalatedLate(at now: Instant) -> TelephoneDecision {
    guard state != .closed, escalation == nil, dueAt <= now else { return .callback(self, isNew: false) }
    return .callback(changed(at: now) { callback in
      callback.escalation = Escalation(at: now, reason: .late)
      if callback.state == .open { callback.owner = .post(.supervisor) }
    })
  }

  private func isOwned(by name: StaffName) -> Bool { state == .taken && owner == .staff(name.text) }

  private func changed(at now: Instant, _ change: (inout Callback) -> Void) -> Callback {
    var callback = self
    change(&callback)
    callback.changedAt = now
    return callback
  }
}
