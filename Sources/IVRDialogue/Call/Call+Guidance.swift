internal import ClinicDomain
internal import Guidance

extension Call {
  /// The guide that is played.
  var guide: Guide { line[session!.edition.guide]!.guide }

  /// Changes the session in its guide; `nil` when none is played.
  @discardableResult
  mutating func inGuide<Value>(_ change: (inout GuidanceSession, Guide) -> Value) -> Value? {
    guard var session else { return nil }
    let value = change(&session, guide)
    self.session = session
    return value
  }

  /// Begins a guide, or goes on with it after it was known who calls.
  mutating func play(_ id: GuideID) -> CallStep {
    if let session, session.edition.guide == id {
      inGuide { $0.wentOn(in: $1) }
      return walkGuide()
    }
    guard let played = line[id] else { return toPerson() }
    session = GuidanceSession(played.guide, hash: played.hash, language: language)
    return walkGuide()
  }

  /// From where the guide stands to the next thing that needs the caller or the back end.
  mutating func walkGuide() -> CallStep {
    for _ in 0..<DialogueLimits.stepsBetweenQuestions {
      guard let session else { break }
      switch session.step(in: guide) {
      case .say(let keys, let emergency):
        hear(keys)
        if emergency != nil { return say(stoppedBy: .none, .emergencyWordsInGuide) }
        inGuide { $0.wentOn(in: $1) }
      case .ask(let keys, let offered): return ask(keys, offered)
      case .identify(let keys):
        hear(keys)
        guard !memory.isIdentified, let place, returns.count < DialogueLimits.depth else {
          inGuide { $0.wentOn(in: $1) }
          continue
        }
        returns.append(place)
        go(to: .identification)
        return walk()
      case .offer(let disposition, let keys):
        hear(keys)
        return find(disposition)
      case .end(let ending, let keys): return close(ending, keys)
      }
    }
    return toPerson()
  }

  private mutating func hear(_ keys: [TextKey]) {
    guard !keys.isEmpty else { return }
    pending.append(contentsOf: keys.map { Prompt(language, [.text(PromptID($0))]) })
  }

  // MARK: - Questions

  private mutating func ask(_ keys: [TextKey], _ offered: [Int]) -> CallStep {
    doing = .askingInGuide(keys: offered)
    patience.askAnew()
    hear(keys)
    defer { pending = [] }
    return .collect(pending, wanted(1))
  }

  mutating func pressedInGuide(_ keys: String, _ offered: [Int], at now: Instant) -> CallStep {
    // `#` is "no sé": every question of a guide has a key for it.
    let meant = keys.isEmpty ? dontKnowKey : Int(keys)
    guard let key = meant, offered.contains(key), case .taken(let alarm)? = inGuide({ $0.pressed(key, at: now, in: $1) }) else {
      patience.wasWrong()
      return notUnderstoodInGuide(offered, patience.wrong == 1 ? .noMatch : .noMatchAgain)
    }
    if let alarm, let session {
      effects.append(.raiseAlarm(AlarmNotice(edition: session.edition, alarm: alarm)))
      hasUnansweredAlarm = true
    }
    return walkGuide()
  }

  private var dontKnowKey: Int? {
    guard case .at(let node)? = session?.state else { return nil }
    return guide[node]?.answers.first { $0.meaning == .dontKnow }?.key
  }

  mutating func zero(at now: Instant) -> CallStep {
    inGuide { _ = $0.pressed(0, at: now, in: $1) }
    return toPerson()
  }

  mutating func notUnderstoodInGuide(_ offered: [Int], _ text: CommonTexts.Name) -> CallStep {
    guard patience.silences + patience.wrong < DialogueLimits.failures else { return toPerson() }
    guard let session, case .ask(let keys, _) = session.step(in: guide) else { return toPerson() }
    let question = keys.map { Prompt(language, [.text(PromptID($0))]) }
    let isSecond = text == .noInputAgain || text == .noMatchAgain
    let example = isSecond ? [common(.forExample), question.dropFirst().first].compactMap { $0 } : []
    return .collect([common(text)].compactMap { $0 } + example + question, wanted(1))
  }

  // MARK: - Ends

  /// A date within the guide's term, of nobody in particular: who calls is asked afterwards, and only when there is one.
  private mutating func find(_ disposition: Disposition) -> CallStep {
    guard let term = disposition.term, let today = memory.start?.today else { return foundForGuide(.noSlots) }
    doing = .findingForGuide
    memory.service = term.service
    let search = SlotSearch(service: term.service, latest: latest(of: term, from: today), limit: DialogueLimits.slots)
    return .request(.find(search), moment: [common(.oneMoment)].compactMap { $0 })
  }

  /// The last day that answers: of a pregnant person not one after the clinic's days, whatever the guide allows.
  private func latest(of term: AppointmentTerm, from today: CivilDate) -> CivilDate {
    let last = line.lastDay(of: term, from: today)
    guard session?.isPregnant == true, let days = line.maternity?.days else { return last }
    return min(last, today.advanced(by: days))
  }

  mutating func foundForGuide(_ answer: BackEndAnswer) -> CallStep {
    guard let session, case .offer(let disposition, _) = session.step(in: guide) else { return toPerson() }
    let latest = disposition.term.flatMap { term in memory.start.map { start in self.latest(of: term, from: start.today) } }
    var slots: [OfferedSlot] = []
    if case .slots(let found) = answer { slots = found.filter { latest.map($0.slot.date.isNotAfter) ?? true } }
    guard !slots.isEmpty, let place, case .guide(_, let date?)? = line[place.dialogue]?[place.step]?.kind else {
      // What was promised is not said when there is none.
      pending = []
      inGuide { $0.foundNoPlace(in: $1) }
      return walkGuide()
    }
    memory.offer(slots)
    if session.isPregnant { memory.pregnancyUntil = latest }
    inGuide { $0.tookTheOffer(in: $1) }
    keepRecord()
    return goOn(to: date)
  }

  private mutating func close(_ ending: GuidanceSession.Ending, _ keys: [TextKey]) -> CallStep {
    guard case .disposition(_, let disposition) = ending else {
      if ending == .noWords { return closeWithoutWords() }
      return toPerson()
    }
    let isInfarction = session?.alarms.contains { $0.code == .infarto } ?? false
    if disposition != .emergency911, disposition != .urgencias, owesOnDuty { return askOnDuty() }
    keepRecord()
    switch disposition {
    case .emergency911: return sayAndClose(keys, .result(.emergency), isInfarction: isInfarction)
    case .urgencias: return sayAndClose(keys, .result(.ok), isInfarction: isInfarction)
    case .person, .noPlace, .appointment, .teleconsultation:
      // "Le comunico con una persona" is not said when nobody answers: the dialogue of that name tells the truth.
      if isStaffed { hear(keys) }
      return close(.person)
    case .callback(let minutes): return leaveCallback(within: minutes, after: keys)
    // Its data are too many for a telephone's keys: who is on duty calls and asks for them, and sees what the guide ended in.
    case .homeVisit: return leaveCallback(within: DialogueLimits.homeVisitMinutes, after: keys)
    }
  }

  /// A clinician's call, written down with its guide, its owner and its deadline.
  private mutating func leaveCallback(within minutes: Int, after keys: [TextKey]) -> CallStep {
    hear(keys)
    memory.clinicianWithin = minutes
    returns = []
    go(to: .callback)
    return walk()
  }

  private mutating func closeWithoutWords() -> CallStep {
    return handOver(for: language)
  }

  private mutating func sayAndClose(_ keys: [TextKey], _ closing: Closing, isInfarction: Bool) -> CallStep {
    hear(keys)
    if isInfarction, let unit = line.infarctionUnit { pending.append(unit.prompt) }
    return say(stoppedBy: .none, .closing(closing))
  }

  /// After an alarm whether somebody has taken note of it; then the end.
  mutating func close(_ closing: Closing) -> CallStep {
    guard hasUnansweredAlarm else { return carryOut(closing) }
    doing = .awaitingAlarm(then: closing)
    return .request(.awaitAlarm(seconds: DialogueLimits.alarmSeconds), moment: [common(.alerting)].compactMap { $0 })
  }

  /// "Ya vienen" only when a person has said so.
  mutating func alarmWasAnswered(_ isAcknowledged: Bool, _ closing: Closing) -> CallStep {
    hasUnansweredAlarm = false
    let name: CommonTexts.Name = isAcknowledged ? .acknowledged : .unanswered
    hear(line.texts[name], "linea.\(name.rawValue)")
    return carryOut(closing)
  }

  private mutating func carryOut(_ closing: Closing) -> CallStep {
    switch closing {
    case .result(let result): return end(result)
    case .person:
      guard !isStaffed else { return end(.person) }
      let told = pending
      returns = []
      go(to: .person)
      pending = told
      return walk()
    }
  }

  /// The record of the guide goes with its end, whatever ends it.
  mutating func keepRecord() {
    if let session { effects.append(.keepRecord(session)) }
    session = nil
  }
}

extension CivilDate {
  fileprivate func isNotAfter(_ other: CivilDate) -> Bool { self <= other }
}
