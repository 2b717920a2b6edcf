internal import CBenchLoad
internal import Foundation
internal import Glibc
internal import TTRPCNIO

/// A server under measurement: a process of its own, so that its CPU time and memory are its own.
///
/// It stays in this process's group, so that Ctrl-C in a terminal ends it too.
final class ServerProcess {
  let name: String
  let address: TTRPCAddress
  let callProtocol: LoadProtocol
  let processID: pid_t
  private var status: Int32?

  /// Starts a program that will listen at `address`; then ask ``waitUntilReady(_:)``.
  ///
  /// - Parameters:
  ///   - environment: added to this process's own.
  ///   - origin: how one comes by the program when it is missing.
  init(
    _ name: String, at address: TTRPCAddress, callProtocol: LoadProtocol = .ttrpc, executable: String, arguments: [String],
    environment: [String: String] = [:], origin: String = "`make interop` builds the peers"
  ) throws {
    guard FileManager.default.isExecutableFile(atPath: executable) else {
      throw BenchFault("\(executable) is missing; \(origin)")
    }
    self.name = name
    self.address = address
    self.callProtocol = callProtocol
    processID = try Self.spawn([executable] + arguments, ProcessInfo.processInfo.environment.merging(environment) { _, new in new })
  }

  deinit { stop() }

  /// Asks until the answer is yes.
  ///
  /// - Throws: ``BenchFault`` when the process ends first, or after ten seconds.
  func waitUntilReady(_ isReady: () -> Bool) throws {
    for _ in 0..<500 {
      if hasEnded() { throw BenchFault("\(name) ended before it listened at \(address)") }
      if isReady() { return }
      usleep(20_000)
    }
    throw BenchFault("\(name) does not answer at \(address)")
  }

  /// Holds every thread it has now, and those to come, to one core.
  func pin(toCore core: Int32) { _ = bench_process_pin(processID, core) }

  /// SIGTERM, and waits for its end; SIGKILL when that does not come within fifteen seconds.
  func stop() {
    guard !hasEnded() else { return }
    kill(processID, SIGTERM)
    for _ in 0..<1500 where !hasEnded() { usleep(10_000) }
    guard !hasEnded() else { return }
    kill(processID, SIGKILL)
    waitpid(processID, nil, 0)
    status = SIGKILL
  }

  private func hasEnded() -> Bool {
    if status != nil { return true }
    var status: Int32 = 0
    guard waitpid(processID, &status, WNOHANG) == processID else { return false }
    self.status = status
    return true
  }

  /// This program, to be started again as a server.
  static let thisProgram = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]

  /// Starts a program with default signals and its output thrown away; Foundation's Process would give it a group of its own.
  private static func spawn(_ command: [String], _ environment: [String: String]) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    var process: pid_t = 0
    let failure = withCStrings(command) { arguments in
      withCStrings(environment.map { "\($0)=\($1)" }) { environment in
        posix_spawn(&process, command[0], &actions, &attributes, arguments, environment)
      }
    }
    guard failure == 0 else { throw BenchFault("cannot start \(command[0]): \(String(cString: strerror(failure)))") }
    return process
  }

  /// A list of C strings that ends with a null pointer, good until `body` returns.
  private static func withCStrings<Value>(
    _ texts: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Value
  ) -> Value {
    var pointers = texts.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    return pointers.withUnsafeMutableBufferPointer { body($0.baseAddress!) }
  }
}
