package import ClinicDomain

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

  package struct Heard: Hashable, Sendable {
    package let words: String
    /// Where the call stood.
    package let at: String
    package let isUnstoppable: Bool
  }

  /// - Parameter now: the instant of the start; each event comes so much later as its playing takes.
  package init(_ line: PhoneLine, _ start: CallStart, clinic: RehearsedClinic? = nil, now: Instant = Instant(seconds: 1_795_680_000)) {
    call = Call(line: line)
    wording = Wording(line)
    self.clinic = clinic ?? RehearsedClinic(today: start.today)
    self.now = now
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
    guard let maximum = wanted?.maximum else { return take(.digits(digits)) }
    // What is over-typed is taken off the line.
    if digits.count >= maximum { return take(.digits(String(digits.prefix(maximum)))) }
    take(isEnded ? .digits(digits) : .partial(digits))
  }

  package mutating func beSilent() {
    clear()
    tally.milliseconds += wanted?.firstKey ?? 0
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
      return .played
    case .collect(let prompts, _):
      hear(prompts, isUnstoppable: false)
      tally.questions += 1
      return nil
    case .request(let request, let moment):
      asked.append(request)
      tally.requests += 1
      // Nothing is heard of a server that answers at once; of staff who have half a minute, it is.
      if case .awaitAlarm = request { hear(moment, isUnstoppable: false) }
      return clinic.answer(request)
    case .end: return nil
    }
  }

  private mutating func hear(_ prompts: [Prompt], isUnstoppable: Bool) {
    guard !prompts.isEmpty else { return }
    let words = wording.spokenWords(of: prompts)
    tally.prompts += 1
    tally.words += words
    tally.milliseconds += words * CallTally.millisecondsOfWord
    now = now.adding(milliseconds: Int64(words * CallTally.millisecondsOfWord))
    heard.append(Heard(words: wording.words(of: prompts), at: call.whereabouts, isUnstoppable: isUnstoppable))
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
  /// As if every prompt were heard to its end.
  package internal(set) var milliseconds = 0

  package var seconds: Int { (milliseconds + 999) / 1000 }

  package init() {}
}
