package import TTRPCCore
package import TTRPCNIO

/// How a client behaves; the defaults suit a program that makes a call and ends.
package struct KioskClientOptions: Sendable {
  package var policy = RetryPolicy()
  /// For each server: until it is connected and has answered the introduction.
  package var connectTimeout: Duration = .seconds(5)
  /// What is said in the first call of each connection; `nil` makes none and speaks plain ttrpc.
  package var introduction: ClientIntroduction?
  /// What is spoken with the servers that are reached by TCP; `nil` for plain connections. A socket of this machine needs none.
  package var tls: ClientTLS?
  /// Connects at once and again whenever the connection is lost, although no call asks for it: for a screen that shows its state.
  package var keepsConnection = false
  /// How long a client stays with a server behind the first before it tries those in front of it again, half as long again by chance.
  ///
  /// Five minutes: a server that restarts does not pull every kiosk back and forth, and the second does not carry the day. The
  /// connection it has is kept until the new one stands, and calls in flight end where they were begun.
  package var returnAfter: Duration = .seconds(300)
  package var limits = TTRPCLimits.standard
  /// A number from 0 to 1; another source in tests, so that a seed decides.
  package var chance: @Sendable () -> Double = { .random(in: 0...1) }

  package init() {}

  /// For a program that lives as long as its machine is on: it says who it is, keeps its connection, and its calls are tried for as long
  /// as their time lasts. A call without a time waits until there is a server.
  package static func longLived(_ introduction: ClientIntroduction) -> KioskClientOptions {
    var options = KioskClientOptions()
    (options.introduction, options.keepsConnection) = (introduction, true)
    options.policy.attempts = .max
    return options
  }
}
