import ClinicDomain
import KioskServices
import KioskTestSupport
import Synchronization
import TTRPCCore

/// Both clocks of a test: they stand still until they are moved.
final class TestClock: Sendable {
  private struct State {
    var now = Instant.fixture
    var monotonic: UInt64 = 1_000_000_000_000
    var storeLag: Int64 = 0
  }

  private let state = Mutex(State())

  var now: Instant { state.withLock(\.now) }
  var monotonic: MonotonicTime { state.withLock { MonotonicTime(nanoseconds: $0.monotonic) } }
  /// What the store's batches are stamped with.
  var storeNow: Instant { state.withLock { $0.now.adding(milliseconds: $0.storeLag) } }

  /// Time passes, on both clocks.
  func advance(_ duration: Duration) {
    let milliseconds = duration / .milliseconds(1)
    state.withLock { state in
      state.now = state.now.adding(milliseconds: Int64(milliseconds))
      state.monotonic += UInt64(milliseconds) * 1_000_000
    }
  }

  /// Somebody sets the wall clock; no time passes.
  func set(_ now: Instant) { state.withLock { $0.now = now } }

  /// Commands wait so long in the store's queue.
  func delayStore(_ duration: Duration) { state.withLock { $0.storeLag = Int64(duration / .milliseconds(1)) } }

  var forServices: ServiceClock { ServiceClock(now: { self.now }, monotonic: { self.monotonic }) }
}
