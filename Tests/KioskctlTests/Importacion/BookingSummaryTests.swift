import TerminalText
import Testing
import VentanillaMessages

@testable import ClinicDomain
@testable import kioskctl

@Suite("What an import of another system's bookings would change, in a terminal and for programs")
struct BookingSummaryTests {
  static func row(_ line: Int, _ hour: String) -> BookingRow {
    BookingRow(
      line: line, reference: "R\(line)", resource: ResourceID(text: "C1")!, date: CivilDate(iso: "2026-11-24")!, start: AgendaMinute(text: hour)!)
  }

  static func result(_ line: Int, _ kind: Wire.ExternalKind, _ before: String? = nil) -> Wire.ExternalResult {
    Wire.ExternalResult(
      line: Int32(line), kind: kind,
      before: before.map { Wire.ExternalPlace(resource: "C2", date: "2026-11-23", startMinute: Int32(AgendaMinute(text: $0)!.minutes)) })
  }

  static func summary(_ kinds: [(Wire.ExternalKind, String?)]) -> BookingSummary {
    var summary = BookingSummary(file: BookingFile(rows: []), isApplied: false)
    summary.results = kinds.enumerated().map { place, kind in
      BookingSummary.Result(row: row(place + 2, "08:15"), result: result(place + 2, kind.0, kind.1))
    }
    return summary
  }

  @Test("Each row that is new, changed or cancelled is listed with where it stood and where it stands; what stays is not")
  func differences() {
    var summary = Self.summary([(.added, nil), (.unchanged, nil), (.changed, "09:00"), (.cancelled, "10:30"), (.busy, nil), (.past, nil)])
    summary.gone = [Wire.ExportedBooking(reference: "R99", resource: "C3", date: "2026-11-24", startMinute: 600)]
    summary.cancelsGone = true
    summary.ended = summary.gone
    let lines = summary.lines(.plain)
    let first = lines.firstIndex(of: "Lo que cambiaría:").map { Array(lines[$0...].prefix(7)) } ?? []
    #expect(
      first.map { $0.split(separator: " ").joined(separator: " ") } == [
        "Lo que cambiaría:", "Línea Identificador Qué Antes Después", "– R99 cancelada C3 2026-11-24 10:00", "2 R2 cita nueva C1 2026-11-24 08:15",
        "4 R4 cambiada C2 2026-11-23 09:00 C1 2026-11-24 08:15", "5 R5 cancelada C2 2026-11-23 10:30", "6 R6 hora ocupada C1 2026-11-24 08:15",
      ], "\(lines.joined(separator: "\n"))")
    let json = "\(summary.json)"
    for text in ["differences", "R99", "C2 2026-11-23 09:00", "changed"] { #expect(json.contains(text), "\(json)") }
    #expect(!Self.summary([(.unchanged, nil)]).lines(.plain).contains { $0.hasPrefix("Lo que") })
  }

  @Test("A terminal has the first hundred and is told how many more there are; programs have all")
  func many() {
    let summary = Self.summary(Array(repeating: (.added, nil), count: 130))
    #expect(summary.lines(.plain).contains("… y 30 más; con --json salen todas."))
    #expect(summary.differences.count == 130)
  }

  @Test("Conflicts that are not shown are counted, with the order that shows them")
  func more() {
    #expect(ConflictosListaCommand.more(0) == [])
    #expect(ConflictosListaCommand.more(345) == ["", "Hay 345 más. Para verlas todas: kioskctl agenda conflictos --todas"])
  }
}
