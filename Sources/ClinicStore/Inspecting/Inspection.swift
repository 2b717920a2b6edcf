internal import ClinicDomain
internal import CSQLite
internal import Scheduling

/// Everything that can be said about a store's rows by reading them.
///
/// The findings of one check are at most ``bound``, so that a ruined file does not fill the screen.
struct Inspection {
  let connection: Connection
  /// The store's file, for what is noted beside it; `nil` when nothing is.
  var path: String?
  /// Heads of the history that somebody has noted down elsewhere.
  var noted: [AuditHead] = []
  /// For the check of a night: the rules whose caps are looked at, and when.
  var night: (rules: ClinicRules, now: Instant)?
  static let bound = 20

  /// In the order of ``CheckFinding/Check``; none when all is well.
  func findings() -> [CheckFinding] { findings([integrity, foreignKeys, rowSums, overlaps, requests, history, order, register]) }

  /// Only whether each row is what was written, and who wrote it.
  func findingsOfRows() -> [CheckFinding] { findings([history, rowSums]) }

  func findings(_ checks: [() throws(StoreFault) -> [CheckFinding]]) -> [CheckFinding] {
    var findings: [CheckFinding] = []
    for check in checks {
      do throws(StoreFault) { findings += try check() } catch {
        findings.append(CheckFinding(.unfinished, "La revisión no se pudo terminar: \(error)"))
      }
    }
    return findings
  }

  private func integrity() throws(StoreFault) -> [CheckFinding] {
    try connection.texts("PRAGMA integrity_check(\(Self.bound))").filter { $0 != "ok" }
      .map { CheckFinding(.integrity, "SQLite encontró un daño: \($0)") }
  }

  private func foreignKeys() throws(StoreFault) -> [CheckFinding] {
    let rows = try Statement("PRAGMA foreign_key_check", in: connection)
    defer { rows.reset() }
    var findings: [CheckFinding] = []
    while findings.count < Self.bound, try rows.step() {
      findings.append(
        CheckFinding(
          .foreignKey, "La fila \(rows.integer(1)) de \(rows.text(0)) se refiere a una de \(rows.text(2)) que no existe."))
    }
    return findings
  }

  func rowSums() throws(StoreFault) -> [CheckFinding] {
    var findings: [CheckFinding] = []
    for table in Schema.tables {
      let rows = try Statement("SELECT * FROM \(table.name) ORDER BY \(table.order)", in: connection)
      let last = rows.columnCount - 1
      while findings.count < Self.bound, try rows.step() {
        var sum = RowSum()
        rows.feed(0..<last, into: &sum)
        if sum.value != rows.integer(last) {
          findings.append(CheckFinding(.rowSum, "La fila \(rows.key(0)) de \(table.name) no es la que se escribió."))
        }
      }
      rows.reset()
    }
    return findings
  }

  /// By the rows alone, each with the time around it that its stamp keeps: neither the index nor the triggers are asked.
  func overlaps() throws(StoreFault) -> [CheckFinding] {
    let rows = try Statement(
      """
      SELECT folio, previous, resource, date(day * 86400, 'unixepoch') FROM (
        SELECT folio, resource, day, lane, start_minute - coalesce(before_minutes, 0) AS begins,
          max(end_minute + coalesce(after_minutes, 0)) OVER earlier AS busy_until, max(folio) OVER earlier AS previous
        FROM appointment NOT INDEXED
        WHERE status IN ('pending', 'booked', 'arrived', 'checked-in', 'fulfilled')
        WINDOW earlier AS (PARTITION BY resource, day, lane ORDER BY start_minute - coalesce(before_minutes, 0), folio
          ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING))
      WHERE busy_until > begins LIMIT \(Self.bound)
      """, in: connection)
    defer { rows.reset() }
    var findings: [CheckFinding] = []
    while try rows.step() {
      findings.append(
        CheckFinding(
          .overlap, "El folio \(rows.integer(0)) se encima con otra cita en \(rows.text(2)) el \(rows.text(3))."))
    }
    return findings
  }

  private func requests() throws(StoreFault) -> [CheckFinding] {
    let rows = try Statement(
      """
      SELECT hex(id), folio FROM request
      WHERE folio IS NOT NULL AND folio NOT IN (SELECT folio FROM appointment) LIMIT \(Self.bound)
      """, in: connection)
    defer { rows.reset() }
    var findings: [CheckFinding] = []
    while try rows.step() {
      findings.append(
        CheckFinding(.request, "La solicitud \(rows.text(0)) se refiere al folio \(rows.integer(1)), que no existe."))
    }
    return findings
  }
}

extension Statement {
  /// A row's first column as people read it.
  fileprivate func key(_ column: Int32) -> String {
    let bytes = bytes(column)
    let isText = bytes.allSatisfy { (0x20..<0x7F).contains($0) }
    return isText ? text(column) : bytes.map { String($0, radix: 16) }.joined()
  }
}
