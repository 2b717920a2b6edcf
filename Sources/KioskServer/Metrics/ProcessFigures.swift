internal import Glibc

/// What the process takes of the machine, as the kernel counts it.
struct ProcessFigures: Hashable, Sendable {
  var residentBytes = 0
  /// Descriptors in use, and how many there may be.
  var openDescriptors = 0
  var maxDescriptors = 0
  /// CPU of all threads, user and system.
  var cpuMicroseconds = 0

  /// Reads them now; what cannot be read is 0.
  static func read() -> ProcessFigures {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    var usage = rusage()
    getrusage(RUSAGE_SELF.rawValue, &usage)
    return ProcessFigures(
      residentBytes: residentPages() * Int(sysconf(Int32(_SC_PAGESIZE))), openDescriptors: descriptors(),
      maxDescriptors: Int(clamping: limit.rlim_cur), cpuMicroseconds: microseconds(usage.ru_utime) + microseconds(usage.ru_stime))
  }

  private static func microseconds(_ time: timeval) -> Int { Int(time.tv_sec) * 1_000_000 + Int(time.tv_usec) }

  /// The second number of statm. Source: proc(5).
  private static func residentPages() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 128)
    guard fgets(&line, Int32(line.count), file) != nil else { return 0 }
    return String(cString: line).split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
  }

  private static func descriptors() -> Int {
    guard let folder = opendir("/proc/self/fd") else { return 0 }
    defer { closedir(folder) }
    // Itself, "." and "..".
    var count = -3
    while readdir(folder) != nil { count += 1 }
    return max(0, count)
  }
}
