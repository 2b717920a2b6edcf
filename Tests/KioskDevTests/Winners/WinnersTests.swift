internal import Testing

@testable import kiosk_dev

@Suite("Many clients, one slot")
struct WinnersTests {
  @Test("64 clients and one slot, sixty times: exactly one winner each, and sixty-three are told who it was not")
  func short() async throws {
    let report = try await WinnersCampaign(clients: 64, rounds: 60).run()
    #expect(report.complaints == [])
    #expect(report.won == 60)
    #expect(report.refused == 60 * 63)
    // They were judged together, not one after the other.
    #expect(report.batches < 60 * 64)
  }
}
