internal import ClinicDomain
internal import Guidance
internal import IVRDialogue

extension CallOracle {
  /// What was heard, and what is owed.
  struct Ear {
    /// Guides that can raise a code, by their names.
    let coded: Set<String>
    private var prompts = 0
    /// Something was made or changed, and neither its folio nor "una persona" has been heard.
    private var owesFolio: Folio?
    /// Who cannot wait has said so, and has heard neither emergency words nor of a person.
    private var owesPerson = false
    /// What was done since emergency words were heard, the last last.
    private var done: [Act] = []
    private var guide = ""
    /// Things that were played in the guide in hand; `nil` once its emergency words were heard.
    private var promptsInGuide: Int?

    private enum Act { case option, field, request }

    init(coded: Set<String>) { self.coded = coded }

    mutating func take(_ turn: CallTurn, at place: String, _ wording: Wording) -> String? {
      enter(place)
      switch turn.step {
      case .say(let said, _), .collect(let said, _):
        let words = wording.words(of: said)
        if prompts == 0, !words.saysEmergency { return "lo primero no es la emergencia" }
        prompts += 1
        if said.isEmpty { return "no se oye nada" }
        if let folio = owesFolio, said.flatMap(\.parts).contains(.digits(folio.spoken.split(separator: " ").map(String.init))) { owesFolio = nil }
        if case .collect = turn.step, owesFolio != nil { return "se hizo y se pregunta otra cosa sin decir el folio" }
        if words.saysEmergency || said.flatMap(\.parts).contains(where: \.isOfAPerson) { owesPerson = false }
        if case .collect = turn.step, owesPerson { return "no puede esperar y se le pregunta otra cosa" }
        return late(words.saysEmergency)
      // Who is on duty is told of a pregnant caller: that is a person.
      case .request(.awaitAlarm, _), .request(.leaveCallback(_, .pregnancy, _), _): break
      case .request:
        if owesPerson { return "no puede esperar y se espera al sistema" }
        done.append(.request)
      case .end(let result):
        if owesFolio != nil, result == .ok { return "se hizo y se acaba sin decir el folio" }
        if owesPerson, result == .ok { return "no puede esperar y se acaba" }
      }
      return nil
    }

    /// Where the call stands; a guide that can raise a code begins to owe its emergency words.
    private mutating func enter(_ place: String) {
      let parts = place.split(separator: ".").map(String.init)
      let now = parts.first == "guia" && parts.count > 1 ? parts[1] : ""
      if now != guide, coded.contains(now) { promptsInGuide = 0 }
      guide = now
    }

    /// Between the option that led to the guide, or the one before it, and its emergency words: two prompts, no number, no server.
    private mutating func late(_ saysEmergency: Bool) -> String? {
      if let heard = promptsInGuide, coded.contains(guide) {
        promptsInGuide = saysEmergency ? nil : heard + 1
        if !saysEmergency, heard + 1 >= 2 { return "dos mensajes de la guía \(guide) sin decir la emergencia" }
        let options = done.indices.filter { done[$0] == .option }
        let since = options.dropLast().last ?? options.last ?? done.endIndex
        if done[since...].contains(where: { $0 != .option }) { return "antes de la emergencia de la guía \(guide) se pide algo" }
      }
      if saysEmergency { done = [] }
      return nil
    }

    /// - Parameter step: the one that the event is the outcome of.
    mutating func did(_ event: CallEvent, to step: CallStep, _ wording: Wording) {
      switch event {
      case .answer(.booked(let booking)), .answer(.cancelled(let booking)), .answer(.confirmed(let booking)): owesFolio = booking.folio
      case .answer(.callbackLeft(let folio, _, _)): owesFolio = folio
      case .hangUp, .digits("0"): (owesFolio, owesPerson) = (nil, false)
      // To the languages, whatever was asked before.
      case .digits("9"): done = []
      default: break
      }
      guard case .collect(let prompts, let wanted) = step, case .digits(let keys) = event else { return }
      if wanted.maximum > 1 { done.append(.field) } else if let option = prompts.flatMap(\.parts).first(where: { $0.isOption(keys) }) {
        done.append(.option)
        owesPerson = wording.words(of: Prompt(.spanish, [option])).contains("no puede esperar")
      }
    }
  }
}

extension Prompt.Part {
  fileprivate func isOption(_ key: String) -> Bool { name.map { !key.isEmpty && $0.hasSuffix(".tecla_\(key)") } ?? false }

  /// The dialogue of that name, or who is on duty.
  fileprivate var isOfAPerson: Bool { name.map { $0.hasPrefix("persona.") || $0.hasPrefix("linea.guardia") } ?? false }

  private var name: String? { if case .text(let id) = self { id.rawValue } else { nil } }
}

extension String {
  var saysEmergency: Bool { contains("911") || contains("Urgencias") }
}
