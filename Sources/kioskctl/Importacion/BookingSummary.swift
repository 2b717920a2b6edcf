internal import ClinicDomain
internal import TerminalText
internal import VentanillaMessages

/// What became of a file's bookings, or would: every row is in exactly one of the counts.
struct BookingSummary {
  struct Result {
    var row: BookingRow
    var result: Wire.ExternalResult
  }

  /// A row that was not taken.
  struct Conflict: Equatable {
    var line: Int
    var what: String
    var text: String
  }

  let file: BookingFile
  let isApplied: Bool
  /// In the order of the file.
  var results: [Result] = []
  /// What was taken before and is in the file no more.
  var gone: [Wire.ExportedBooking] = []
  var cancelsGone = false
  /// Of those, what was cancelled here too, or would be.
  var ended: [Wire.ExportedBooking] = []

  init(file: BookingFile, isApplied: Bool) {
    self.file = file
    self.isApplied = isApplied
  }

  func count(_ kind: Wire.ExternalKind) -> Int { results.count { $0.result.kind == kind } }

  var taken: Int { count(.added) + count(.busy) + count(.linked) + count(.changed) + count(.cancelled) }
  var unchanged: Int { count(.unchanged) }
  var past: Int { count(.past) }

  /// A row that changes what stands here.
  struct Difference: Equatable {
    /// 0 for what is in the file no more.
    var line: Int
    var reference: String
    var kind: Wire.ExternalKind
    /// Empty for what is new, and for what is no more.
    var before = ""
    var after = ""
  }

  /// By line: what is new, what stands otherwise, and what is cancelled.
  var differences: [Difference] {
    let ofRows = results.compactMap { entry -> Difference? in
      let (row, result) = (entry.row, entry.result)
      let before = result.before?.text ?? ""
      let after = "\(row.resource) \(row.date) \(row.start)"
      switch result.kind {
      case .added, .busy, .linked: return Difference(line: row.line, reference: row.reference, kind: result.kind, after: after)
      case .changed: return Difference(line: row.line, reference: row.reference, kind: .changed, before: before, after: after)
      case .cancelled: return Difference(line: row.line, reference: row.reference, kind: .cancelled, before: before)
      default: return nil
      }
    }
    let ofGone = ended.map { Difference(line: 0, reference: $0.reference, kind: .cancelled, before: $0.placeText) }
    return ofGone + ofRows.sorted { ($0.line, $0.reference) < ($1.line, $1.reference) }
  }

  /// Rows that a table of differences has at most on a terminal.
  static let shownDifferences = 100

  /// By line: those that cannot be read, and those that do not fit.
  var conflicts: [Conflict] {
    let refused = results.filter { $0.result.kind == .conflict }.map { entry in
      Conflict(line: entry.row.line, what: "\(entry.row.reference) \(entry.row.resource) \(entry.row.date) \(entry.row.start)", text: entry.result.text)
    }
    let unread = file.problems.map { problem in
      Conflict(line: problem.line, what: [problem.reference, problem.column].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: " "), text: problem.text)
    }
    return (refused + unread).sorted { ($0.line, $0.what) < ($1.line, $1.what) }
  }

  /// What was taken and deserves a look.
  private var remarks: [Conflict] {
    results.compactMap { entry in
      let text = entry.result.kind == .busy || entry.result.kind == .added ? entry.row.remark ?? entry.result.text : ""
      return text.isEmpty ? nil : Conflict(line: entry.row.line, what: "\(entry.row.reference) \(entry.row.resource) \(entry.row.date) \(entry.row.start)", text: text)
    }
  }

  func lines(_ style: TerminalStyle) -> [String] {
    let conflicts = conflicts
    var lines = [
      isApplied ? style.bold("Importado.") : style.bold("Ensayo: no se cambió nada.") + " Para hacerlo, la misma orden con --aplicar.",
      "Filas leídas: \(file.count) = \(taken) tomadas + \(unchanged) sin cambios + \(past) ya pasadas + \(conflicts.count) conflictos.",
      "Tomadas: \(count(.added)) citas nuevas, \(count(.busy)) horas ocupadas, \(count(.linked)) que ya eran citas de aquí, "
        + "\(count(.changed)) cambiadas, \(count(.cancelled)) canceladas.",
    ]
    if !gone.isEmpty {
      lines.append(
        "Ya no vienen en el archivo: \(gone.count). "
          + (cancelsGone ? "\(isApplied ? "Se cancelaron" : "Se cancelarían"): \(ended.count)." : "Siguen aquí; si el otro sistema las borró, cancélelas."))
      lines += Self.table(
        gone.map { Conflict(line: 0, what: "\($0.reference) \($0.placeText)", text: "") }, style)
    }
    lines += differenceLines(style)
    let remarks = remarks
    if !remarks.isEmpty { lines += ["Para revisar:"] + Self.table(remarks, style) }
    if !conflicts.isEmpty { lines += [style.yellow("Conflictos:")] + Self.table(conflicts, style) }
    return lines
  }

  private func differenceLines(_ style: TerminalStyle) -> [String] {
    let all = differences
    guard !all.isEmpty else { return [] }
    let table = TextTable(
      [.init("Línea", alignedRight: true), .init("Identificador"), .init("Qué"), .init("Antes"), .init("Después")],
      rows: all.prefix(Self.shownDifferences).map {
        [$0.line > 0 ? "\($0.line)" : "–", $0.reference.printable, $0.kind.text, $0.before.printable, $0.after.printable]
      })
    let more = all.count - Self.shownDifferences
    return [isApplied ? "Lo que cambió:" : "Lo que cambiaría:"] + table.lines(style)
      + (more > 0 ? ["… y \(more) más; con --json salen todas."] : [])
  }

  private static func table(_ rows: [Conflict], _ style: TerminalStyle) -> [String] {
    TextTable(
      [.init("Línea", alignedRight: true), .init("Qué"), .init("Qué hacer")],
      rows: rows.map { [$0.line > 0 ? "\($0.line)" : "–", $0.what.printable, $0.text.printable] }
    ).lines(style)
  }

  var json: JSONValue {
    .object([
      .init("applied", .bool(isApplied)), .init("rows", .number("\(file.count)")), .init("taken", .number("\(taken)")),
      .init("added", .number("\(count(.added))")), .init("busy", .number("\(count(.busy))")), .init("linked", .number("\(count(.linked))")),
      .init("changed", .number("\(count(.changed))")), .init("cancelled", .number("\(count(.cancelled))")),
      .init("unchanged", .number("\(unchanged)")), .init("past", .number("\(past)")),
      .init("conflicts", .array(conflicts.map(Self.json))), .init("remarks", .array(remarks.map(Self.json))),
      .init("gone", .array(gone.map { .string($0.reference) })), .init("gone_cancelled", .number("\(ended.count)")),
      .init("differences", .array(differences.map { difference in
        .object([
          .init("line", .number("\(difference.line)")), .init("reference", .string(difference.reference)),
          .init("kind", .string(difference.kind.code)), .init("before", .string(difference.before)), .init("after", .string(difference.after)),
        ])
      })),
    ])
  }

  private static func json(_ conflict: Conflict) -> JSONValue {
    .object([.init("line", .number("\(conflict.line)")), .init("what", .string(conflict.what)), .init("text", .string(conflict.text))])
  }
}

extension Wire.ExternalKind {
  /// As a program reads it.
  fileprivate var code: String {
    switch self {
    case .added: "added"
    case .busy: "busy"
    case .linked: "linked"
    case .changed: "changed"
    case .cancelled: "cancelled"
    default: ""
    }
  }

  /// As a technician reads it.
  fileprivate var text: String {
    switch self {
    case .added: "cita nueva"
    case .busy: "hora ocupada"
    case .linked: "ya era cita de aquí"
    case .changed: "cambiada"
    case .cancelled: "cancelada"
    default: ""
    }
  }
}

extension Wire.ExternalPlace {
  /// "C12 2026-11-24 08:15".
  fileprivate var text: String { "\(resource) \(date) \(AgendaMinute(minutes: Int(startMinute)) ?? .midnight)" }
}

extension Wire.ExportedBooking {
  /// "C12 2026-11-24 08:15".
  fileprivate var placeText: String { "\(resource) \(date) \(AgendaMinute(minutes: Int(startMinute)) ?? .midnight)" }
}
