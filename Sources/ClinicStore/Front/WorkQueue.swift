internal import Glibc

/// A bounded line of work between many callers and the threads that do it.
///
/// Callers never wait: a full line says so. Blocks the worker while there is nothing to do, which is why it is not an actor.
final class WorkQueue<Work: Sendable>: @unchecked Sendable {
  private let bound: Int
  private let lock: UnsafeMutablePointer<pthread_mutex_t>
  private let change: UnsafeMutablePointer<pthread_cond_t>
  private var waiting: [Work] = []
  private var isClosed = false

  /// - Parameter bound: how much may wait.
  init(bound: Int) {
    self.bound = bound
    lock = .allocate(capacity: 1)
    change = .allocate(capacity: 1)
    pthread_mutex_init(lock, nil)
    // A wall clock that is set back must not keep the writer waiting.
    var monotonic = pthread_condattr_t()
    pthread_condattr_init(&monotonic)
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC)
    pthread_cond_init(change, &monotonic)
    pthread_condattr_destroy(&monotonic)
  }

  deinit {
    pthread_cond_destroy(change)
    pthread_mutex_destroy(lock)
    change.deallocate()
    lock.deallocate()
  }

  enum Added { case added, full, closed }

  /// Puts work at the end of the line.
  ///
  /// - Parameter beyondBound: for the house's own rare work, which is never turned away.
  func add(_ work: Work, beyondBound: Bool = false) -> Added {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    guard !isClosed else { return .closed }
    guard beyondBound || waiting.count < bound else { return .full }
    waiting.append(work)
    if waiting.count == 1 { pthread_cond_signal(change) }
    return .added
  }

  /// Waits for work and takes from the front of the line; `nil` when the line is closed and empty.
  ///
  /// - Parameter milliseconds: after that long without work, nothing is the answer.
  func take(upTo count: Int, waiting milliseconds: Int? = nil) -> [Work]? {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    while waiting.isEmpty {
      if isClosed { return nil }
      guard let milliseconds else {
        pthread_cond_wait(change, lock)
        continue
      }
      var until = Self.time(in: milliseconds)
      if pthread_cond_timedwait(change, lock, &until) == ETIMEDOUT, waiting.isEmpty, !isClosed { return [] }
    }
    let taken: [Work]
    if waiting.count <= count {
      taken = waiting
      waiting = []
      waiting.reserveCapacity(taken.count)
    } else {
      taken = Array(waiting[..<count])
      waiting.removeSubrange(..<count)
      pthread_cond_signal(change)
    }
    return taken
  }

  var count: Int {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    return waiting.count
  }

  /// Takes no more work; what waits is still done.
  func close() {
    pthread_mutex_lock(lock)
    isClosed = true
    pthread_cond_broadcast(change)
    pthread_mutex_unlock(lock)
  }

  private static func time(in milliseconds: Int) -> timespec {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    let nanoseconds = now.tv_nsec + milliseconds % 1000 * 1_000_000
    return timespec(
      tv_sec: now.tv_sec + milliseconds / 1000 + nanoseconds / 1_000_000_000, tv_nsec: nanoseconds % 1_000_000_000)
  }
}

/// A thread of the store's own: SQLite blocks, and must not block a loop or the pool that runs tasks.
enum StoreThread {
  /// Starts a thread, which ends with its body.
  static func start(_ body: @escaping @Sendable () -> Void) {
    let work = Unmanaged.passRetained(Body(run: body))
    var thread = pthread_t()
    let code = pthread_create(&thread, nil, { argument in
      Unmanaged<Body>.fromOpaque(argument!).takeRetainedValue().run()
      return nil
    }, work.toOpaque())
    precondition(code == 0, "the system has no thread left for the store")
    pthread_detach(thread)
  }

  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(run: @escaping @Sendable () -> Void) { self.run = run }
  }
}
