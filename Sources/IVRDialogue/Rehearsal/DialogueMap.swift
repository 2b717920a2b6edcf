internal import Guidance

/// A dialogue on paper: each step a box, from the first at the top; what leads where, and by which key or answer.
package struct DialogueMap: Sendable {
  private let dialogue: Dialogue
  /// Steps by their distance from the first; those that nothing leads to come last.
  private let ranks: [[Step]]
  private var places: [StepID: (x: Int, y: Int)] = [:]

  private static let box = (width: 230, height: 96)
  private static let gap = (x: 30, y: 70)
  private static let margin = 40

  package init(_ dialogue: Dialogue) {
    self.dialogue = dialogue
    ranks = Self.ranks(of: dialogue)
    for (rank, steps) in ranks.enumerated() {
      for (index, step) in steps.enumerated() {
        places[step.id] = (
          Self.margin + index * (Self.box.width + Self.gap.x), 70 + Self.margin + rank * (Self.box.height + Self.gap.y))
      }
    }
  }

  private static func ranks(of dialogue: Dialogue) -> [[Step]] {
    var seen: [StepID] = [dialogue.start]
    var ranks: [[Step]] = []
    var frontier = [dialogue.start]
    while !frontier.isEmpty {
      let steps = frontier.compactMap { dialogue[$0] }
      ranks.append(steps)
      frontier = []
      for way in steps.flatMap(\.ways) where !seen.contains(way.step) {
        seen.append(way.step)
        frontier.append(way.step)
      }
    }
    let rest = dialogue.steps.filter { !seen.contains($0.id) }
    return rest.isEmpty ? ranks : ranks + [rest]
  }

  /// An SVG 1.1 document: no script, no font of its own, and text that a screen reader reads.
  package var svg: String {
    let width = 2 * Self.margin + (ranks.map(\.count).max() ?? 1) * (Self.box.width + Self.gap.x)
    let height = 70 + 2 * Self.margin + ranks.count * (Self.box.height + Self.gap.y)
    var lines = [
      ##"<?xml version="1.0" encoding="UTF-8"?>"##,
      ##"<svg xmlns="http://www.w3.org/2000/svg" width="\##(width)" height="\##(height)" viewBox="0 0 \##(width) \##(height)" font-family="sans-serif" font-size="12">"##,
      "<title>\("\(dialogue.title) (\(dialogue.id), versión \(dialogue.version))".escaped)</title>",
      ##"<defs><marker id="punta" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" fill="#555"/></marker></defs>"##,
      ##"<rect width="100%" height="100%" fill="#fff"/>"##,
      ##"<text x="\##(Self.margin)" y="40" font-size="20" font-weight="bold">\##(dialogue.title.escaped): \##(dialogue.id)</text>"##,
      ##"<text x="\##(Self.margin)" y="60" fill="#555">0 una persona, 9 otra lengua, * repite, # no sé: en todas partes</text>"##,
    ]
    for steps in ranks { for step in steps { lines += arrows(from: step) } }
    for steps in ranks { for step in steps { lines += box(of: step) } }
    return (lines + ["</svg>", ""]).joined(separator: "\n")
  }

  private func box(of step: Step) -> [String] {
    guard let place = places[step.id] else { return [] }
    let words = step.caption.wrapped(to: 32).prefix(4)
    return [
      ##"<g><rect x="\##(place.x)" y="\##(place.y)" width="\##(Self.box.width)" height="\##(Self.box.height)" rx="8" fill="\##(step.colour)" stroke="#555"/>"##,
      ##"<text x="\##(place.x + 10)" y="\##(place.y + 18)" font-weight="bold">\##(step.id.rawValue.escaped)</text>"##,
      ##"<text x="\##(place.x + Self.box.width - 10)" y="\##(place.y + 18)" text-anchor="end" fill="#555">\##(step.mark.escaped)</text>"##,
    ] + words.enumerated().map { index, line in
      ##"<text x="\##(place.x + 10)" y="\##(place.y + 36 + 16 * index)">\##(line.escaped)</text>"##
    } + ["</g>"]
  }

  /// Down to the steps below; the name alone of a step above or beside. Ways to one step share an arrow.
  private func arrows(from step: Step) -> [String] {
    guard let from = places[step.id] else { return [] }
    var targets: [(step: StepID, labels: [String])] = []
    for way in step.ways {
      if let index = targets.firstIndex(where: { $0.step == way.step }) { targets[index].labels.append(way.label) } else { targets.append((way.step, [way.label])) }
    }
    return targets.enumerated().flatMap { index, target -> [String] in
      guard let to = places[target.step] else { return [] }
      let start = (x: from.x + Self.box.width * (index + 1) / (targets.count + 1), y: from.y + Self.box.height)
      let label = target.labels.filter { !$0.isEmpty }.joined(separator: ", ")
      let isDown = to.y > from.y
      let words = isDown ? label : "\(label) ↑ \(target.step)"
      let text = words.isEmpty
        ? [] : [##"<text x="\##(start.x + 4)" y="\##(start.y + 14 + 13 * (index % 4))" fill="#06c">\##(words.escaped)</text>"##]
      guard isDown else { return text }
      let end = (x: to.x + Self.box.width / 2, y: to.y)
      let bow = (end.y - start.y) / 2
      let path = "M\(start.x) \(start.y) C\(start.x) \(start.y + bow) \(end.x) \(end.y - bow) \(end.x) \(end.y)"
      return [##"<path d="\##(path)" fill="none" stroke="#555" marker-end="url(#punta)"/>"##] + text
    }
  }
}

extension Step {
  /// Where it leads in its own dialogue, and by what.
  fileprivate var ways: [(step: StepID, label: String)] {
    switch kind {
    case .say(_, let next): [(next, "")]
    case .menu(let menu):
      menu.options.compactMap { option in option.destination.map { ($0, "\(option.key)") } }
        + [menu.dontKnow.map { ($0, "#") }, menu.list.map { ($0.exhausted, "se acaban") }].compactMap { $0 }
    case .field(let field): [(field.next, "bien"), (field.dontKnow, "#")]
    case .request(let request): request.ways.map { ($0.next, $0.word.rawValue) }
    case .guide(_, let date): date.map { [($0, "fecha")] } ?? []
    case .branch(_, let then, let otherwise): [(then, "sí"), (otherwise, "no")]
    case .dialogue(_, _, let next): next.map { [($0, "regresa")] } ?? []
    case .back, .language, .end: []
    }
  }

  fileprivate var caption: String {
    let words = spoken.prefix(kindHasOptions ? 5 : 1).map { $0.template(in: .spanish) }.filter { !$0.isEmpty }.joined(separator: " ")
    if !words.isEmpty { return words }
    switch kind {
    case .dialogue(let id, let start, _): return "→ \(id)\(start.map { ", desde \($0)" } ?? "")"
    case .guide(let guide, _): return "guía \(guide)"
    case .branch(let condition, _, _): return "¿\(condition.rawValue)?"
    case .request(let request): return "\(request.kind.rawValue)\(request.service.map { " de \($0)" } ?? "")"
    case .language(let language): return "lengua \(language)"
    case .say, .menu, .field, .back, .end: return ""
    }
  }

  private var kindHasOptions: Bool { if case .menu = kind { true } else { false } }

  fileprivate var mark: String {
    switch kind {
    case .say(let emergency, _): emergency == nil ? "mensaje" : "emergencia"
    case .menu(let menu): menu.list == nil ? "menú" : "lista"
    case .field(let field): field.kind.rawValue
    case .request: "solicitud"
    case .guide: "guía"
    case .branch: "según"
    case .dialogue: "diálogo"
    case .back: "regreso"
    case .language: "lengua"
    case .end(let result): "fin: \(result.words)"
    }
  }

  fileprivate var colour: String {
    switch kind {
    case .say(let emergency, _): emergency == nil ? "#f6f6f6" : "#ffe0e0"
    case .menu, .field: "#e8f1ff"
    case .request: "#fff4d6"
    case .guide: "#ffe0e0"
    case .branch, .dialogue, .back, .language: "#eeeeee"
    case .end: "#e3f6e3"
    }
  }
}

extension Spoken {
  /// As it stands in the file, values in braces.
  func template(in language: Language) -> String {
    (self[language] ?? []).map { piece in
      switch piece {
      case .words(let words): words
      case .value(let value): "{\(value.rawValue)}"
      }
    }.joinedAsText
  }
}

extension String {
  fileprivate var escaped: String {
    reduce(into: "") { text, character in
      switch character {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "\"": text += "&quot;"
      default: text.append(character)
      }
    }
  }

  fileprivate func wrapped(to width: Int) -> [String] {
    split(separator: " ").reduce(into: [String]()) { lines, word in
      if let last = lines.last, last.count + word.count + 1 <= width { lines[lines.count - 1] += " \(word)" } else { lines.append(String(word)) }
    }
  }
}
