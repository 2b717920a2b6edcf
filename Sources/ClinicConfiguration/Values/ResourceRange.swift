internal import ClinicDomain

/// Resources named together: `C7`, or `C1-C15`.
struct ResourceRange: Hashable {
  let first: ResourceID
  let last: ResourceID

  var ids: [ResourceID] { (first.number...last.number).map { ResourceID(first.kind, $0)! } }

  /// "C1, C4 a C6 y V2": ascending, runs of three and more joined.
  static func describe(_ ids: [ResourceID]) -> String {
    var runs: [[ResourceID]] = []
    for id in ids.sorted() {
      if let last = runs.last?.last, last.kind == id.kind, last.number + 1 == id.number {
        runs[runs.count - 1].append(id)
      } else {
        runs.append([id])
      }
    }
    let words = runs.flatMap { run in
      run.count < 3 ? run.map(\.description) : ["\(run[0]) a \(run[run.count - 1])"]
    }
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " y " + last
  }
}

extension ValueParser<ResourceRange> {
  /// - Parameter kind: the only kind that is taken, or `nil` for any.
  static func resources(_ kind: ResourceID.Kind?) -> ValueParser {
    ValueParser { text throws(Complaint) in
      let parts = text.replacing("–", with: "-").split(separator: "-", omittingEmptySubsequences: false)
        .map { String($0).trimmed }
      let letter = (kind ?? .consultorio).letter
      let example = letter == "C" ? "C1 o C1-C15" : "\(letter)1 o \(letter)1-\(letter)3"
      let ids = parts.compactMap { ResourceID(text: $0) }
      guard ids.count == parts.count, let first = ids.first, let last = ids.last, ids.count <= 2 else {
        throw Complaint(
          "\"\(text.excerpt)\" no nombra consultorios ni ventanillas",
          fix: "escriba la letra (C consultorio, V ventanilla) y un número de 1 a 999, como \(example)")
      }
      guard kind == nil || first.kind == kind, first.kind == last.kind else {
        throw Complaint("\"\(text.excerpt)\" mezcla consultorios (C) y ventanillas (V)", fix: "aquí escriba \(example)")
      }
      guard first <= last else {
        throw Complaint("\"\(text.excerpt)\" va de mayor a menor", fix: "escriba \(last)-\(first)")
      }
      return ResourceRange(first: first, last: last)
    }
  }
}
