package import ClinicDomain
package import ClinicStore
internal import Scheduling

/// What the server does of itself for who told an alarm sign or waits for a call: it has them escalate when their time is over, and shows
/// staff every alarm as soon as it is durable.
///
/// Time is the counter's clock, and what comes of it is a command like everybody's: an escalation that was told outlasts kill -9, and
/// one whose time came while the server was down is made at the first look.
package final class TelephoneKeeper: Sendable {
  /// The longest time between two looks: an alarm's 30 seconds run out without a commit.
  package static let patience = Duration.seconds(1)
  /// The shortest time between two looks; with the commit's own milliseconds staff see an alarm well within a second (P24).
  package static let pause = Duration.milliseconds(100)

  /// What staff see; a state for each change.
  package let alarms = NumberedState<[AlarmEntry]>([])
  private let counter: Counter
  private let onNotice: @Sendable (Notice) -> Void

  /// Something that staff should know of although nobody follows the list.
  package enum Notice: Sendable {
    /// Nobody acknowledged it in time.
    case alarmEscalated(TelephoneAlarm)
    case callbackEscalated(Folio)
    case fault(StoreFault)
  }

  package init(_ counter: Counter, onNotice: @escaping @Sendable (Notice) -> Void = { _ in }) {
    self.counter = counter
    self.onNotice = onNotice
  }

  /// Looks once: has escalate what is to, and shows the alarms as they are then.
  ///
  /// - Returns: how many escalated.
  @discardableResult
  package func look() async throws(StoreFault) -> Int {
    let now = counter.now
    let (alarms, callbacks) = try await counter.store.read { reader throws(StoreFault) in
      (try reader.alarmsToEscalate(at: now), try reader.callbacksToEscalate(at: now))
    }
    for id in alarms {
      guard case .granted(.telephone(.alarm(let alarm)), _) = try await submit(.escalateAlarm(id)), alarm.escalatedAt != nil else { continue }
      onNotice(.alarmEscalated(alarm))
    }
    for folio in callbacks where try await submit(.escalateCallback(folio)).isGranted { onNotice(.callbackEscalated(folio)) }
    try await show()
    return alarms.count + callbacks.count
  }

  /// Makes the alarms as they are now the state that staff follow.
  private func show() async throws(StoreFault) {
    alarms.update(try await counter.store.read { reader throws(StoreFault) in try reader.alarms() })
  }

  /// Looks after each commit and every second, until the task is cancelled.
  package func run() async {
    await counter.keepLooking(patience: Self.patience, pause: Self.pause, onFault: { [onNotice] in onNotice(.fault($0)) }) {
      [self] () throws(StoreFault) in try await look()
    }
  }

  private func submit(_ command: TelephoneCommand) async throws(StoreFault) -> StoreOutcome {
    try await counter.submit(.telephone(command))
  }
}

extension StoreOutcome {
  fileprivate var isGranted: Bool { if case .granted = self { true } else { false } }
}
