internal import Glibc

/// A small file's bytes, and who may touch it.
struct FileBytes: Hashable, Sendable {
  /// Certificates, keys and deny-lists are a few KiB; what is larger is something else.
  static let maximum = 1 << 20

  let bytes: [UInt8]
  /// Permission bits.
  let mode: UInt16

  /// - Throws: the system's reason.
  static func read(_ path: String) throws(FileReadFault) -> FileBytes {
    // A pipe that nobody writes to must not stop the server.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileReadFault(errno) }
    defer { close(descriptor) }
    var information = stat()
    guard fstat(descriptor, &information) == 0 else { throw FileReadFault(errno) }
    guard information.st_mode & S_IFMT == S_IFREG else { throw FileReadFault(reason: "Not a regular file") }
    guard information.st_size <= maximum else { throw FileReadFault(EFBIG) }
    return FileBytes(bytes: try bytes(of: descriptor), mode: UInt16(information.st_mode & 0o7777))
  }

  private static func bytes(of descriptor: CInt) throws(FileReadFault) -> [UInt8] {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 16_384)
    while true {
      let count = piece.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw FileReadFault(errno) }
      if count == 0 { return bytes }
      bytes += piece[..<count]
      guard bytes.count <= maximum else { throw FileReadFault(EFBIG) }
    }
  }
}

/// Why a file cannot be read, in the system's words.
struct FileReadFault: Error, Hashable {
  let reason: String
  init(reason: String) { self.reason = reason }
  init(_ code: CInt) { reason = String(cString: strerror(code)) }
}
