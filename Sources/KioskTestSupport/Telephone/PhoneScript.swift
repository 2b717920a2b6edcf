/// What a caller does, and what their Asterisk is like.
package struct PhoneScript: Sendable {
  /// Something that a caller does once, on hearing something.
  package struct Reaction: Sendable {
    package enum Deed: Sendable {
      /// Keys, one every so often, the first so long after the sound's beginning.
      case press(String, after: Duration, every: Duration)
      case hangUp(after: Duration)
    }

    /// The end of a sound's name, or what is spoken: "digits:482011570363", "moment:", "number:".
    let hearing: String
    let deed: Deed
    /// Only when everything before it in the script was done.
    var isLast = false
  }

  /// In the order in which they are looked through; each is used once.
  package var reactions: [Reaction] = []
  /// The path and the query of the dialplan's URL.
  package var script = "menu"
  package var language = "es_MX"
  package var callerID = "unknown"
  /// What the dialplan hands over behind the URL.
  package var arguments: [String] = []
  /// Ends of the names of sounds that are not on the disk.
  package var missing: [String] = []
  /// Where Asterisk finds what is below its `sounds/ventanilla`; a sound that is not there is missing, and one made of ``NamedSound``s is
  /// heard as its parts. Without it every sound is there.
  package var disk: String?
  package var soundLength: Duration = .seconds(3)
  /// How many of the telephone's seconds go by in one of the machine's.
  package var speed = 1.0
  /// Whether the dialplan has set AGIEXITONHANGUP.
  package var exitsOnHangUp = true
  /// How long what comes lies unread, in the machine's time: whatever comes meanwhile is one read.
  package var readsAfter: Duration = .zero
  /// HANGUP is written just before the next answer, not when it happens.
  package var tellsHangUpLate = false

  package init(script: String = "menu", speed: Double = 1) { (self.script, self.speed) = (script, speed) }

  /// Presses keys when a sound begins; 120 ms from one to the next is a practised hand.
  package func pressing(
    _ keys: String, on hearing: String, after: Duration = .milliseconds(500), every: Duration = .milliseconds(120)
  ) -> Self {
    adding(Reaction(hearing: hearing, deed: .press(keys, after: after, every: every)))
  }

  /// - Parameter last: only when everything before it in the script was done, whatever is heard sooner.
  package func hangingUp(on hearing: String, after: Duration = .milliseconds(500), last: Bool = false) -> Self {
    adding(Reaction(hearing: hearing, deed: .hangUp(after: after), isLast: last))
  }

  private func adding(_ reaction: Reaction) -> Self {
    var script = self
    script.reactions.append(reaction)
    return script
  }
}

/// What became of a call, as the caller, Asterisk and the dialplan saw it.
package struct PhoneTranscript: Sendable {
  /// Names of sounds, and what was spoken, in order.
  package var heard: [String] = []
  /// Every line that the bridge sent.
  package var commands: [String] = []
  package var variables: [String: String] = [:]
  /// What the bridge did that Asterisk would have suffered from.
  package var faults: [String] = []
  /// What Asterisk would write into its log for whoever looks after it.
  package var warnings: [String] = []
  /// Keys that nobody took.
  package var lostKeys = ""
  package var hungUp = false
  /// The longest that nothing was heard although nothing was asked, in the telephone's time: by the clock.
  package var deadAir: Duration = .zero
  /// The same by what was ordered, pauses and waits to their ends: what a busy machine takes besides is not in it.
  package var orderedSilence: Duration = .zero
  /// From each answer to the next command, in the machine's time.
  package var turnarounds: [Duration] = []
  /// From the connection to the first sound, likewise.
  package var firstSound: Duration?

  /// The digits that were heard one by one right behind a sound, as joined sounds say them.
  package func digits(after sound: String) -> String {
    guard let place = heard.firstIndex(where: { $0.hasSuffix(sound) }) else { return "" }
    return heard[(place + 1)...].prefix { $0.hasPrefix("digits/") && $0.count == "digits/0".count && $0.last?.isNumber == true }
      .map { String($0.suffix(1)) }.joined()
  }

  /// What was said digit by digit, four digits or more, in order: of sounds that were joined, and of SAY DIGITS in its groups.
  package var identifiers: [String] {
    var (found, now) = ([String](), "")
    for sound in heard + [""] {
      if sound.hasPrefix("digits:") {
        now += sound.dropFirst("digits:".count)
      } else if sound.hasPrefix("digits/"), sound.count == "digits/0".count, sound.last?.isNumber == true {
        now += sound.suffix(1)
      } else {
        if now.count >= 4 { found.append(now) }
        now = ""
      }
    }
    return found
  }

  /// Where the dialplan goes on; kiosk-config/asterisk/extensions.conf says so.
  package var dialplan: String {
    if hungUp { return "h" }
    switch variables["IVR_RESULTADO"] {
    case "ok": return "Hangup"
    case "911": return "emergencias"
    default: return "persona"
    }
  }
}
