internal import KioskClient

/// What somebody who follows is told of the connection: that there is none, once, and that it is back.
struct ConnectionNotices {
  private var isAway = false

  mutating func notice(of state: KioskClientState, at now: ContinuousClock.Instant) -> String? {
    switch state {
    case .away where !isAway: isAway = true
    case .connected where isAway: isAway = false
    default: return nil
    }
    return state.sentence(at: now)
  }
}
