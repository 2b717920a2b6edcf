package import ClinicDomain
package import Guidance

/// A place in a dialogue: something is said, asked of the caller, or asked of the back end.
package struct Step: Hashable, Sendable {
  package var id: StepID
  package var kind: Kind
  /// What is heard here; empty where nothing is. Of a request: what is heard when it takes long.
  package var text: Spoken
  /// Whether this is where the caller is greeted.
  package var isGreeting: Bool

  package enum Kind: Hashable, Sendable {
    /// It is heard together with what follows; an emergency's words are heard first and alone, and no key stops them.
    case say(emergency: Node.Emergency?, next: StepID)
    case menu(Menu)
    case field(Field)
    case request(Request)
    /// A guide is played; `date` is where it goes on with the slots found for a guide that can end in an appointment.
    case guide(GuideID, date: StepID?)
    case branch(Condition, then: StepID, otherwise: StepID)
    /// Another dialogue, from its start or from one of its steps: with `next` it comes back there, without it goes for good.
    case dialogue(DialogueID, at: StepID?, next: StepID?)
    /// Back to where this dialogue was called from.
    case back
    /// Goes on in this language where the caller was, or with a person when the language has no prompts.
    case language(Language)
    case end(CallResult)
  }

  package init(_ id: StepID, _ kind: Kind, _ text: Spoken = Spoken(), isGreeting: Bool = false) {
    self.id = id
    self.kind = kind
    self.text = text
    self.isGreeting = isGreeting
  }
}

/// One key out of a few. 0, 9 and `*` mean the same everywhere and are not among them.
package struct Menu: Hashable, Sendable {
  package var options: [Option]
  /// Where `#` leads, "no sé"; `nil` where an option says it.
  package var dontKnow: StepID?
  /// Played once for each of these, from the first; `exhausted` follows the last.
  package var list: Listing?

  package struct Option: Hashable, Sendable {
    /// 1 ... 8.
    package var key: Int
    package var action: Action
    /// Whether this is the answer of somebody who does not know.
    package var isDontKnow: Bool
    /// Purpose before key: "Para cancelar, oprima 2."
    package var text: Spoken

    package init(_ key: Int, _ action: Action, _ text: Spoken, isDontKnow: Bool = false) {
      self.key = key
      self.action = action
      self.text = text
      self.isDontKnow = isDontKnow
    }
  }

  package enum Action: Hashable, Sendable {
    case go(StepID)
    /// The list's next one.
    case nextOne
  }

  package struct Listing: Hashable, Sendable {
    package enum Source: String, Hashable, Sendable, CaseIterable {
      case slots = "horarios"
      case appointments = "citas"
    }

    package var of: Source
    package var exhausted: StepID

    package init(of source: Source, exhausted: StepID) {
      of = source
      self.exhausted = exhausted
    }
  }

  package init(_ options: [Option], dontKnow: StepID? = nil, list: Listing? = nil) {
    self.options = options
    self.dontKnow = dontKnow
    self.list = list
  }
}

/// Several digits. `#` alone is "no sé", 0 alone a person, 9 alone the other language, and a `*` among them begins anew.
package struct Field: Hashable, Sendable {
  package var kind: FieldKind
  package var next: StepID
  package var dontKnow: StepID
  /// "Por ejemplo: …", for whoever was not understood twice.
  package var example: Spoken

  package init(_ kind: FieldKind, next: StepID, dontKnow: StepID, example: Spoken) {
    self.kind = kind
    self.next = next
    self.dontKnow = dontKnow
    self.example = example
  }
}

/// Something asked of the back end, and where each outcome leads.
package struct Request: Hashable, Sendable {
  package var kind: RequestKind
  /// One for each of the kind's outcomes.
  package var ways: [Outcome]
  /// Of a search; `nil` for the service that was looked for last, or of the appointment in hand.
  package var service: ServiceCode?
  /// Of a search: from the date that the caller asked for.
  package var fromAskedDate: Bool
  /// Of a callback.
  package var reason: CallbackReason?

  package struct Outcome: Hashable, Sendable {
    package var word: OutcomeWord
    package var next: StepID

    package init(_ word: OutcomeWord, _ next: StepID) {
      self.word = word
      self.next = next
    }
  }

  package init(
    _ kind: RequestKind, _ ways: [Outcome], service: ServiceCode? = nil, fromAskedDate: Bool = false, reason: CallbackReason? = nil
  ) {
    self.kind = kind
    self.ways = ways
    self.service = service
    self.fromAskedDate = fromAskedDate
    self.reason = reason
  }
}

/// What a call knows by itself.
package enum Condition: String, Hashable, Sendable, CaseIterable {
  case isIdentified = "identificado"
  /// A person answers at this hour.
  case isStaffed = "atienden"
  /// From a number outside Mexico.
  case isFromAbroad = "del_extranjero"
  /// The line asks its one question at the end.
  case isSurveying = "encuesta"
}
