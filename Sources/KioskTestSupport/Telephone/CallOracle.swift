internal import ClinicDomain
internal import Guidance
package import IVRDialogue

/// A caller who presses anything, and a server that answers anything: what the proofs promise is looked for in what such a call does.
///
/// It knows nothing of the proofs: it plays the machine and listens. A line that the proofs take and that this one finds fault with is a
/// mistake in the proofs.
package struct CallOracle: Sendable {
  private let line: PhoneLine
  private let wording: Wording
  private let coded: Set<String>
  private let today = CivilDate(year: 2026, month: 11, day: 24)!

  package init(_ line: PhoneLine) {
    self.line = line
    wording = Wording(line)
    coded = Set(line.guides.map(\.guide).filter(\.raisesCode).map(\.id.rawValue))
  }

  /// Plays one call of at most `events` events.
  ///
  /// - Returns: what a caller was owed and did not get; `nil` when all was well.
  package func play(_ random: inout SeededGenerator, events: Int = 60) -> String? {
    let scripts = line.dialogues.filter(\.isEntry).map(\.id.rawValue) + ["menu", ""]
    let hour = AgendaMinute(minutes: random.chance(1, in: 4) ? 1300 : 600)!
    let caller = random.chance(1, in: 6) ? PhoneNumber("+13105550123") : nil
    var call = Call(line: line)
    var clinic = RehearsedClinic(today: today)
    clinic.makeAppointment()
    var ear = Ear(coded: coded)
    let script = random.pick(scripts)
    let start = CallStart(script: script, caller: caller, today: today, time: hour, notice: RehearsedClinic.notice(of: script))
    var turn = call.handle(.started(start), at: .epoch)
    var trail: [String] = []
    for _ in 0..<events {
      if let fault = ear.take(turn, at: call.whereabouts, wording) { return "\(fault): \(trail.joined(separator: " "))" }
      guard let event = next(turn.step, &clinic, &random) else { break }
      trail.append("\(call.whereabouts)·\(event.short)")
      ear.did(event, to: turn.step, wording)
      turn = call.handle(event, at: .epoch)
    }
    if case .end = turn.step { return ear.take(turn, at: call.whereabouts, wording).map { "\($0): \(trail.joined(separator: " "))" } }
    return helpFault(call, turn).map { "\($0): \(trail.joined(separator: " "))" }
  }

  /// From wherever the call stands: 0, and once more 0 where something is asked; then a person, or emergency words.
  private func helpFault(_ call: Call, _ turn: CallTurn) -> String? {
    var (call, turn, presses) = (call, turn, 0)
    for _ in 0..<40 {
      switch turn.step {
      case .say(let prompts, let keys):
        if keys == .none, wording.words(of: prompts).saysEmergency { return nil }
        // What became of an alarm: somebody of the clinic comes, or where to go at once.
        let told = [CommonTexts.Name.acknowledged, .unanswered].map { Prompt.Part.text(PromptID("linea.\($0.rawValue)")) }
        if prompts.flatMap(\.parts).contains(where: told.contains) { return nil }
        turn = call.handle(.played, at: .epoch)
      case .collect:
        guard presses < DialogueLimits.pressesToHelp else { return "más de dos teclas hasta una persona" }
        presses += 1
        turn = call.handle(.digits("0"), at: .epoch)
      case .request: turn = call.handle(.backEndAway(mayHaveHappened: false), at: .epoch)
      case .end(let result): return result == .ok ? "se acaba sin una persona" : nil
      }
    }
    return "no se llega a nadie"
  }

  private func next(_ step: CallStep, _ clinic: inout RehearsedClinic, _ random: inout SeededGenerator) -> CallEvent? {
    switch step {
    case .end: return nil
    case .say(_, let keys):
      if random.chance(1, in: 80) { return .hangUp }
      return keys != .none && random.chance(1, in: 20) ? .digits(random.pick(keys.keys.map(String.init))) : .played
    case .request(let request, _):
      if random.chance(1, in: 3) { clinic.mood = random.pick(RehearsedClinic.Mood.allCases) }
      if clinic.mood == .away, random.chance(1, in: 2) { clinic.mood = .answers }
      clinic.acknowledges = random.chance(1, in: 2)
      return clinic.answer(request)
    case .collect(_, let wanted):
      switch random.below(20) {
      case 0: return .silence
      case 1: return .digits("")
      case 2: return .digits("*")
      case 3: return .digits("9")
      case 4: return .partial("7")
      default: return keys(wanted.maximum, &random).map { .digits($0) }
      }
    }
  }

  private func keys(_ count: Int, _ random: inout SeededGenerator) -> String? {
    switch count {
    case 1: "\(random.within(1...4))"
    case 4: random.pick(["2511", "3011", "3102", "2902"])
    case 6: RehearsedClinic.code
    case 8: random.chance(3, in: 4) ? "05021990" : "05021991"
    case 9: PatientNumber(random: random.next()).description
    case 10: "5512345678"
    case 11: "12345678903"
    case 12: Folio(random: random.next()).description
    default: nil
    }
  }
}

extension CallEvent {
  fileprivate var short: String {
    switch self {
    case .digits(let keys): keys.isEmpty ? "#" : keys
    case .partial(let keys): "\(keys)…"
    case .silence: "calla"
    case .played: "oye"
    case .hangUp: "cuelga"
    case .answer(let answer): "\(answer)".split(separator: "(").first.map(String.init) ?? ""
    case .backEndAway: "caído"
    case .started, .deadPrompt, .shutdown: "\(self)"
    }
  }
}
