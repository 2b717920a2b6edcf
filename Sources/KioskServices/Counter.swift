package import ClinicDomain
package import ClinicStore
package import Scheduling
package import TTRPCCore
internal import VentanillaMessages

/// The clinic's counter: what every method of its services works with.
package struct Counter: Sendable {
  package let store: ClinicStore
  package let rules: ClinicRules
  package let sessions: SessionRegistry
  package let holds: ConnectionHolds
  package let gate: IdentificationGate
  package let clock: ServiceClock

  package init(
    store: ClinicStore, rules: ClinicRules, sessions: SessionRegistry, holds: ConnectionHolds = ConnectionHolds(),
    gate: IdentificationGate = IdentificationGate(), clock: ServiceClock
  ) {
    self.store = store
    self.rules = rules
    self.sessions = sessions
    self.holds = holds
    self.gate = gate
    self.clock = clock
  }

  /// The world's time.
  var now: Instant {
    let read = clock.now
    return read()
  }

  /// The clinic's date now.
  var today: CivilDate { rules.today(at: now) }
}

/// The two clocks that services read: the world's, and the one deadlines are measured on.
package struct ServiceClock: Sendable {
  package let now: @Sendable () -> Instant
  package let monotonic: @Sendable () -> MonotonicTime

  package init(
    now: @escaping @Sendable () -> Instant, monotonic: @escaping @Sendable () -> MonotonicTime
  ) {
    self.now = now
    self.monotonic = monotonic
  }

  /// When a call's caller stops waiting, on the world's clock.
  func deadline(of context: CallContext) -> Instant? {
    guard let deadline = context.deadline else { return nil }
    let tick = monotonic()
    let left = deadline > tick ? deadline.nanoseconds - tick.nanoseconds : 0
    return now().adding(milliseconds: Int64(clamping: left / 1_000_000))
  }
}

extension Channel {
  /// The door that a role stands at.
  init(role: RoleSet) {
    if role.contains(.kiosk) { self = .kiosk } else if role.contains(.ivr) { self = .phone } else { self = .desk }
  }
}
