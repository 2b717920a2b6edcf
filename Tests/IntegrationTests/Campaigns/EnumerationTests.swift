internal import Testing

@testable internal import kiosk_dev

@Suite("Trying numbers", .serialized)
struct EnumerationTests {
  @Test("A kiosk tests twenty identities and no more, every failure is one reply, and everybody who mistypes is served")
  func short() async throws {
    let report = try await EnumerationCampaign(attempts: 400, patients: 60, seed: 2, judgesTimes: false).run()
    #expect(report.complaints == [])
    #expect(report.tested == 20 && report.testedAfterUnlocking == 20)
    #expect(report.replies == 1 && report.refusals == 1 && report.testedByBridge == 400)
    #expect(report.crowdedOut == 20 && report.crowdedOutServed == 20)
    #expect(report.days.map(\.people) == [60, 60] && report.days.allSatisfy { $0.mistakes > 0 })
    #expect(report.summary == "enumeration: 400 attempts, 20 identities tested, 120 of 120 people served: ok")
  }

  @Test("The report sees what is not as it must be")
  func complaints() {
    var report = EnumerationReport()
    (report.tested, report.testedAfterUnlocking, report.testedBound) = (21, 20, 20)
    (report.replies, report.refusals) = (2, 1)
    (report.crowdedOut, report.crowdedOutServed) = (20, 19)
    report.days = [.init(name: "one bridge", people: 600, served: 590, servedAtDesk: 9)]
    report.times = WelchTest([1, 2, 3, 2, 1], [11, 12, 13, 12, 11])
    report.judge(judgesTimes: true)
    #expect(report.complaints == [
      "one kiosk tested 21 and 20 identities; 20 was the bound", "failed attempts got 2 different replies", "no alarm was raised",
      "1 people were locked out by a stranger", "one bridge: 1 of 600 were not served",
      "unknown and wrong can be told apart by their times: t = -18.90",
    ])
  }

  @Test("Welch's t of two samples, by hand")
  func welch() {
    // Means 3 and 5, variances 2.5 and 10, five each: t = -2 / sqrt(0.5 + 2).
    let test = WelchTest([1, 2, 3, 4, 5], [1, 3, 5, 7, 9])
    #expect(test.difference == -2 && abs(test.t + 1.2649) < 0.0001)
    #expect(WelchTest([1, 1], [1, 1]).t == 0)
  }
}
