internal import ClinicDomain
internal import Foundation
package import KioskServices
internal import Synchronization
internal import TTRPCCore
internal import TTRPCNIO

extension ServiceClock {
  /// The machine's clocks.
  package static let system = ServiceClock(
    now: {
      var time = timespec()
      clock_gettime(CLOCK_REALTIME, &time)
      return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    },
    monotonic: { .now })
}

/// A value that one thread sets and others read.
final class Shared<Value: Sendable>: Sendable {
  private let state: Mutex<Value>
  init(_ value: Value) { state = Mutex(value) }
  var value: Value { state.withLock { $0 } }
  func set(_ value: Value) { state.withLock { $0 = value } }
}

/// A kiosk is a descriptor: the soft limit of 1,024 that Linux starts with would end at a thousand of them.
package enum DescriptorLimit {
  /// Raises the soft limit of open files to the hard one; does nothing when it cannot.
  package static func raise() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}

enum DataFolder {
  /// Makes the folder that a socket will stand in, when it is missing. Others may pass through it: the socket's own mode (0660)
  /// says who may connect.
  static func make(ofSocket path: String) throws(StartFault) {
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return }
    try make(String(path[..<slash]), mode: 0o755)
  }

  /// Makes a folder, when it is missing; that of the data only its owner may read.
  static func make(_ path: String, mode: Int = 0o700) throws(StartFault) {
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: mode])
    } catch { throw .folder(path, reason: error.localizedDescription) }
  }
}

enum FileSize {
  /// Bytes of a file; 0 when there is none. Asks the folder, never opens the file.
  static func bytes(of path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }
}
