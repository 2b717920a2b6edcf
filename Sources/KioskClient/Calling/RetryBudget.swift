/// How many of its calls a client may repeat at a server that answers that it cannot: a sick server is not hammered.
///
/// Each such answer costs a token, each call that is answered well earns a tenth of one, and calls are repeated while more than half of
/// the tokens are left: in the long run one repeat for ten calls that go well, and none where none does. Connections that are lost cost
/// nothing: what follows them is paced by connecting. Calls that the server has not begun cost nothing either.
///
/// Source: gRPC proposal A6, "Throttling Retry Attempts and Hedged RPCs".
package struct RetryBudget: Hashable, Sendable {
  /// In thousandths of a token, as gRPC counts.
  ///
  /// 400 tokens let a telephone bridge with 200 lines repeat each of its calls once before anything has gone well.
  private static let most = 400_000
  private static let costOfFailure = 1000
  private static let gainOfSuccess = 100

  private var tokens = Self.most

  package init() {}

  package var allowsRepeat: Bool { tokens > Self.most / 2 }

  package mutating func answeredWell() { tokens = min(tokens + Self.gainOfSuccess, Self.most) }

  package mutating func answeredAway() { tokens = max(tokens - Self.costOfFailure, 0) }
}
