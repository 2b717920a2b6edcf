import KioskClient
import Testing

@Suite("How long a client waits before it tries again")
struct RetryPolicyTests {
  @Test("All of the pause is chance; what it is taken from doubles up to the longest", arguments: [
    (2, 0.0, 0), (2, 1.0, 50), (2, 0.5, 25), (3, 0.0, 0), (3, 1.0, 100), (4, 1.0, 200), (5, 1.0, 400), (7, 1.0, 1600),
    (8, 1.0, 2000), (8, 0.25, 500), (1000, 1.0, 2000), (1, 1.0, 50), (0, 1.0, 50), (2, -3.0, 0), (2, 7.0, 50),
  ])
  func pauses(attempt: Int, chance: Double, milliseconds: Double) {
    #expect(RetryPolicy().pause(before: attempt, chance: chance) == .milliseconds(milliseconds))
  }

  @Test("A first pause longer than the longest is cut to it")
  func cut() {
    var policy = RetryPolicy()
    policy.firstPause = .seconds(5)
    #expect(policy.pause(before: 2, chance: 1) == .seconds(2))
  }
}
