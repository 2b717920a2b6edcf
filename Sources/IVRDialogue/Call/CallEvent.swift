package import ClinicDomain
package import Guidance

/// What happened to a call: the whole of what `Call.handle(_:at:)` hears.
///
/// The first event is `started`; then each event is the outcome of the step that the call asked for last. An event that does not fit
/// that step changes nothing, and the step is given again: the machine is total.
package enum CallEvent: Hashable, Sendable {
  case started(CallStart)
  /// A `say` was played to its end.
  case played
  /// Keys, complete: as many as were wanted, or fewer and then a terminator, which is not among them; `""` for the terminator alone.
  /// Of a `say`: the one key that stopped it. Of a `request`: 0, when a bridge sees it while the request runs; it is then not needed any
  /// more unless it writes.
  case digits(String)
  /// Keys, fewer than the maximum, and then the time between two keys ran out. At least one.
  case partial(String)
  /// The time for the first key ran out. Only after it is known that the caller has not hung up.
  case silence
  /// The back end answered the request in hand.
  case answer(BackEndAnswer)
  /// The back end did not answer, or not in time. `mayHaveHappened` when the request was sent and its outcome is not known.
  case backEndAway(mayHaveHappened: Bool)
  /// A sound of the step in hand is missing on the telephone's disk, so that nobody knows what the caller heard.
  case deadPrompt
  case hangUp
  /// The bridge ends in an orderly way: every call goes to a person.
  case shutdown
}

/// How a call begins.
package struct CallStart: Hashable, Sendable {
  /// The dialogue of the URL, without its query: `menu`, `orientacion`, `citas`, `tramites`. An unknown or empty one is `menu`.
  package var script: String
  /// The channel's, folded to a folder of prompts: `es_MX` is `es`.
  package var language: Language
  /// Who seems to call: leads those who call from abroad to their guide first. It is no identity and opens nothing.
  package var caller: PhoneNumber?
  /// The clinic's date when the call began: a birth date is not after it.
  package var today: CivilDate
  /// The clinic's time of day when the call began: whether a person answers now.
  package var time: AgendaMinute
  /// What names the offer that the clinic calls about, 32 hexadecimal digits that hold nothing of anybody; `nil` for who calls the clinic.
  package var notice: String?

  package init(
    script: String, language: Language = .spanish, caller: PhoneNumber? = nil, today: CivilDate, time: AgendaMinute, notice: String? = nil
  ) {
    self.script = script
    self.language = language
    self.caller = caller
    self.today = today
    self.time = time
    self.notice = notice
  }
}
