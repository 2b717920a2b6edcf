internal import Synchronization
internal import TTRPCCore

/// What one device has used up of its rate, for every connection and loop that serves it.
///
/// One atomic number, so that loops never wait for each other.
final class CallBudget: Sendable {
  let rate: CallRate
  private let fullAt = Atomic<UInt64>(0)

  init(rate: CallRate) { self.rate = rate }

  /// Takes one call; see ``TokenBucket/take(_:at:)``.
  @inline(__always)
  func take(at now: MonotonicTime) -> TokenBucket.Answer {
    update { bucket in bucket.take(rate, at: now) }
  }

  /// Charges for a refused frame.
  func charge(at now: MonotonicTime) {
    update { bucket in bucket.charge(rate, at: now) }
  }

  /// Nanoseconds from `now` until there is a call to take; 0 when there is one.
  func wait(at now: MonotonicTime) -> UInt64 { bucket.wait(rate, at: now) }
  func isFull(at now: MonotonicTime) -> Bool { bucket.isFull(at: now) }

  private var bucket: TokenBucket {
    TokenBucket(fullAt: MonotonicTime(nanoseconds: fullAt.load(ordering: .relaxed)))
  }

  @inline(__always)
  private func update<Answer>(_ change: (inout TokenBucket) -> Answer) -> Answer {
    var old = fullAt.load(ordering: .relaxed)
    while true {
      var bucket = TokenBucket(fullAt: MonotonicTime(nanoseconds: old))
      let answer = change(&bucket)
      let (exchanged, original) = fullAt.weakCompareExchange(
        expected: old, desired: bucket.fullAt.nanoseconds, ordering: .relaxed)
      if exchanged { return answer }
      old = original
    }
  }
}

/// The budgets of a server's devices, over all its loops.
///
/// Asked when a connection makes its first call and when it ends, never in between. A device's budget outlives its connections for as
/// long as something of it is used up, so that connecting again gains nothing.
final class CallBudgets: Sendable {
  /// Whose calls are counted together.
  struct Device: Hashable, Sendable {
    let role: RoleSet
    let address: ConnectionCount.Address
  }

  private struct Entry {
    let budget: CallBudget
    /// Connections that hold it.
    var users: Int
  }

  private struct State {
    var entries: [Device: Entry] = [:]
    var nextSweep = MonotonicTime(nanoseconds: 0)
  }

  private static let sweepPause: Int64 = 1_000_000_000

  private let state = Mutex(State())

  /// The device's budget, from now on held by one more connection; give it back with ``release(_:at:)``.
  ///
  /// - Returns: `nil` when ``TTRPCLimits/maxDevices`` others are remembered: the connection then has a budget of its own.
  func take(_ device: Device, rate: CallRate, maximum: Int, at now: MonotonicTime) -> CallBudget? {
    state.withLock { state in
      if let budget = state.entries[device]?.budget {
        state.entries[device]?.users += 1
        return budget
      }
      if state.entries.count >= maximum { Self.sweep(&state, at: now) }
      guard state.entries.count < maximum else { return nil }
      let budget = CallBudget(rate: rate)
      state.entries[device] = Entry(budget: budget, users: 1)
      return budget
    }
  }

  /// One connection less holds the device's budget.
  func release(_ device: Device, at now: MonotonicTime) {
    state.withLock { state in
      guard let entry = state.entries[device] else { return }
      state.entries[device]?.users -= 1
      if entry.users == 1, entry.budget.isFull(at: now) { state.entries[device] = nil }
    }
  }

  /// Nanoseconds until the device may call again; 0 when it may now, or is not known.
  func wait(_ device: Device, at now: MonotonicTime) -> UInt64 {
    state.withLock { $0.entries[device]?.budget.wait(at: now) ?? 0 }
  }

  /// Devices whose budgets are kept.
  var count: Int { state.withLock { $0.entries.count } }

  /// Forgets the devices that are not connected and have their whole rate again; not twice in a second, for it looks at all of them.
  private static func sweep(_ state: inout State, at now: MonotonicTime) {
    guard state.nextSweep <= now else { return }
    state.nextSweep = now.advanced(byNanoseconds: sweepPause)
    state.entries = state.entries.filter { $0.value.users > 0 || !$0.value.budget.isFull(at: now) }
  }
}
