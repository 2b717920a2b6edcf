package import ClinicDomain
internal import Guidance

/// A call that is played without a telephone: the rehearsed clinic answers, and what is said is kept as words.
///
/// It plays whatever needs no caller by itself, and stands still at a question or at the end.
package struct Rehearsal: Sendable {
  package private(set) var call: Call
  private let wording: Wording
  package var clinic: RehearsedClinic
  package private(set) var step: CallStep = .end(.gone)
  package private(set) var now: Instant
  /// What was heard since the caller did something, in order: one entry for each thing that was played.
  package private(set) var heard: [Heard] = []
  /// What was asked of the back end since the caller did something.
  package private(set) var asked: [BackEndRequest] = []
  package private(set) var effects: [CallEffect] = []
  package private(set) var tally = CallTally()
  private let listening: Listening

  /// How long a caller listens before pressing a key.
  package enum Listening: Hashable, Sendable {
    /// Every prompt to its end.
    case toTheEnd
    /// A menu until the option that is meant was said, a number until the end of the first sentence.
    case untilOption
  }

  package struct Heard: Hashable, Sendable {
    package let words: String
    /// Where the call stood.
    package let at: String
    package let isUnstoppable: Bool
  }

  /// - Parameter now: the instant of the start; each event comes so much later as its playing takes.
  package init(
    _ line: PhoneLine, _ start: CallStart, clinic: RehearsedClinic? = nil, listening: Listening = .toTheEnd,
    now: Instant = Instant(seconds: 1_795_680_000)
  ) {
    call = Call(line: line)
    wording = Wording(line)
    self.clinic = clinic ?? RehearsedClinic(today: start.today)
    self.now = now
    self.listening = listening
    take(.started(start))
  }

  package var ended: CallResult? { if case .end(let result) = step { result } else { nil } }

  /// How many keys are wanted; `nil` when nothing is asked.
  package var wanted: Wanted? { if case .collect(_, let wanted) = step { wanted } else { nil } }

  /// The caller presses keys, as a telephone gives them: `#` at the end ends what is shorter than was wanted, anything else waits.
  package mutating func press(_ keys: String) {
    clear()
    tally.keys += keys.count
    tally.milliseconds += keys.count * CallTally.millisecondsOfKey
    let isEnded = keys.hasSuffix("#")
    let digits = isEnded ? String(keys.dropLast()) : keys
    guard case .collect(let prompts, let wanted) = step else { return take(.digits(digits)) }
    listen(prompts, until: keys)
    let maximum = wanted.maximum
    // What is over-typed is taken off the line.
    if digits.count >= maximum { return take(.digits(String(digits.prefix(maximum)))) }
    take(isEnded ? .digits(digits) : .partial(digits))
  }

  package mutating func beSilent() {
    clear()
    if case .collect(let prompts, let wanted) = step {
      spend(words: wording.spokenWords(of: prompts))
      tally.milliseconds += wanted.firstKey
    }
    take(.silence)
  }

  package mutating func happen(_ event: CallEvent) {
    clear()
    take(event)
  }

  private mutating func clear() { (heard, asked, effects) = ([], [], []) }

  // MARK: - Playing

  private mutating func take(_ event: CallEvent) {
    var next: CallEvent? = event
    while let event = next {
      let turn = call.handle(event, at: now)
      step = turn.step
      effects += turn.effects
      for case .giveBack(let folio) in turn.effects { clinic.giveBack(folio) }
      next = play(turn.step)
    }
  }

  /// What follows by itself; `nil` when the caller's turn has come, or the end.
  private mutating func play(_ step: CallStep) -> CallEvent? {
    switch step {
    case .say(let prompts, let keys):
      hear(prompts, isUnstoppable: keys == .none)
      spend(words: wording.spokenWords(of: prompts))
      return .played
    case .collect(let prompts, _):
      hear(prompts, isUnstoppable: false)
      tally.questions += 1
      return nil
    case .request(let request, let moment):
      asked.append(request)
      tally.requests += 1
      // Nothing is heard of a server that answers at once; of staff who have half a minute, it is.
      if case .awaitAlarm = request {
        hear(moment, isUnstoppable: false)
        spend(words: wording.spokenWords(of: moment))
      }
      return clinic.answer(request)
    case .end: return nil
    }
  }

  /// What the caller hears of a question before the keys.
  private mutating func listen(_ prompts: [Prompt], until keys: String) {
    var heard = prompts
    if listening == .untilOption, keys.count == 1, let option = prompts.firstIndex(where: { $0.isOption(keys) }) {
      heard = Array(prompts[...option])
    }
    var words = wording.spokenWords(of: heard)
    if listening == .untilOption, keys.count > 1, let last = prompts.last { words -= wording.wordsAfterFirstSentence(of: last) }
    spend(words: words)
  }

  private mutating func spend(words: Int) {
    tally.words += words
    tally.milliseconds += words * CallTally.millisecondsOfWord
    now = now.adding(milliseconds: Int64(words * CallTally.millisecondsOfWord))
  }

  private mutating func hear(_ prompts: [Prompt], isUnstoppable: Bool) {
    guard !prompts.isEmpty else { return }
    tally.prompts += 1
    heard.append(Heard(words: wording.words(of: prompts), at: call.whereabouts, isUnstoppable: isUnstoppable))
  }
}

extension Prompt {
  /// Whether it is the option on this key.
  fileprivate func isOption(_ key: String) -> Bool {
    parts.contains { part in if case .text(let id) = part { id.rawValue.hasSuffix(".tecla_\(key)") } else { false } }
  }
}

extension Wording {
  fileprivate func wordsAfterFirstSentence(of prompt: Prompt) -> Int {
    Readability(words(of: prompt).split(separator: ".").dropFirst().joined(separator: ".")).words
  }
}

/// What a call took: counted, and its time at a slow speaker's and an older caller's pace.
package struct CallTally: Hashable, Sendable {
  /// 150 words a minute. Source: design/TELEPHONY.md §4, point 11.
  package static let millisecondsOfWord = 400
  /// A key looked for and pressed.
  package static let millisecondsOfKey = 700

  /// Things played in one go.
  package internal(set) var prompts = 0
  package internal(set) var questions = 0
  package internal(set) var requests = 0
  package internal(set) var keys = 0
  package internal(set) var words = 0
  package internal(set) var milliseconds = 0

  package var seconds: Int { (milliseconds + 999) / 1000 }

  /// A whole call to `citas`: NSS, birth date, agreed; a new one, with the doctor, the first slot, confirmed.
  package static let bookingKeys = ["12345678903", "05021990", "1", "1", "1", "1", "1"]
  /// Another: NSS, birth date, agreed; cancel, the first appointment.
  package static let cancellationKeys = ["12345678903", "05021990", "1", "2", "1"]

  package init() {}
}
