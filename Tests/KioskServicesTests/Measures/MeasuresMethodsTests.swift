import ClinicDomain
import ClinicStore
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

@testable import KioskServices

@Suite("A director's report, over the contract")
struct MeasuresMethodsTests {
  @Test("It is what the store counts, day by day of the four weeks up to today", arguments: Depth.allCases)
  func report(depth: Depth) async throws {
    try await withClinic(depth) { clinic in
      try await clinic.occupy("C1 2026-11-23 08:15")
      let measures = MeasuresClient(clinic.doors[.staff])
      let report = try await measures.report(.init())
      #expect((report.firstDate, report.lastDate) == ("2026-10-27", "2026-11-23"))
      let counted = try await clinic.store.measures(of: CivilDate(iso: "2026-10-27")!...CivilDate.fixture, at: clinic.clock.now)
      #expect(report.rows == counted.rows.map(Wire.MeasureRow.init))
      #expect(report.rows[0].kind == .clinic && report.rows[0].thirdNextDays.count == 28)
      let first = try #require(report.rows.first { $0.subject == "C1" })
      #expect(first.thirdNextDays.suffix(1) == [0])
      let one = try await measures.report(.init(firstDate: "2026-11-23", lastDate: "2027-01-01"))
      #expect((one.firstDate, one.lastDate) == ("2026-11-23", "2026-11-23"))
    }
  }

  @Test("Days that are none, or too many, are refused with the field", arguments: [
    ("2026-11-24", "2026-11-23"), ("2020-01-01", "2026-11-23"), ("2023-11-19", "2026-11-23"),
  ])
  func wrongDays(first: String, last: String) async throws {
    try await withClinic(people: []) { clinic in
      let error = try await KioskServicesTests.status { () throws(RPCError) in
        try await MeasuresClient(clinic.doors[.staff]).report(.init(firstDate: first, lastDate: last))
      }
      #expect(error.code == .invalidArgument)
      #expect(error.message.hasPrefix("first_date: una fecha que no esté después de last_date"), "\(error.message)")
    }
  }

  @Test("A row of few people says nothing of them, and shares carry their interval")
  func wire() {
    var waits = Waits()
    for days in [0, 1, 1, 9, 9, 12] { waits.add(days) }
    let row = Wire.MeasureRow(
      MeasureRow(
        subject: .language("nah"), withinFiveDays: nil, noShows: Proportion(15, of: 148), waits: waits, freedAndReused: Proportion(),
        thirdNext: [0, nil, 12]))
    #expect(
      row
        == Wire.MeasureRow(
          kind: .language, subject: "nah", withinFiveDays: nil,
          noShows: Wire.MeasuredShare(count: 15, total: 148, lowPpm: 62386, highPpm: 160487),
          waits: Wire.MeasuredWaits(
            count: 6, days: 32, medianDays: 1, p90Days: 12, medianInterval: Wire.MedianInterval(lowDays: 0, highDays: 12)),
          freedAndReused: Wire.MeasuredShare(), thirdNextDays: [0, -1, 12]))
  }
}
