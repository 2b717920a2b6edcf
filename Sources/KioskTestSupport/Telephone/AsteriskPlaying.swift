/// A command that takes time.
struct AsteriskPlaying {
  enum Kind {
    case streamFile
    /// `#` goes forward by so much, `*` back.
    case controlStreamFile(skip: Duration, forward: Character?, back: Character?, pause: Character?)
    case getData(wait: Duration, max: Int)
    case getOption(wait: Duration)
    case waitForDigit
    case say
    case record
    /// What a dialplan's application leaves in variables when it is done; keys are nothing to it.
    case application(leaves: [String: String])
    /// EXEC Read: the variable, keys at most, the time to the first and between two.
    case read(variable: String, max: Int, first: Duration, between: Duration)
  }

  let kind: Kind
  /// Keys that stop it.
  let keys: String
  /// What it plays, the whole of it.
  var length: Duration = .zero
  /// What GET DATA has so far.
  var digits = ""
  /// The sound is over, and keys are waited for.
  var isWaiting = false
  /// Somebody has stopped it for a while.
  var isPaused = false

  init(kind: Kind, keys: String) { (self.kind, self.keys) = (kind, keys) }

  /// What it prints when the caller hangs up in the middle; TELEPHONY.md, «Hang-up».
  var hangUpReply: String {
    switch kind {
    case .streamFile: "200 result=-1 endpos=4000"
    case .getData, .waitForDigit, .say, .controlStreamFile: "200 result=-1"
    case .getOption: isWaiting ? "200 result=0" : "200 result=-1 endpos=4000"
    case .record: "200 result=-1 (hangup) endpos=4000"
    case .application, .read: "200 result=0"
    }
  }

  /// What it leaves in variables when the caller hangs up in the middle.
  var hangUpVariables: [String: String] {
    switch kind {
    case .read(let variable, _, _, _): [variable: digits, "READSTATUS": "HANGUP"]
    case .application(let leaves): leaves.mapValues { _ in "CANCEL" }
    case .streamFile, .controlStreamFile, .getData, .getOption, .waitForDigit, .say, .record: [:]
    }
  }

  /// What it prints when another command comes; `nil` for one that says nothing.
  var interruptionReply: String? {
    if case .waitForDigit = kind { "200 result=1" } else { nil }
  }

  /// Whether keys are waited for without a sound; a real Asterisk 22.10.1 writes a warning when such a wait is interrupted, for a sound none.
  var isWaitingForKeys: Bool {
    switch kind {
    case .waitForDigit: true
    case .getData, .getOption: isWaiting
    case .streamFile, .controlStreamFile, .say, .record, .application, .read: false
    }
  }

  var isInterruptible: Bool {
    switch kind {
    case .streamFile, .getData, .getOption, .waitForDigit: true
    case .controlStreamFile, .say, .record, .application, .read: false
    }
  }
}
