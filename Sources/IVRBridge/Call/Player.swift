internal import FastAGI
internal import IVRDialogue

/// Plays and collects on one line: each of Asterisk's answers is judged here, and nowhere else.
///
/// **GET DATA and not EXEC Read.** Read plays several files as one prompt and has two times, but it leaves the digits in a channel variable:
/// Asterisk's manager shows every variable that is set to whoever listens there, and the dialplan keeps it for the rest of the call. An NSS
/// is not to be left behind so. The digits of GET DATA are in its answer alone; and it can be interrupted when the bridge ends, which no EXEC
/// can. Its price: one file, and one time for all keys. The one file ``SoundJoiner`` makes. Where it cannot, the sounds before the last are
/// played with every key as a stop, and the last is GET DATA's; a key that ends between two commands is then lost.
///
/// **No CONTROL STREAM FILE.** Its pause and rewind are for long readings, and none is long: whatever is said is 60 words at most, which the
/// proofs at load hold (`DialogueLimits.promptWords`); `*` says it again from its beginning at every step, as often as is wanted, and a folio
/// is said twice. It takes `*` and `#` for itself, which mean «again» and «I do not know» in all of the line, and nothing interrupts it: a bridge
/// that is told to end could not hand its caller to a person before the reading's end, where STREAM FILE and GET DATA stop at once.
///
/// **The time is the one between keys.** Who has not begun when it is over is waited for by further commands, as often as the first key's
/// time asks for: so no key is ever between two commands but the first, of somebody who hesitates.
struct Player {
  let line: AGILine
  let figures: BridgeFigures
  /// Keys pressed while the caller was asked to wait: they are the next step's.
  var typedAhead = ""
  /// Whether what is played may be cut short when the bridge ends.
  var yields = true
  /// When the connection came; until the first sound.
  private var begun: ContinuousClock.Instant?
  /// The last step took as many keys as it wanted, and nothing behind them.
  private var mayTrail = false

  init(line: AGILine, figures: BridgeFigures, begun: ContinuousClock.Instant) {
    (self.line, self.figures, self.begun) = (line, figures, begun)
  }

  // MARK: Playing

  /// Plays to the end, or to the first of `keys`, which is returned. What was pressed before says nothing about words that nobody had heard.
  mutating func play(_ sounds: [Sound], stoppedBy keys: KeySet) async throws(CallStop) -> Character? {
    typedAhead = ""
    for sound in sounds {
      if let key = try await play(sound, keys), keys.keys.contains(key) { return key }
    }
    return nil
  }

  mutating func play(_ sound: Sound, _ keys: KeySet) async throws(CallStop) -> Character? {
    countSound()
    let result = try await result(of: sound.command(keys: keys), sounds: sound.length)
    switch result.number {
    case 0: return nil
    case -1: throw try await whatFailed(sound)
    default: return result.key
    }
  }

  private mutating func countSound() {
    figures.count { $0.sounds += 1 }
    if let begun { figures.soundedFirst(nanoseconds: UInt64(clamping: begun.duration(to: .now).nanoseconds)) }
    begun = nil
  }

  /// A missing file looks like a hang-up, `-1`: whose status Asterisk still tells has not hung up.
  private func whatFailed(_ sound: Sound) async throws(CallStop) -> CallStop {
    _ = try await result(of: .channelStatus)
    figures.count { $0.missingSounds += 1 }
    if case .file(let name, _) = sound { return .missing(name) }
    return .missing("digits")
  }

  // MARK: Collecting

  /// Plays, and takes keys; any key ends what is played.
  ///
  /// A `#` alone, right after a menu's key, is what many press behind every number: it is taken off, and the question asked again.
  mutating func collect(_ sounds: [Sound], _ wanted: Wanted) async throws(CallStop) -> CallEvent {
    let trails = mayTrail
    mayTrail = false
    let event = try await collectOnce(sounds, wanted)
    guard trails, event == .digits("") else { return event }
    return try await collectOnce(sounds, wanted)
  }

  private mutating func collectOnce(_ sounds: [Sound], _ wanted: Wanted) async throws(CallStop) -> CallEvent {
    var keys = takeTypedAhead(wanted.maximum)
    if keys.isEmpty {
      for sound in sounds.dropLast() {
        if let key = try await play(sound, .all) {
          keys.append(key)
          break
        }
      }
    }
    if keys.isEmpty, let last = sounds.last {
      if case .file(let name, let length) = last {
        return try await outcome(of: firstKeys(name, length, wanted, last), wanted)
      } else if let key = try await play(last, .all) {
        keys.append(key)
      }
    }
    if keys.isEmpty {
      return try await outcome(of: firstKeys("", .zero, wanted, nil), wanted)
    }
    return try await collectRest(keys, wanted)
  }

  /// Of one key, which none follows, the first key's time in one command.
  private mutating func firstKeys(_ name: String, _ length: Duration, _ wanted: Wanted, _ sound: Sound?) async throws(CallStop) -> Keys {
    guard wanted.maximum > 1, wanted.betweenKeys < wanted.firstKey else {
      return try await getData(name, length, wait: max(wanted.firstKey, wanted.betweenKeys), max: wanted.maximum, sound)
    }
    var keys = try await getData(name, length, wait: wanted.betweenKeys, max: wanted.maximum, sound)
    var waited = wanted.betweenKeys
    while keys.keys.isEmpty, keys.timedOut, waited < wanted.firstKey {
      keys = try await getData("", .zero, wait: wanted.betweenKeys, max: wanted.maximum, nil)
      waited += wanted.betweenKeys
    }
    return keys
  }

  /// All keys came in one command.
  private mutating func outcome(of all: Keys, _ wanted: Wanted) async throws(CallStop) -> CallEvent {
    if all.keys.isEmpty { return all.timedOut ? .silence : .digits("") }
    return all.timedOut && all.keys.count < wanted.maximum ? .partial(all.keys) : try await finish(all.keys, wanted)
  }

  /// The first keys are there.
  private mutating func collectRest(_ first: String, _ wanted: Wanted) async throws(CallStop) -> CallEvent {
    if let end = first.firstIndex(where: wanted.terminators.keys.contains) { return .digits(String(first[..<end])) }
    // `#` ends GET DATA, whoever it was pressed for.
    if first.hasSuffix("#") { return .digits(String(first.dropLast())) }
    guard first.count < wanted.maximum else { return try await finish(first, wanted) }
    let rest = try await getData("", .zero, wait: wanted.betweenKeys, max: wanted.maximum - first.count, nil)
    let keys = first + rest.keys
    return rest.timedOut && keys.count < wanted.maximum ? .partial(keys) : try await finish(keys, wanted)
  }

  private mutating func finish(_ keys: String, _ wanted: Wanted) async throws(CallStop) -> CallEvent {
    if let end = keys.firstIndex(where: wanted.terminators.keys.contains) { return .digits(String(keys[..<end])) }
    if keys.count >= wanted.maximum {
      if wanted.absorbsMore { try await absorb() } else { mayTrail = true }
    }
    return .digits(String(keys.prefix(wanted.maximum)))
  }

  private mutating func takeTypedAhead(_ maximum: Int) -> String {
    defer { typedAhead = String(typedAhead.dropFirst(maximum)) }
    return String(typedAhead.prefix(maximum))
  }

  /// Takes off the line what is typed after a full field: else it would be the next field's, and barge through its question.
  private func absorb() async throws(CallStop) {
    for _ in 0..<Self.longestExcess {
      let result = try await result(of: .waitForDigit(Self.excessWait))
      guard let key = result.key, key != "#" else { return }
    }
  }

  /// Nobody types more by mistake; a stuck key is the next step's business.
  private static let longestExcess = 20
  private static let excessWait = Duration.milliseconds(600)

  private struct Keys {
    var keys: String
    var timedOut: Bool
  }

  private mutating func getData(
    _ name: String, _ length: Duration, wait: Int, max: Int, _ sound: Sound?
  ) async throws(CallStop) -> Keys {
    if sound != nil { countSound() }
    let result = try await result(of: .getData(name, wait: .milliseconds(wait), max: max), sounds: length)
    if result.value == "-1" { throw try await whatFailed(sound ?? .pause(.zero)) }
    return Keys(keys: result.value, timedOut: result.timedOut)
  }

  // MARK: One command

  func result(of command: AGICommand, sounds: Duration = .zero) async throws(CallStop) -> AGIResult {
    let answer: LineAnswer
    do throws(LineEnd) { answer = try await line.send(command, sounds: sounds, yields: yields) } catch { throw .ended(error) }
    switch answer {
    case .interrupted: throw .interrupted
    case .reply(.result(let result)): return result
    case .reply(.deadChannel): throw .ended(.hungUp)
    case .reply(.unreadable): throw .ended(.outOfStep)
    case .reply(.unknownCommand), .reply(.usage): throw .notUnderstood(command.name)
    }
  }
}
