import KioskClient
import TTRPCCore
import Testing

@Suite("Whether a call is made again")
struct CallTriesTests {
  static let away = RPCError(.unavailable, "away")
  static let policy: RetryPolicy = {
    var policy = RetryPolicy()
    (policy.attempts, policy.firstPause, policy.longestPause) = (4, .milliseconds(100), .milliseconds(300))
    policy.longestWait = .seconds(10)
    return policy
  }()

  static func crowded(_ milliseconds: UInt64) -> RPCError {
    .tooManyCallsASecond(CallRate(perSecond: 5, burst: 5), wait: milliseconds * 1_000_000)
  }

  /// UNAVAILABLE with a wait.
  static func away(_ milliseconds: UInt64) -> RPCError {
    var error = away
    error.details = crowded(milliseconds).details
    return error
  }

  @Test("The first failure, and what follows", arguments: [
    (CallTries.Failure.unreached(away), CallTries.Next.again), (.lost(.connectionClosed), .again), (.lost(.notBegun), .again),
    (.lost(.deadlineExceeded), .giveUp), (.unreached(.cancelled), .giveUp),
    (.answered(away, by: 0, of: 1), .after(.milliseconds(100))), (.answered(away, by: 0, of: 2), .again),
    (.answered(crowded(700), by: 0, of: 2), .after(.milliseconds(800))), (.answered(crowded(10_001), by: 0, of: 1), .giveUp),
    (.answered(RPCError(.resourceExhausted, "full"), by: 0, of: 1), .giveUp),
    (.answered(away(700), by: 0, of: 1), .after(.milliseconds(800))), (.answered(away(700), by: 0, of: 2), .again),
    (.answered(away(10_001), by: 0, of: 1), .giveUp),
  ])
  func first(failure: CallTries.Failure, next: CallTries.Next) {
    var (tries, budget) = (CallTries(Self.policy), RetryBudget())
    #expect(tries.failed(failure, &budget, chance: 1) == next)
  }

  @Test("No other status is tried again, at however many servers", arguments: StatusCode.allCases)
  func otherStatuses(code: StatusCode) {
    var (tries, budget) = (CallTries(Self.policy), RetryBudget())
    let next = tries.failed(.answered(RPCError(code, "no"), by: 0, of: 3), &budget, chance: 1)
    #expect(next == (code == .unavailable ? .again : .giveUp))
  }

  @Test("Every server that says that it is away is passed once without a pause; the policy's tries are the end")
  func rounds() {
    var (tries, budget) = (CallTries(Self.policy), RetryBudget())
    #expect(tries.failed(.answered(Self.away, by: 1, of: 2), &budget, chance: 1) == .again)
    #expect(tries.failed(.answered(Self.away, by: 0, of: 2), &budget, chance: 1) == .after(.milliseconds(200)))
    #expect(tries.failed(.answered(Self.away, by: 1, of: 2), &budget, chance: 0.5) == .after(.milliseconds(150)))
    #expect(tries.failed(.answered(Self.away, by: 0, of: 2), &budget, chance: 1) == .giveUp)
  }

  @Test("A server that never answers well is asked again 199 times in all, by however many calls")
  func sick() {
    var (budget, repeats) = (RetryBudget(), 0)
    for _ in 0..<1000 {
      var tries = CallTries(Self.policy)
      while tries.failed(.answered(Self.away, by: 0, of: 1), &budget, chance: 0) != .giveUp { repeats += 1 }
    }
    #expect(repeats == 199)
  }

  @Test("Ten calls that go well earn one repeat; lost connections cost none")
  func earning() {
    var budget = RetryBudget()
    for _ in 0..<1000 { budget.answeredAway() }
    #expect(!budget.allowsRepeat)
    for _ in 0..<2000 { budget.answeredWell() }
    #expect(!budget.allowsRepeat, "exactly half is left")
    budget.answeredWell()
    #expect(budget.allowsRepeat)
    for _ in 0..<1000 {
      var tries = CallTries(Self.policy)
      #expect(tries.failed(.lost(.connectionClosed), &budget, chance: 0) == .again)
    }
    #expect(budget.allowsRepeat)
  }
}
