package import Guidance

/// What a telephone line breaks, where, and a way that a caller could take to get there.
package struct LineProblem: Hashable, Sendable {
  package let rule: LineRule
  /// `linea` for what is the same in all dialogues; its steps are then the names of the texts.
  package let dialogue: DialogueID
  package let step: StepID
  /// The option's key, where one option is meant.
  package let key: Int?
  package let path: LinePath

  package init(_ rule: LineRule, _ dialogue: DialogueID, _ step: StepID, key: Int? = nil, path: LinePath? = nil) {
    self.rule = rule
    self.dialogue = dialogue
    self.step = step
    self.key = key
    self.path = path ?? LinePath(end: LinePath.Stop(dialogue, step))
  }
}

/// A way through the dialogues. Text form: `menu.principal (2) → citas.identifica → identificacion.pide_nss`, in parentheses the key or
/// the back end's answer.
package struct LinePath: Hashable, Sendable, CustomStringConvertible {
  package struct Stop: Hashable, Sendable, CustomStringConvertible {
    package let dialogue: DialogueID
    package let step: StepID

    package init(_ dialogue: DialogueID, _ step: StepID) {
      self.dialogue = dialogue
      self.step = step
    }

    package var description: String { "\(dialogue).\(step)" }
  }

  /// How a step is left.
  package enum How: Hashable, Sendable {
    case pressed(Int)
    /// `#`, "no sé".
    case dontKnow
    case typed
    /// It is left by itself.
    case wentOn
    /// The list had no more.
    case exhausted
    case answered(OutcomeWord)
    case condition(Condition, Bool)
    /// The guide found a date; or a person was its end.
    case guideDate, guideEnd
  }

  package var steps: [(stop: Stop, how: How)] = []
  package var end: Stop

  package init(end: Stop) { self.end = end }

  package var description: String {
    (steps.map { "\($0.stop)\($0.how.mark)" } + ["\(end)"]).joined(separator: " → ")
  }

  package static func == (left: Self, right: Self) -> Bool { left.description == right.description }
  package func hash(into hasher: inout Hasher) { hasher.combine(description) }
}

extension LinePath.How {
  /// Whether the caller did something.
  var isByKey: Bool {
    switch self {
    case .pressed, .dontKnow, .typed: true
    case .wentOn, .exhausted, .answered, .condition, .guideDate, .guideEnd: false
    }
  }

  fileprivate var mark: String {
    switch self {
    case .pressed(let key): " (\(key))"
    case .dontKnow: " (#)"
    case .typed: " (marcado)"
    case .wentOn, .guideEnd: ""
    case .exhausted: " (se acaban)"
    case .answered(let word): " (\(word.rawValue))"
    case .condition(let condition, let holds): " (\(holds ? "" : "no ")\(condition.rawValue))"
    case .guideDate: " (fecha)"
    }
  }
}

/// The rules that every line keeps, in the order in which they are checked.
package enum LineRule: Hashable, Sendable {
  // What the words and the numbers are.
  /// Spanish has to be complete.
  case noSpanish
  /// A dialogue that the machine itself leads to is not there.
  case missingRole(DialogueID)
  case missingStep(StepID)
  case missingDialogue(DialogueID)
  case missingGuide(GuideID)
  /// The guide can end in an appointment, and it is not said where that leads.
  case guideNeedsDate(GuideID)
  case noOptions
  case tooManyOptions(Int)
  /// A key outside 1 ... 8: 0, 9 and `*` mean the same everywhere.
  case keyOutOfRange
  case repeatedKey
  /// "The next one" of no list.
  case nextWithoutList
  /// An outcome of the back end leads nowhere.
  case missingOutcome(OutcomeWord)

  // What the graph is.
  case unreachable
  /// From here no end can be reached.
  case noWayOut
  /// Steps that lead to one another without the caller's doing anything.
  case loopsForEver
  /// A dialogue comes back, and nothing has called it.
  case returnsNowhere
  /// More dialogues wait for one another than there may.
  case tooDeep
  /// More situations than can be looked at: the dialogues are too entangled to be proven.
  case tooManySituations

  // What a caller is owed.
  /// A call's first words are not what to do in an emergency.
  case firstWordsAreNotEmergency
  /// From here more than two presses to emergency instructions or a person, in this language.
  case farFromHelp(Language)
  /// A question that somebody who does not know cannot leave.
  case noDontKnow
  /// The first question is asked before the caller has heard that 0 is a person.
  case personNotAnnounced
  /// A call's greeting does not say that keys may be pressed at any time.
  case anyTimeNotSaid
  /// Between an option and a guide that can raise a code something is typed, or asked of the server, before the emergency words.
  case emergencyOutOfReach(GuideID)
  /// "No puedo esperar" leads to anything but a person or emergency words: a date may be offered.
  case cannotWaitGetsNoPerson
  /// From the menu to a guide with more questions than there may be, or only after identity, or only with the back end.
  case guideOutOfReach(GuideID)
  /// A refusal is followed by the end.
  case refusalIsTheEnd(OutcomeWord)

  // What the dialogue needs to know.
  /// A value is said that is not known on this way.
  case valueNotKnown(SpokenValue)
  /// The back end is asked something that is not known on this way.
  case requestNotReady(RequestKind)

  // Good treatment (P22): greeting, echo, answer with its folio and date.
  case noGreeting
  /// It is done, or looked up, without having been read back and agreed to.
  case noEcho(RequestKind)
  /// A call that the clinic makes asks whoever answers for something of theirs, or leads to where that is asked: so does who deceives them.
  case asksWhomItCalls
  /// It was done, and the caller does not hear the folio and the day.
  case noAnswer

  // What is said.
  case missingText(Language)
  case tooManyWords(Language, Int, allowed: Int)
  case longSentence(Int, allowed: Int)
  case hardToRead(points: Int, needed: Int)
  case keyNotSpoken(Language)
  /// "Oprima 1 para…": the key has to come last.
  case keyBeforePurpose
  case emergencyNotSaid(Language)
}
