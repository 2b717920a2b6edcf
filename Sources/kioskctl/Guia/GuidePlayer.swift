internal import ClinicDomain
internal import Guidance
internal import TerminalText

/// A guide played at a terminal: lines of keys in, what a caller would hear out.
struct GuidePlayer {
  private let guide: Guide
  private let language: Language
  private(set) var session: GuidanceSession

  init(_ guide: Guide, hash: ContentHash, language: Language) {
    self.guide = guide
    self.language = language
    session = GuidanceSession(guide, hash: hash, language: language)
  }

  /// Plays to the end, or until `read` has no more lines: the caller hung up.
  mutating func play(_ output: Output, now: () -> Instant, read: () -> String?) {
    output.text(output.style.dim("\(guide.title) (versión \(guide.version), \(guide.validation))"))
    while true {
      let step = session.step(in: guide)
      say(step, output)
      switch step {
      case .say, .identify: session.wentOn(in: guide)
      case .end(let ending, _):
        output.text(output.style.bold("Fin: \(ending.spanish)"))
        return output.lines(record(at: now()).map(output.style.dim))
      case .offer(let disposition, _):
        output.text(output.style.dim("[Se busca: \(disposition.spanish)] 1 hay lugar, 2 no hay"))
        guard takeOffer(read) else { return output.text("Colgó.") }
      case .ask:
        guard takeKey(output, now: now, read: read) else { return output.text("Colgó.") }
      }
    }
  }

  private func say(_ step: GuidanceStep, _ output: Output) {
    guard let words = words(of: step) else { return }
    output.text("")
    output.lines(words.wrapped(to: 78))
  }

  /// What is heard: the texts of the node at which the session stands or ended.
  private func words(of step: GuidanceStep) -> String? {
    switch session.state {
    case .at(let node), .ended(.disposition(let node, _)): guide[node].flatMap { guide.prompt(at: $0, in: language) }
    case .ended(.askedForAPerson): nil
    case .ended(.noWords): "[Se anuncia en \(language) que contesta una persona.]"
    }
  }

  /// `false` when the caller hung up.
  private mutating func takeKey(_ output: Output, now: () -> Instant, read: () -> String?) -> Bool {
    while true {
      guard let line = read() else { return false }
      if line == "*" { return true }
      guard let key = Int(line), line.count == 1, case .taken(let alarm) = session.pressed(key, at: now(), in: guide) else {
        output.text("Esa tecla no está entre las opciones.")
        continue
      }
      if let alarm { output.text(output.style.red("[Alarma al personal: \(alarm.sign)\(alarm.code.map { ", código \($0.rawValue)" } ?? "")]")) }
      return true
    }
  }

  private mutating func takeOffer(_ read: () -> String?) -> Bool {
    while let line = read() {
      switch line {
      case "1":
        session.tookTheOffer(in: guide)
        return true
      case "2":
        session.foundNoPlace(in: guide)
        return true
      default: continue
      }
    }
    return false
  }

  /// What the session's record holds.
  private func record(at now: Instant) -> [String] {
    var lines = [
      "Registro: \(session.edition.guide) versión \(session.edition.version), huella \(session.edition.hash.description.prefix(12))…",
      "Teclas: " + (session.trail.isEmpty ? "ninguna" : session.trail.map { "\($0.node) (\($0.key))" }.joined(separator: ", ")),
    ]
    if let onset = session.onset, session.alarms.contains(where: { $0.code == .cerebro }) {
      lines.append("Código cerebro, ventana de 4 horas y media: \(onset.window(at: now).spanish(at: now))")
    }
    return lines
  }
}

extension GuidanceSession.Ending {
  var spanish: String {
    switch self {
    case .disposition(_, let disposition): disposition.spanish
    case .askedForAPerson: "una persona, porque se oprimió 0"
    case .noWords: "una persona, porque la guía no está en ese idioma"
    }
  }
}

extension Onset.Window {
  fileprivate func spanish(at now: Instant) -> String {
    switch self {
    case .open(let end): "abierta, quedan al menos \((end - now).wholeMinutes) minutos"
    case .perhaps(let end): "quizá abierta, quedan cuando más \((end - now).wholeMinutes) minutos"
    case .closed: "cerrada"
    }
  }
}

extension Duration {
  fileprivate var wholeMinutes: Int64 { components.seconds / 60 }
}
