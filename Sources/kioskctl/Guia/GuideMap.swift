internal import ClinicDomain
internal import Guidance
internal import TerminalText

/// A guide on paper: each step with its words, and where each key leads.
struct GuideMap {
  private let guide: Guide
  private let hash: ContentHash

  init(_ guide: Guide, hash: ContentHash) {
    self.guide = guide
    self.hash = hash
  }

  func lines(_ style: TerminalStyle) -> [String] {
    var lines = [style.bold("\(guide.title): \(guide.id), versión \(guide.version)"), "\(guide.validation); huella \(hash)"]
    lines += guide.sources.map { "Fuente: \($0)" }
    lines.append("Idiomas: " + guide.languages.map { "\($0.language) (\($0.coverage.rawValue))" }.joined(separator: ", "))
    for node in guide.nodes {
      lines.append("")
      lines.append(style.bold(node.id.rawValue) + (node.id == guide.start ? " (inicio)" : "") + ": \(node.spanish)")
      lines += (node.text[.spanish] ?? "").wrapped(to: 90, indent: 4)
      lines += exits(of: node)
    }
    return lines
  }

  private func exits(of node: Node) -> [String] {
    switch node.kind {
    case .statement(_, let next), .identification(let next): ["    → \(next)"]
    case .question(let answers): answers.map { "    \($0.key) \($0.meaning.spanish) → \($0.next)\($0.marks.spanish)" }
    case .disposition(let disposition): disposition.otherwise.map { ["    sin lugar → \($0)"] } ?? []
    }
  }
}

extension Node {
  fileprivate var spanish: String {
    switch kind {
    case .statement(nil, _): "instrucción"
    case .statement(let emergency?, _): "instrucción de emergencia (\(emergency.rawValue))"
    case .question: "pregunta"
    case .identification: "identificación"
    case .disposition(let disposition): "fin, \(disposition.spanish)"
    }
  }
}

extension Answer.Meaning {
  fileprivate var spanish: String {
    switch self {
    case .yes: "sí"
    case .no: "no"
    case .other: "otra"
    case .dontKnow: "no sé"
    case .cannotWait: "no puedo esperar"
    }
  }
}

extension Marks {
  fileprivate var spanish: String {
    var parts: [String] = []
    if let alarm { parts.append("alarma \(alarm)") }
    if let prompt { parts.append("señal \(prompt)") }
    if isPregnant { parts.append("embarazo") }
    if let code { parts.append("código \(code.rawValue)") }
    if let onset { parts.append("hace \(onset.minutes.lowerBound)-\(onset.minutes.upperBound) minutos") }
    return parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))"
  }
}

extension Disposition {
  var spanish: String {
    switch self {
    case .emergency911: "911 ahora"
    case .urgencias: "Urgencias ahora"
    case .person: "una persona"
    case .appointment(let term, _): "cita de \(term.service) \(term.spanish)"
    case .callback(let minutes): "llamada de un médico en \(minutes) minutos"
    case .teleconsultation(let term, _): "teleconsulta de \(term.service) \(term.spanish)"
    case .homeVisit: "visita a domicilio"
    case .noPlace: "no hay lugar"
    }
  }
}

extension AppointmentTerm {
  fileprivate var spanish: String {
    switch days {
    case 0: "hoy"
    case 1: areBusinessDays ? "en 1 día hábil" : "hoy o mañana"
    default: "en \(days) días\(areBusinessDays ? " hábiles" : "") o menos"
    }
  }
}
