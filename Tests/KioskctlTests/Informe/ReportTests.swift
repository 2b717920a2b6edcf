import TerminalText
import Testing
import VentanillaMessages

@testable import kioskctl

@Suite("A director's report in a terminal and as a picture")
struct ReportTests {
  static let report = Wire.MeasuresReport(
    firstDate: "2026-11-21", lastDate: "2026-11-23",
    rows: [
      Wire.MeasureRow(
        kind: .clinic, withinFiveDays: share(60, 80, 645_153, 831_938), noShows: share(15, 60, 157_765, 372_321),
        waits: Wire.MeasuredWaits(count: 80, days: 245, medianDays: 3, p90Days: 9), freedAndReused: Wire.MeasuredShare(count: 4, total: 6),
        thirdNextDays: [1, 2, 3]),
      Wire.MeasureRow(
        kind: .resource, subject: "C1", withinFiveDays: share(60, 80, 645_153, 831_938), noShows: share(15, 60, 157_765, 372_321),
        waits: Wire.MeasuredWaits(count: 80, days: 245, medianDays: 3, p90Days: 9), freedAndReused: Wire.MeasuredShare(count: 4, total: 6),
        thirdNextDays: [1, -1, 3]),
      Wire.MeasureRow(kind: .resource, subject: "V2", withinFiveDays: Wire.MeasuredShare(), freedAndReused: Wire.MeasuredShare(), thirdNextDays: [0, 0, 0]),
      Wire.MeasureRow(
        kind: .channel, subject: "phone", withinFiveDays: share(40, 50, 669_629, 887_562), noShows: share(3, 50, 20_615, 162_171),
        waits: Wire.MeasuredWaits(
          count: 50, days: 100, medianDays: 2, p90Days: 5, medianInterval: Wire.MedianInterval(lowDays: 1, highDays: 4))),
      Wire.MeasureRow(kind: .language, subject: "nah"),
    ])

  private static func share(_ count: Int64, _ total: Int64, _ low: Int32, _ high: Int32) -> Wire.MeasuredShare {
    Wire.MeasuredShare(count: count, total: total, lowPpm: low, highPpm: high)
  }

  @Test("Agendas and groups are two tables; what few people made is a dot")
  func tables() {
    let lines = Self.report.lines(.plain)
    #expect(
      lines.prefix(11) == [
        "Informe del 2026-11-21 al 2026-11-23", "",
        "Agenda           3.er libre  En 5 días  Reusados  Faltas  Espera",
        "C1                    3 / –     75.0 %    4 de 6  25.0 %   3 / 9",
        "V2                    0 / 0          –         –       ·       ·",
        "Toda la clínica       2 / 3     75.0 %    4 de 6  25.0 %   3 / 9",
        "", "Equidad", "",
        "Grupo           Citas  En 5 días  (95 %)       Faltas  (95 %)      Espera  (95 %)",
        "Teléfono           50     80.0 %  67.0 a 88.8   6.0 %  2.1 a 16.2   2 / 5  1 a 4",
      ], "\(lines.joined(separator: "\n"))")
    #expect(lines[11].split(separator: " ") == ["Lengua", "náhuatl", "·", "·", "·", "·"])
  }

  @Test("As CSV each measure has a line, and what is not told is empty")
  func csv() {
    let lines = Self.report.csvLines
    #expect(lines[0] == "tipo,de,medida,fecha,cuantos,total,valor,desde,hasta")
    for line in [
      "clinica,,en_cinco_dias,,60,80,0.750000,0.645153,0.831938", "agenda,C1,tercer_libre,2026-11-21,,,1,,", "agenda,C1,tercer_libre,2026-11-22,,,,,",
      "canal,phone,faltas,,3,50,0.060000,0.020615,0.162171", "canal,phone,espera_media,,100,50,2.0,,", "canal,phone,espera_mediana,,,50,2,1,4", "clinica,,espera_mediana,,,80,3,,", "lengua,nah,faltas,,,,,,",
      "agenda,V2,en_cinco_dias,,0,0,,0.000000,0.000000",
    ] { #expect(lines.contains(line), "\(line)") }
    #expect(lines.allSatisfy { $0.split(separator: ",", omittingEmptySubsequences: false).count == 9 })
  }

  @Test("The picture has a mark for every group that may be told and none for the others, in whole tags")
  func plot() {
    let svg = ReportPlot(Self.report).svg
    #expect(svg.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\"") && svg.hasSuffix("</svg>\n"))
    for text in ["Días hasta el tercer lugar libre", "Teléfono", "Lengua náhuatl", "Citas en cinco días", "Espera: mediana, días", "no se dice: pocas personas"] {
      #expect(svg.contains(">\(text)</text>"), "\(text)")
    }
    // One group with two shares and a wait, each with its interval.
    #expect(svg.split(separator: "<circle").count - 1 == 3)
    #expect(svg.split(separator: "stroke-width=\"3\"").count - 1 == 3)
    #expect(svg.split(separator: "<text").count == svg.split(separator: "</text>").count)
    #expect(svg.split(separator: "<polyline").count == 2)
  }

  @Test("Days of nothing are a picture too")
  func empty() {
    let svg = ReportPlot(Wire.MeasuresReport(firstDate: "2026-11-23", lastDate: "2026-11-23", rows: [Wire.MeasureRow(kind: .clinic)])).svg
    #expect(svg.contains("ninguno") && svg.hasSuffix("</svg>\n"))
  }

  @Test("Numbers are rounded to the nearest", arguments: [
    (Int64(5), Int64(100), "0.1"), (4, 100, "0.0"), (100, 3, "33.3"), (2, 3, "0.7"), (995, 10, "99.5"),
  ])
  func tenths(value: Int64, divisor: Int64, text: String) { #expect(Decimals.tenths(of: value, by: divisor) == text) }
}
