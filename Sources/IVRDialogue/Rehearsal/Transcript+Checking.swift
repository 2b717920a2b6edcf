internal import ClinicDomain
internal import Guidance

extension Transcript {
  /// Plays the transcript on a line; the first thing that is not as written, or `nil`.
  package func check(on line: PhoneLine) -> Failure? {
    var play: Rehearsal?
    var clinic: RehearsedClinic?
    // What has been heard and is not accounted for.
    var unheard: [String] = []
    for entry in lines {
      func fail(_ message: String) -> Failure { Failure(line: entry.number, message: message) }
      if case .call(let start) = entry.what {
        // What stands before the first act of the caller belongs to the clinic as it is when the call begins.
        var begun = RehearsedClinic(today: start.today)
        for other in lines.dropFirst() {
          guard other.isBeforeTheCall else { break }
          begun.take(other.what)
        }
        clinic = begun
        play = Rehearsal(line, start, clinic: begun)
        unheard = play!.heard.map(\.words)
        continue
      }
      guard var rehearsal = play, clinic != nil else { return fail("primero va llamada:") }
      defer { play = rehearsal }
      switch entry.what {
      case .call: break
      case .system, .hasAppointment, .staff:
        if !isBeforeTheFirstAct(entry) { rehearsal.clinic.take(entry.what) }
      case .hears(let words):
        guard let next = unheard.first, let rest = next.after(words) else {
          return fail("no se oye \"\(words)\"; se oye \"\(unheard.joined(separator: " / "))\"")
        }
        if rest.isEmpty { unheard.removeFirst() } else { unheard[0] = rest }
      case .hearsNot(let words):
        if rehearsal.heard.contains(where: { $0.words.after(words) != nil }) { return fail("se oye \"\(words)\"") }
      case .presses(let keys):
        guard rehearsal.ended == nil else { return fail("la llamada ya terminó (\(rehearsal.ended!.words))") }
        rehearsal.press(keys)
        unheard = rehearsal.heard.map(\.words)
      case .silent:
        rehearsal.beSilent()
        unheard = rehearsal.heard.map(\.words)
      case .hangsUp:
        rehearsal.happen(.hangUp)
        unheard = []
      case .alarm(let sign):
        let signs = rehearsal.effects.compactMap { effect in if case .raiseAlarm(let notice) = effect { notice.alarm.sign.rawValue } else { nil } }
        if !signs.contains(sign) { return fail("no hay alarma \(sign); hay: \(signs.joined(separator: ", "))") }
      case .asks(let kind):
        if !rehearsal.asked.contains(where: { $0.kind == kind }) {
          return fail("no se pide \(kind.rawValue); se pide: \(rehearsal.asked.map { $0.kind?.rawValue ?? "acuse" }.joined(separator: ", "))")
        }
      case .givesBack:
        let gives = rehearsal.effects.contains { if case .giveBack = $0 { true } else { false } }
        if !gives { return fail("no se devuelve lo apartado") }
      case .ends(let result):
        guard rehearsal.ended == result else { return fail("la llamada \(rehearsal.ended.map { "termina en \($0.words)" } ?? "no ha terminado")") }
      }
    }
    return nil
  }

  private func isBeforeTheFirstAct(_ entry: Line) -> Bool {
    lines.dropFirst().prefix { $0.isBeforeTheCall }.contains(entry)
  }
}

extension Transcript.Line {
  /// Whether it says how the clinic is, and not what happens.
  fileprivate var isBeforeTheCall: Bool {
    switch what {
    case .system, .hasAppointment, .staff: true
    case .call, .hears, .hearsNot, .presses, .silent, .hangsUp, .alarm, .asks, .givesBack, .ends: false
    }
  }
}

extension RehearsedClinic {
  fileprivate mutating func take(_ what: Transcript.What) {
    switch what {
    case .system(let mood): self.mood = mood
    case .hasAppointment: makeAppointment()
    case .staff(let acknowledges): self.acknowledges = acknowledges
    case .call, .hears, .hearsNot, .presses, .silent, .hangsUp, .alarm, .asks, .givesBack, .ends: break
    }
  }
}

extension CallResult {
  /// As a transcript has it.
  package var words: String { self == .gone ? "cuelga" : rawValue }
}

extension BackEndRequest {
  /// By its word in a dialogue's file; `nil` for the wait after an alarm, which no file asks for.
  package var kind: RequestKind? {
    switch self {
    case .identify: .identify
    case .find: .find
    case .hold: .hold
    case .book: .book
    case .cancel: .cancel
    case .confirm: .confirm
    case .reschedule: .reschedule
    case .list: .list
    case .status: .status
    case .leaveCallback: .callback
    case .resume: .resume
    case .awaitAlarm: nil
    }
  }
}

extension String {
  /// What follows once the words are found, in order; `…` in them is anything. They begin where this begins, unless with `…`.
  fileprivate func after(_ words: String) -> String? {
    var rest = self[...].drop { $0.isWhitespace }
    var isAnywhere = words.hasPrefix("…")
    for fragment in words.split(separator: "…").map({ String($0).trimmedSpaces }) where !fragment.isEmpty {
      if isAnywhere {
        guard let found = rest.firstRange(of: fragment) else { return nil }
        rest = rest[found.upperBound...]
      } else {
        guard rest.hasPrefix(fragment) else { return nil }
        rest = rest.dropFirst(fragment.count)
      }
      isAnywhere = true
    }
    return words.hasSuffix("…") ? "" : String(rest.drop { $0.isWhitespace })
  }
}

extension Substring {
  /// Foundation has this; a pure room does not.
  fileprivate func firstRange(of other: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(other) { return start..<index(start, offsetBy: other.count) }
      start = index(after: start)
    }
    return other.isEmpty ? startIndex..<startIndex : nil
  }
}
