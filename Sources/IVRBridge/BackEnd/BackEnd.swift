package import ClinicDomain
package import IVRDialogue

/// The clinic's server as one call knows it; what is opened here ends with the call.
package protocol BackEnd: Sendable {
  /// Answers within the time, whatever happens: ``CallEvent/answer(_:)`` or ``CallEvent/backEndAway(mayHaveHappened:)``. Gives up when its
  /// task is cancelled.
  func answer(_ request: BackEndRequest, within time: Duration) async -> CallEvent
  /// Does what the caller does not wait for, within a time of its own.
  func perform(_ effect: CallEffect) async
  /// Shows the server that the call goes on, so that its session does not end while the caller listens.
  func stayAlive() async
  /// The call is over: what it still holds is free at once.
  func close() async
}

/// What decides a call: `IVRDialogue`'s machine, or a test's.
package protocol CallDeciding: Sendable {
  mutating func handle(_ event: CallEvent, at now: Instant) -> CallTurn
  /// The name under which the step in hand is counted: nothing of the caller, nor of why they call.
  var whereCounted: String { get }
  /// How often what was pressed was no answer to what was asked, in the whole call.
  var wrongKeys: Int { get }
}

extension Call: CallDeciding {}

/// The clinic's wall clock.
package struct CallClock: Sendable {
  package var now: @Sendable () -> Instant
  package var wall: @Sendable (Instant) -> (date: CivilDate, minute: AgendaMinute)

  package init(
    now: @escaping @Sendable () -> Instant, wall: @escaping @Sendable (Instant) -> (date: CivilDate, minute: AgendaMinute)
  ) {
    self.now = now
    self.wall = wall
  }
}
