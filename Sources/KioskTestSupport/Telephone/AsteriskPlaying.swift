/// A command that takes time.
struct AsteriskPlaying {
  enum Kind {
    case streamFile
    case getData(wait: Duration, max: Int)
    case getOption(wait: Duration)
    case waitForDigit
    case say
  }

  let kind: Kind
  /// Keys that stop it.
  let keys: String
  /// What GET DATA has so far.
  var digits = ""
  /// The sound is over, and keys are waited for.
  var isWaiting = false

  /// What it prints when the caller hangs up in the middle; TELEPHONY.md, «Hang-up».
  var hangUpReply: String {
    switch kind {
    case .streamFile: "200 result=-1 endpos=4000"
    case .getData, .waitForDigit, .say: "200 result=-1"
    case .getOption: isWaiting ? "200 result=0" : "200 result=-1 endpos=4000"
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
    case .streamFile, .say: false
    }
  }

  var isInterruptible: Bool {
    if case .say = kind { false } else { true }
  }
}
