package import ClinicDomain

extension Guide {
  /// The bytes whose SHA-256 is the guide's content hash: everything that a caller can meet, and not the signature.
  ///
  /// Lines of `field=value`, in UTF-8, in the order of the guide; a value's `\` and line breaks are escaped, so that no content
  /// can pass for another. The first line names the form: a new form is a new name.
  package var canonicalForm: [UInt8] {
    var form = CanonicalText()
    form.line("form", "ventanilla-guide-1")
    form.line("guide", id.rawValue)
    form.line("version", "\(version)")
    form.line("title", title)
    for source in sources { form.line("source", source) }
    form.line("pregnant", "\(startsPregnant)")
    form.line("audience", audience.rawValue)
    for entry in languages { form.line("language", entry.language.rawValue, entry.coverage.rawValue) }
    form.line("start", start.rawValue)
    for node in nodes { form.add(node) }
    return Array(form.text.utf8)
  }
}

/// One field a line.
private struct CanonicalText {
  var text = ""

  mutating func line(_ field: String, _ values: String...) {
    text += field
    for value in values {
      text += "="
      for scalar in value.unicodeScalars {
        switch scalar {
        case "\\": text += "\\\\"
        case "\n": text += "\\n"
        case "\r": text += "\\r"
        case "=": text += "\\="
        default: text.unicodeScalars.append(scalar)
        }
      }
    }
    text += "\n"
  }

  mutating func add(_ node: Node) {
    line("node", node.id.rawValue)
    add(node.text)
    switch node.kind {
    case .statement(let emergency, let next): line("statement", emergency?.rawValue ?? "", next.rawValue)
    case .question(let answers):
      line("question")
      for answer in answers { add(answer) }
    case .identification(let next): line("identification", next.rawValue)
    case .disposition(let disposition): add(disposition)
    }
  }

  mutating func add(_ answer: Answer) {
    line("answer", "\(answer.key)", answer.meaning.rawValue, answer.next.rawValue)
    add(answer.text)
    let marks = answer.marks
    line("marks", marks.alarm?.rawValue ?? "", marks.prompt?.rawValue ?? "", "\(marks.isPregnant)", marks.code?.rawValue ?? "")
    if let onset = marks.onset { line("onset", "\(onset.minutes.lowerBound)", "\(onset.minutes.upperBound)") }
  }

  mutating func add(_ text: GuideText) {
    for entry in text.entries { line("text", entry.language.rawValue, entry.words) }
  }

  mutating func add(_ disposition: Disposition) {
    switch disposition {
    case .emergency911: line("end", "911")
    case .urgencias: line("end", "urgencias")
    case .person: line("end", "person")
    case .appointment(let term, let otherwise): line("end", "appointment", term.canonical, otherwise.rawValue)
    case .callback(let minutes): line("end", "callback", "\(minutes)")
    case .teleconsultation(let term, let otherwise): line("end", "teleconsultation", term.canonical, otherwise.rawValue)
    case .homeVisit: line("end", "home")
    case .noPlace: line("end", "no-place")
    }
  }
}

extension AppointmentTerm {
  fileprivate var canonical: String { "\(service.rawValue) \(days) \(areBusinessDays ? "business" : "calendar")" }
}
