internal import Foundation
internal import Synchronization

/// A program that ends with this one, however this one ends.
///
/// The kernel sends SIGTERM to a child whose parent's thread is gone (prctl PR_SET_PDEATHSIG, by way of util-linux's setpriv); so the
/// thread that starts it is the one that waits for it, and nothing else ends that thread.
final class ChildProcess: Sendable {
  private struct State {
    var status: Int32?
    var waiting: [CheckedContinuation<Int32, Never>] = []
  }

  let pid: pid_t
  private let state: Exit

  private final class Exit: Sendable {
    let state = Mutex(State())

    func end(_ status: Int32) {
      let waiting = state.withLock { state in
        state.status = status
        defer { state.waiting = [] }
        return state.waiting
      }
      for continuation in waiting { continuation.resume(returning: status) }
    }
  }

  private init(pid: pid_t, state: Exit) {
    self.pid = pid
    self.state = state
  }

  /// Starts a program.
  ///
  /// - Parameter log: a file that takes both of its outputs; `nil` lets it share ours.
  static func start(_ program: String, _ arguments: [String], log: String? = nil) async throws(VisitFault) -> ChildProcess {
    let exit = Exit()
    let result: Result<pid_t, VisitFault> = await withCheckedContinuation { continuation in
      let thread = Thread {
        let started = spawn(program, arguments, log: log)
        continuation.resume(returning: started)
        if case .success(let pid) = started { exit.end(wait(pid)) }
      }
      thread.name = "hijo"
      thread.start()
    }
    return ChildProcess(pid: try result.get(), state: exit)
  }

  /// What it exited with; 128 and the signal's number when a signal ended it.
  func exitStatus() async -> Int32 {
    await withCheckedContinuation { continuation in
      let status = state.state.withLock { state in
        if state.status == nil { state.waiting.append(continuation) }
        return state.status
      }
      if let status { continuation.resume(returning: status) }
    }
  }

  var hasEnded: Bool { state.state.withLock { $0.status != nil } }

  func send(_ signal: Int32) { if !hasEnded { kill(pid, signal) } }

  /// Asks it to end (SIGTERM) and waits; kills it when it takes longer than `patience`.
  ///
  /// - Returns: as ``exitStatus()``; 137 when it had to be killed.
  func stop(within patience: Duration) async -> Int32 {
    send(SIGTERM)
    let killing = Task {
      try await Task.sleep(for: patience)
      send(SIGKILL)
    }
    defer { killing.cancel() }
    return await exitStatus()
  }

  // MARK: The system's calls

  private static let setpriv = "/usr/bin/setpriv"

  private static func spawn(_ program: String, _ arguments: [String], log: String?) -> Result<pid_t, VisitFault> {
    var line = [program] + arguments
    if FileManager.default.isExecutableFile(atPath: setpriv) { line = [setpriv, "--pdeathsig", "TERM", "--"] + line }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // We ignore the signals that we wait for; a child must not.
    var defaults = sigset_t()
    sigemptyset(&defaults)
    for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&defaults, number) }
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    // Our threads block nearly every signal, and a child would never hear SIGTERM.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    var flags = Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK)
    if let log {
      posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log, O_WRONLY | O_APPEND, 0o600)
      posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
      // A group of its own: the terminal's Ctrl-C is ours to hand on.
      flags |= Int16(POSIX_SPAWN_SETPGROUP)
    }
    posix_spawnattr_setflags(&attributes, flags)
    var words: [UnsafeMutablePointer<CChar>?] = line.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var pid = pid_t()
    let code = posix_spawn(&pid, line[0], &actions, &attributes, &words, environ)
    guard code == 0 else { return .failure(VisitFault("No se pudo iniciar \(program): \(String(cString: strerror(code))).")) }
    return .success(pid)
  }

  private static func wait(_ pid: pid_t) -> Int32 {
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 { guard errno == EINTR else { return 70 } }
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
  }
}
