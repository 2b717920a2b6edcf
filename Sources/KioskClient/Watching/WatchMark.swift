/// Where a watch stands: which of its states was the last.
package struct WatchMark: Hashable, Sendable {
  /// Which life of the server numbered them; numbers of two lives have nothing to do with each other.
  package var epoch: UInt64
  /// Rises with every state of an epoch.
  package var number: UInt64

  package init(epoch: UInt64, number: UInt64) {
    self.epoch = epoch
    self.number = number
  }

  /// Whether this state comes after another: not the same again, nor an older one that came late.
  package func follows(_ last: WatchMark?) -> Bool {
    guard let last, last.epoch == epoch else { return true }
    return number > last.number
  }

  /// How many states there were between, as far as numbers tell: none across epochs.
  package func statesMissed(since last: WatchMark?) -> UInt64 {
    guard let last, last.epoch == epoch, number > last.number else { return 0 }
    return number - last.number - 1
  }
}

/// One state of a watch, as its reader gets it.
package struct WatchedState<Value: Sendable>: Sendable {
  package let value: Value
  package let mark: WatchMark
  /// States between the last that this reader got and this one: while it was busy or the connection was away.
  package let missed: UInt64
  /// Whether the server has begun to count anew.
  package let isNewEpoch: Bool
}

extension WatchedState: Equatable where Value: Equatable {}
