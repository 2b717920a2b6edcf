package import Metrics

/// What the writing thread tells of its commits.
package struct StoreMeter: Sendable {
  /// The timer's name.
  package static let commitLabel = "ventanilla_store_commit"

  /// Nanoseconds of a clock that is never set.
  private let ticks: @Sendable () -> UInt64
  private let commit: Timer

  package init(factory: any MetricsFactory, ticks: @escaping @Sendable () -> UInt64) {
    self.ticks = ticks
    commit = Timer(label: Self.commitLabel, factory: factory)
  }

  /// Tells nobody.
  package static var silent: StoreMeter { StoreMeter(factory: NOOPMetricsHandler.instance) { 0 } }

  var now: UInt64 { ticks() }

  /// A batch is durable whose first decision began at `start`.
  func committed(since start: UInt64) { commit.recordNanoseconds(now &- start) }
}
