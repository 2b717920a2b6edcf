internal import Glibc
internal import TTRPCCore

/// Keeps what tasks would do next on another thread, and lets it be done here, one piece after the other.
///
/// A fuzzed run is one thread's work from beginning to end: else the same bytes would not always do the same, and an embedded event
/// loop would be touched from two threads. The runtime asks this hook for every job of the default executor; those of threads that
/// are not in a run pass on to it.
enum HeldJobs {
  private final class Queue {
    var jobs: [UnownedJob] = []
    var atWork = 0
  }

  /// How much of the run's asynchronous work has begun and not ended.
  static var atWork: Int { current?.atWork ?? 0 }

  /// Counts `work` as the run's own for as long as it lasts.
  static func counted<Value>(_ work: () async throws(RPCError) -> Value) async throws(RPCError) -> Value {
    let queue = current
    queue?.atWork += 1
    defer { queue?.atWork -= 1 }
    return try await work()
  }

  /// Lets tasks that are woken during `body` wait until ``run()``; whatever still waits is done before it returns.
  static func hold<Value>(_ body: () throws(FuzzFinding) -> Value) throws(FuzzFinding) -> Value {
    _ = isHooked
    let queue = Queue()
    pthread_setspecific(key, Unmanaged.passUnretained(queue).toOpaque())
    defer {
      run(queue)
      pthread_setspecific(key, nil)
      withExtendedLifetime(queue) {}
    }
    return try body()
  }

  /// Does what waits, and what that sets off.
  static func run() { if let queue = current { run(queue) } }

  private static func run(_ queue: Queue) {
    while !queue.jobs.isEmpty { queue.jobs.removeFirst().runSynchronously(on: ThisThread.executor) }
  }

  private static var current: Queue? {
    pthread_getspecific(key).map { Unmanaged<Queue>.fromOpaque($0).takeUnretainedValue() }
  }

  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    let failure = pthread_key_create(&key, nil)
    precondition(failure == 0, "a process has room for one more thread-specific key")
    return key
  }()

  private typealias Enqueue = @convention(thin) (UnownedJob) -> Void
  private typealias Hook = @convention(thin) (UnownedJob, Enqueue) -> Void

  /// Puts the hook in, once; it is there for as long as the process.
  private static let isHooked: Bool = {
    guard let symbol = dlsym(nil, "swift_task_enqueueGlobal_hook") else { preconditionFailure("this Swift runtime has no hook") }
    let hook: Hook = { job, enqueue in
      if let queue = HeldJobs.current { queue.jobs.append(job) } else { enqueue(job) }
    }
    symbol.assumingMemoryBound(to: Hook?.self).pointee = hook
    return true
  }()
}

/// Where held jobs run: the thread that runs them. What they enqueue goes through the hook again.
private final class ThisThread: TaskExecutor {
  static let executor = ThisThread().asUnownedTaskExecutor()
  func enqueue(_ job: consuming ExecutorJob) { UnownedJob(job).runSynchronously(on: asUnownedTaskExecutor()) }
}
