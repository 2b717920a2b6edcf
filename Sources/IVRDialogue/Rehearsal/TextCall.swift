package import ClinicDomain
internal import Guidance

/// A call at a terminal: prompts are read, keys are typed. Whoever answers for the back end is given from outside: a rehearsed clinic, or
/// the server itself.
package struct TextCall {
  private var call: Call
  private let wording: Wording
  private let start: CallStart

  /// What happens around the call, as a line for the terminal; `nil` for what is not shown.
  package enum Line: Hashable, Sendable {
    /// What the caller hears.
    case heard(String)
    /// What the clinic sees: an alarm, a request, what is given back.
    case behind(String)
    /// What can be typed now.
    case prompt(String)
  }

  package init(_ line: PhoneLine, _ start: CallStart) {
    call = Call(line: line)
    wording = Wording(line)
    self.start = start
  }

  /// Plays to the end, or until `read` has no more lines: the caller hung up. An empty line is silence; `#` ends what was typed.
  ///
  /// - Parameters:
  ///   - answer: the back end's answer to a request, or that it is away.
  ///   - effect: what is to be done at once; shown already.
  package mutating func play(
    now: () -> Instant, read: () -> String?, write: (Line) -> Void, effect: (CallEffect) -> Void, answer: (BackEndRequest) -> CallEvent
  ) -> CallResult {
    var event = CallEvent.started(start)
    while true {
      let turn = call.handle(event, at: now())
      for one in turn.effects {
        if let words = one.words { write(.behind(words)) }
        effect(one)
      }
      switch turn.step {
      case .say(let prompts, _):
        write(.heard(wording.words(of: prompts)))
        event = .played
      case .collect(let prompts, let wanted):
        write(.heard(wording.words(of: prompts)))
        write(.prompt(wanted.maximum == 1 ? "una tecla" : "\(wanted.maximum) dígitos"))
        event = Self.event(of: read(), wanted)
      case .request(let request, let moment):
        write(.behind(request.words))
        if case .awaitAlarm = request { write(.heard(wording.words(of: moment))) }
        event = answer(request)
      case .end(let result):
        write(.behind("fin: \(result.words)"))
        return result
      }
    }
  }

  private static func event(of line: String?, _ wanted: Wanted) -> CallEvent {
    guard let line else { return .hangUp }
    let typed = String(line.filter("0123456789*#".contains))
    guard !typed.isEmpty else { return .silence }
    let digits = String(typed.prefix { $0 != "#" })
    guard digits.count < wanted.maximum, typed.last != "#" else { return .digits(String(digits.prefix(wanted.maximum))) }
    return .partial(digits)
  }
}

extension CallEffect {
  /// For whoever watches; nothing personal.
  package var words: String? {
    switch self {
    case .raiseAlarm(let notice): "alarma al personal: \(notice.alarm.sign)\(notice.alarm.code.map { ", código \($0.rawValue)" } ?? "")"
    case .giveBack: "se devuelve lo apartado"
    case .keepRecord(let session): "registro de la guía \(session.edition.guide), versión \(session.edition.version)"
    case .useLanguage(let language): "idioma: \(language)"
    case .endSession: "se cierra la sesión"
    }
  }
}

extension BackEndRequest {
  /// For whoever watches; nothing personal.
  package var words: String { "se pide: \(kind?.rawValue ?? "que alguien acuse la alarma")" }
}
