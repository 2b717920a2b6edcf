package import ClinicDomain
package import Guidance

/// What to do after an event: the effects first, all at once and without waiting for them; then the step, whose outcome is the next event.
package struct CallTurn: Hashable, Sendable {
  package var effects: [CallEffect]
  package var step: CallStep

  package init(_ effects: [CallEffect] = [], _ step: CallStep) {
    self.effects = effects
    self.step = step
  }
}

/// One thing to do with the caller. There is one in hand at any time.
package enum CallStep: Hashable, Sendable {
  /// Plays. One of these keys stops it and is the event `digits`; no key stops what may not be cut short, such as an emergency's words.
  case say([Prompt], stoppedBy: KeySet)
  /// Plays and collects keys as one command, so that no key between the two is lost; any key stops the prompts.
  case collect([Prompt], Wanted)
  /// Asks the back end while the caller hears nothing at first, and `moment` when it takes more than a second: again and again, with
  /// no silence over two seconds. The event is `answer` or `backEndAway`.
  case request(BackEndRequest, moment: [Prompt])
  /// Sets IVR_RESULTADO and closes. What was to be said has been said. Whatever happens afterwards, the step stays this one.
  case end(CallResult)
}

/// How the dialplan goes on.
package enum CallResult: String, Hashable, Sendable, CaseIterable {
  /// It hangs up.
  case ok
  /// A person.
  case person = "operadora"
  /// The emergency line.
  case emergency = "911"
  /// The caller hung up: nothing is set.
  case gone = ""
}

/// Keys of a telephone.
package struct KeySet: Hashable, Sendable {
  /// Of `0123456789*#`, in this order, no key twice.
  package let keys: String

  package init(_ keys: some Sequence<Character>) { self.keys = String("0123456789*#".filter(Set(keys).contains)) }

  package static let none = KeySet("")
  package static let all = KeySet("0123456789*#")
}

/// Which keys are waited for, and how long.
package struct Wanted: Hashable, Sendable {
  /// So many keys end it, 1 ... 20.
  package var maximum: Int
  /// A terminator ends it before, and is not among the digits. `*` among the digits is not one: the dialogue sees it.
  package var terminators: KeySet
  /// Milliseconds from the end of the prompts to the first key.
  package var firstKey: Int
  /// Milliseconds from one key to the next.
  package var betweenKeys: Int
  /// After `maximum` keys, what is typed too much is taken off the line, the terminator too (`WAIT FOR DIGIT 600`); without it the keys
  /// go on to the next step, as somebody who knows the menus wants it.
  package var absorbsMore: Bool

  package init(maximum: Int, terminators: KeySet = KeySet("#"), firstKey: Int, betweenKeys: Int, absorbsMore: Bool) {
    self.maximum = maximum
    self.terminators = terminators
    self.firstKey = firstKey
    self.betweenKeys = betweenKeys
    self.absorbsMore = absorbsMore
  }
}

/// Something that must happen because of the call and that the caller does not wait for.
package enum CallEffect: Hashable, Sendable {
  /// Goes to staff at once, before anything is said; repeated until the back end has it, also after the caller has hung up.
  case raiseAlarm(AlarmNotice)
  /// A hold that is not wanted any more: its slot is free again at once. At a hang-up, and when the caller changes their mind.
  case giveBack(Folio)
  /// Which guide was heard, and what was answered: kept without anything about who called.
  case keepRecord(GuidanceSession)
  /// The prompts are in this language from here on.
  case useLanguage(Language)
  /// The session that `identify` or `resume` opened is over.
  case endSession
}

/// An alarm sign told by a caller: never a name or a number.
package struct AlarmNotice: Hashable, Sendable {
  package let edition: GuideEdition
  package let alarm: Alarm

  package init(edition: GuideEdition, alarm: Alarm) {
    self.edition = edition
    self.alarm = alarm
  }
}
