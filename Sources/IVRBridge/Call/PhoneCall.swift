internal import ClinicDomain
internal import FastAGI
internal import Guidance
internal import IVRDialogue
internal import Logging

/// One call, from the environment to the close: asks the dialogue, does what it says, tells it what came of it.
struct PhoneCall: Sendable {
  let line: AGILine
  let number: Int
  let decider: @Sendable () -> any CallDeciding
  let backEnd: any BackEnd
  let sounds: SoundLibrary
  let joiner: SoundJoiner?
  let clock: CallClock
  let clues: CLUES?
  let limits: BridgeLimits
  let figures: BridgeFigures
  let logger: Logger

  /// The variable that the dialplan goes on by; set last, so that a bridge that dies before leaves the caller to a person.
  static let resultVariable = "IVR_RESULTADO"

  /// Serves the call to its end. What it still held is given back when this returns.
  func run() async -> CallEnding {
    let errands = Errands(backEnd)
    async let _: Void = stayAlive()
    let ending = await converse(errands)
    await line.close()
    await errands.settled()
    await backEnd.close()
    return ending
  }

  private func stayAlive() async {
    while (try? await Task.sleep(for: limits.keepAlive)) != nil { await backEnd.stayAlive() }
  }

  // MARK: The conversation

  private func converse(_ errands: Errands) async -> CallEnding {
    let begun = ContinuousClock.now
    var player = Player(line: line, figures: figures, begun: begun)
    var event: CallEvent
    do throws(LineEnd) {
      let environment = try await line.begin()
      guard isForThisClinic(environment) else { return await end(.person, after: .shutdown) }
      event = .started(start(environment))
    } catch { return .notBegun }
    do throws(CallStop) { _ = try await player.result(of: .answer) } catch { event = outcome(of: error) }
    var dialogue = decider()
    var (missing, wasToldOfTheEnd) = (0, false)
    for _ in 0..<limits.stepsPerCall {
      let (place, wrongKeys) = (dialogue.whereCounted, dialogue.wrongKeys)
      let turn = dialogue.handle(event, at: clock.now())
      if dialogue.wrongKeys > wrongKeys { figures.count { $0.wrongKeys[place, default: 0] += 1 } }
      for effect in turn.effects { errands.add(effect) }
      if case .end(let result) = turn.step { return await end(result, after: event) }
      player.yields = !wasToldOfTheEnd && turn.step.mayBeCutShort
      do throws(CallStop) { event = try await outcome(of: turn.step, errands, &player) } catch {
        event = outcome(of: error)
        if case .missing = error { missing += 1 }
      }
      count(event, at: dialogue.whereCounted)
      if missing >= limits.missingSounds, event == .deadPrompt { break }
      if event == .shutdown { wasToldOfTheEnd = true }
    }
    logger.error("el diálogo no termina, o le faltan sonidos: la llamada pasa a una persona", metadata: ["llamada": "\(number)"])
    return await end(.person, after: event)
  }

  private func count(_ event: CallEvent, at place: String) {
    switch event {
    case .silence: figures.count { $0.silences[place, default: 0] += 1 }
    case .hangUp: figures.count { $0.hangUps[place, default: 0] += 1 }
    default: break
    }
  }

  /// Whether the dialplan's `?clinica=CLUES` names no other clinic.
  private func isForThisClinic(_ environment: AGIEnvironment) -> Bool {
    guard let clues, let asked = environment.query("clinica").flatMap(CLUES.init), asked != clues else { return true }
    logger.error("la llamada es para otra clínica: pasa a una persona; revise VENTANILLA_CLUES", metadata: ["llamada": "\(number)"])
    return false
  }

  private func start(_ environment: AGIEnvironment) -> CallStart {
    let (date, minute) = clock.wall(clock.now())
    let language = (environment["agi_language"] ?? "es").prefix { $0 != "_" && $0 != "-" }.lowercased()
    return CallStart(
      script: environment.script ?? "", language: Language(language.isEmpty ? "es" : language),
      caller: environment["agi_callerid"].flatMap { PhoneNumber($0) }, today: date, time: minute,
      notice: environment["agi_arg_1"].flatMap { $0.isEmpty ? nil : $0 })
  }

  private func outcome(
    of step: CallStep, _ errands: Errands, _ player: inout Player
  ) async throws(CallStop) -> CallEvent {
    switch step {
    case .say(let prompts, _), .collect(let prompts, _): return try await hear(sounds.sounds(of: prompts), step, &player)
    case .request(let request, let moment):
      return try await Company(call: self, moment: sounds.sounds(of: moment), errands: errands).untilAnswered(request, &player)
    case .end: preconditionFailure("an end has no outcome")
    }
  }

  /// As one file where that can be made; else, or where Asterisk does not find it, sound by sound.
  private func hear(_ all: [Sound], _ step: CallStep, _ player: inout Player) async throws(CallStop) -> CallEvent {
    guard let joined = await joiner?.joined(all) else { return try await take(step, all, &player) }
    defer { joined.remove() }
    logger.debug("suena", metadata: ["llamada": "\(number)", "sonido": "\(joined.name)"])
    do throws(CallStop) { return try await take(step, [joined.sound], &player) } catch {
      guard case .missing = error else { throw error }
      joiner?.wasNotSeen()
      return try await take(step, all, &player)
    }
  }

  private func take(_ step: CallStep, _ sounds: [Sound], _ player: inout Player) async throws(CallStop) -> CallEvent {
    switch step {
    case .say(_, let keys): try await player.play(sounds, stoppedBy: keys).map { .digits(String($0)) } ?? .played
    case .collect(_, let wanted): try await player.collect(sounds, wanted)
    case .request, .end: preconditionFailure("nothing is heard in a request or at the end")
    }
  }

  private func outcome(of stop: CallStop) -> CallEvent {
    switch stop {
    case .ended(.hungUp), .ended(.closed): return .hangUp
    case .ended(let end):
      logger.warning("la llamada se perdió", metadata: ["llamada": "\(number)", "falla": "\(end)"])
      return .hangUp
    case .missing(let sound):
      logger.error("falta un sonido en el disco de Asterisk", metadata: ["llamada": "\(number)", "sonido": "\(sound)"])
      return .deadPrompt
    case .notUnderstood(let command):
      logger.error("Asterisk no entendió una orden", metadata: ["llamada": "\(number)", "orden": "\(command)"])
      return .deadPrompt
    case .interrupted: return .shutdown
    }
  }

  /// Says how the dialplan goes on, and closes: in this order, and nothing after.
  private func end(_ result: CallResult, after event: CallEvent) async -> CallEnding {
    if result == .gone || event == .hangUp { return event == .hangUp ? .hungUp : .lost }
    guard case .reply(.result) = try? await line.send(.setVariable(Self.resultVariable, result.rawValue)) else { return .lost }
    switch result {
    case .ok: return .done
    case .person: return .person
    case .emergency: return .emergency
    case .gone: return .hungUp
    }
  }
}

extension CallStep {
  /// Whether it may be left in the middle when the bridge ends: not an emergency's words, and not a request, whose outcome counts.
  fileprivate var mayBeCutShort: Bool {
    switch self {
    case .say(_, let keys): keys != .none
    case .collect: true
    case .request, .end: false
    }
  }
}
