internal import ClinicDomain
internal import Guidance

extension Transcript {
  /// Plays the transcript on a line; the first thing that is not as written, or `nil`.
  package func check(on line: PhoneLine) -> Failure? {
    guard case .call(let start)? = lines.first?.what else { return Failure(line: 1, message: "primero va llamada:") }
    // What stands before the first act of the caller is how the clinic is when the call begins.
    let body = lines.dropFirst()
    let before = body.prefix { $0.isAboutTheClinic }
    var clinic = RehearsedClinic(today: start.today)
    for entry in before { clinic.take(entry.what) }
    var play = TranscriptPlay(Rehearsal(line, start, clinic: clinic))
    for entry in body.dropFirst(before.count) {
      if let message = play.fault(entry.what) { return Failure(line: entry.number, message: message) }
    }
    return nil
  }
}

/// A transcript on its way.
private struct TranscriptPlay {
  var rehearsal: Rehearsal
  /// What has been heard and is not accounted for.
  var unheard: [String]

  init(_ rehearsal: Rehearsal) {
    self.rehearsal = rehearsal
    unheard = rehearsal.heard.map(\.words)
  }

  /// What is not as written; `nil` when it is.
  mutating func fault(_ what: Transcript.What) -> String? {
    switch what {
    case .call: return "una llamada por archivo"
    case .system, .hasAppointment, .staff:
      rehearsal.clinic.take(what)
      return nil
    case .presses, .silent, .hangsUp: return act(what)
    case .hears(let words): return hears(words)
    case .hearsNot(let words): return rehearsal.heard.contains { $0.words.after(words) != nil } ? "se oye \"\(words)\"" : nil
    case .alarm(let sign):
      let signs = rehearsal.effects.compactMap(\.alarm)
      return signs.contains(sign) ? nil : "no hay alarma \(sign); hay: \(signs.joined(separator: ", "))"
    case .asks(let kind):
      let asked = rehearsal.asked.map { $0.kind?.rawValue ?? "acuse" }
      return asked.contains(kind.rawValue) ? nil : "no se pide \(kind.rawValue); se pide: \(asked.joined(separator: ", "))"
    case .givesBack: return rehearsal.effects.contains(where: \.givesBack) ? nil : "no se devuelve lo apartado"
    case .ends(let result):
      guard let ended = rehearsal.ended else { return "la llamada no ha terminado" }
      return ended == result ? nil : "la llamada termina en \(ended.words)"
    }
  }

  private mutating func act(_ what: Transcript.What) -> String? {
    if let ended = rehearsal.ended { return "la llamada ya terminó (\(ended.words))" }
    if case .presses(let keys) = what {
      rehearsal.press(keys)
    } else if what == .silent {
      rehearsal.beSilent()
    } else {
      rehearsal.happen(.hangUp)
    }
    unheard = rehearsal.heard.map(\.words)
    return nil
  }

  private mutating func hears(_ words: String) -> String? {
    guard let next = unheard.first, let rest = next.after(words) else {
      return "no se oye \"\(words)\"; se oye \"\(unheard.joined(separator: " / "))\""
    }
    if rest.isEmpty { unheard.removeFirst() } else { unheard[0] = rest }
    return nil
  }
}

extension CallEffect {
  fileprivate var alarm: String? { if case .raiseAlarm(let notice) = self { notice.alarm.sign.rawValue } else { nil } }
  fileprivate var givesBack: Bool { if case .giveBack = self { true } else { false } }
}

extension Transcript.Line {
  /// Whether it says how the clinic is, and not what happens.
  fileprivate var isAboutTheClinic: Bool {
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
    case .orient: .orient
    case .notice: .notice
    case .takeNotice: .takeNotice
    case .keepAsIs: .keepAsIs
    case .joinWaitlist: .joinWaitlist
    case .acceptOffer: .acceptOffer
    case .declineOffer: .declineOffer
    case .news: .news
    case .heardNews: .heardNews
    case .yearlyCheck: .yearlyCheck
    case .answerSurvey(_, let wasOfUse): wasOfUse ? .wasOfUse : .wasOfNoUse
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
