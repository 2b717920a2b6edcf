import ClinicStore
import Foundation
import Scheduling
import Testing

@testable import kiosk_dev

@Suite("A year of the clinic")
struct YearTests {
  @Test("Of three weeks of three consultorios everything that can happen happened, and the store is whole and answers a director")
  func threeWeeks() async throws {
    var campaign = YearCampaign()
    (campaign.consultorios, campaign.people, campaign.days, campaign.root) = (3, 1500, 21, NSTemporaryDirectory())
    let outcome = try await campaign.run()
    #expect(outcome.findings == [])
    #expect(
      Set(outcome.counts.granted.keys)
        == ["hold", "book", "cancel", "reschedule", "confirm", "check-in", "attend", "miss", "free", "admit", "round"])
    // New Year's Day and three weekends.
    #expect(outcome.counts.openDays == 14)
    #expect(outcome.stored.appointments > 14 * 3 * 48 * 8 / 10)
    // Each granted command kept its answer, and nothing else is in there; the bookings of the measurement came later.
    #expect(outcome.stored.requests == outcome.counts.granted.values.reduce(0, +))
    let clinic = outcome.measures.rows[0]
    for proportion in [clinic.withinFiveDays, clinic.noShows, clinic.freedAndReused] {
      let proportion = try #require(proportion)
      #expect(0 < proportion.count && proportion.count < proportion.total)
    }
    #expect(outcome.measures.rows.count { if case .resource = $0.subject { $0.thirdNext.count == 21 } else { false } } == 3)
    // Both sizes are of whole pages; an appointment is a few rows of a few hundred bytes.
    let growth = (outcome.bytes - outcome.bytesWithPeople) / outcome.stored.appointments
    #expect((500...8000).contains(growth), "\(growth) bytes an appointment")
    #expect(outcome.report(machine: MachineLoad(loadBefore: 0)).bounds.count == 8)
  }
}
