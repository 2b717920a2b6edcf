internal import ClinicDomain
internal import Guidance

extension Call {
  /// Asks a step's question, with what was to be heard before it.
  mutating func ask(_ step: Step) -> CallStep {
    doing = .asking(step)
    patience.askAnew()
    defer { pending = [] }
    return .collect(pending + question(of: step), wanted(at: step))
  }

  /// The question again, with something before it.
  private mutating func askAgain(_ step: Step, after prompts: [Prompt?]) -> CallStep {
    .collect(prompts.compactMap { $0 } + question(of: step), wanted(at: step))
  }

  private func wanted(at step: Step) -> Wanted {
    if case .field(let field) = step.kind { return wanted(field.kind.digits) }
    return wanted(1)
  }

  func wanted(_ digits: Int) -> Wanted {
    let factor = patience.isDoubled ? 2 : 1
    return Wanted(
      maximum: digits, firstKey: factor * line.timing.firstKey, betweenKeys: factor * line.timing.betweenKeys, absorbsMore: digits > 1)
  }

  // MARK: - Keys

  mutating func pressed(_ keys: String, isComplete: Bool, at now: Instant) -> CallStep? {
    switch doing {
    case .lastWords(let result): return pressedInLastWords(keys, result)
    case .asking, .askingInGuide: break
    case .awaitingAlarm, .findingForGuide: return keys == "0" ? zero(at: now) : nil
    case .requesting(let request): return keys == "0" && !request.kind.writes ? zero(at: now) : nil
    case .nothing, .emergencyWords, .emergencyWordsInGuide, .closing, .promising, .ended: return nil
    }
    // What stands everywhere. A number may begin with 0 or 9: only alone they mean this.
    if keys.contains("*") { return repeated() }
    if keys == "0" { return zero(at: now) }
    if keys == "9" { return toLanguages() }
    switch doing {
    case .askingInGuide(let offered): return pressedInGuide(keys, offered, at: now)
    case .asking(let step):
      switch step.kind {
      case .menu(let menu): return chose(keys, menu, step)
      case .field(let field): return typed(keys, field, step)
      case .say, .request, .guide, .branch, .dialogue, .back, .language, .end: return nil
      }
    default: return nil
    }
  }

  private mutating func pressedInLastWords(_ keys: String, _ result: CallResult) -> CallStep? {
    if keys == "0" { return result == .person ? finish(.person) : toPerson() }
    if keys == "9" { return toLanguages() }
    patience.repetitions += 1
    return patience.repetitions > DialogueLimits.repetitions ? finish(result) : nil
  }

  /// `*`: the step in hand once more, without penalty.
  private mutating func repeated() -> CallStep {
    patience.repetitions += 1
    return patience.repetitions > DialogueLimits.repetitions ? toPerson() : repeatQuestion()
  }

  mutating func repeatQuestion() -> CallStep { step }

  private mutating func chose(_ keys: String, _ menu: Menu, _ step: Step) -> CallStep {
    if keys.isEmpty, let dontKnow = menu.dontKnow ?? menu.options.first(where: \.isDontKnow)?.destination { return goOn(to: dontKnow) }
    guard let option = menu.options.first(where: { "\($0.key)" == keys }) else { return wasWrong(step, .noMatch) }
    switch option.action {
    case .go(let next): return goOn(to: next)
    case .nextOne:
      memory.offered += 1
      // The list's own length bounds this.
      if let place { visits[place, default: 1] -= 1 }
      return walk()
    }
  }

  private mutating func typed(_ keys: String, _ field: Field, _ step: Step) -> CallStep {
    if keys.isEmpty { return goOn(to: field.dontKnow) }
    guard keys.count == field.kind.digits else { return wasWrong(step, .wrongLength) }
    if let fault = memory.take(keys, field.kind) { return wasWrong(step, fault) }
    return goOn(to: field.next)
  }

  // MARK: - What was not understood

  mutating func wasSilent() -> CallStep? {
    patience.silences += 1
    patience.isDoubled = true
    switch doing {
    case .asking(let step):
      // Who says nothing to the survey has said enough: nobody waits for a person because of it.
      if place?.dialogue == .survey, case .menu(let menu) = step.kind, let end = menu.dontKnow { return goOn(to: end) }
      guard patience.silences + patience.wrong < DialogueLimits.failures else {
        // Whom the clinic calls and who never presses anything is an answering machine as a rule: no person waits for it.
        return memory.start?.notice == nil ? toPerson() : farewell(.ok)
      }
      if patience.silences == 1 { return askAgain(step, after: [common(.noInput)]) }
      return askAgain(step, after: [common(.noInputAgain)] + example(of: step))
    case .askingInGuide(let keys): return notUnderstoodInGuide(keys, patience.silences == 1 ? .noInput : .noInputAgain)
    case .nothing, .emergencyWords, .emergencyWordsInGuide, .closing, .lastWords, .requesting, .findingForGuide, .awaitingAlarm, .promising,
      .ended: return nil
    }
  }

  private mutating func wasWrong(_ step: Step, _ text: CommonTexts.Name) -> CallStep {
    patience.wasWrong()
    guard patience.silences + patience.wrong < DialogueLimits.failures else { return toPerson() }
    if patience.wrong == 1 { return askAgain(step, after: [common(text)]) }
    let more = text == .noMatch ? [common(.noMatchAgain)] : [common(text), common(.noMatchAgain)]
    return askAgain(step, after: more + example(of: step))
  }
}

extension Menu.Option {
  /// Where it leads, unless to the list's next one.
  var destination: StepID? { if case .go(let step) = action { step } else { nil } }
}

extension CallMemory {
  /// Keeps what was typed, checked; or says what to tell the caller, and keeps nothing.
  ///
  /// - Precondition: as many digits as the kind has.
  mutating func take(_ keys: String, _ kind: FieldKind) -> CommonTexts.Name? {
    guard let today = start?.today, keys.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return .noMatch }
    switch kind {
    case .nss:
      guard let nss = NSS(keys) else { return .wrongDigits }
      identity = .nss(nss)
    case .patientNumber:
      guard let number = PatientNumber(keys) else { return .wrongDigits }
      identity = .patientNumber(number)
    case .birthDate:
      guard let date = try? BirthDate(parsing: keys, today: today) else { return .noSuchDate }
      birthDate = date.date
    case .ordinal:
      guard let number = Int(keys), (1...max(1, people ?? 9)).contains(number) else { return .noMatch }
      ordinal = number
    case .folio:
      guard let folio = Folio(keys) else { return .wrongDigits }
      givenFolio = folio
    case .code: code = keys
    case .date:
      guard let date = Self.next(keys, from: today) else { return .noSuchDate }
      askedDate = date
    case .phone:
      guard keys.first != "0" else { return .wrongDigits }
      phone = keys
    }
    if kind == .nss || kind == .patientNumber { ordinal = nil }
    return nil
  }

  /// The first day from today on that DDMM names; the 29th of February within the next years.
  private static func next(_ keys: String, from today: CivilDate) -> CivilDate? {
    (0...8).lazy.compactMap { CivilDate(ddmmyyyy: keys + String(today.year + $0)) }.first { $0 >= today }
  }
}
