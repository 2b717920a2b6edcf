internal import Glibc

/// A socket file that this server made and will remove.
struct UnixSocketFile: Sendable {
  let path: String
  /// Bound, not yet listening. Whoever takes it closes it.
  let descriptor: CInt
  private let device: dev_t
  private let inode: ino_t

  /// Binds a socket at `path` with mode 0660, in place of the file of a server that is gone.
  ///
  /// The mode is set before anyone can connect: nobody can until the socket listens.
  ///
  /// - Throws: in this order: `pathTooLong`, `notASocket`, `socketInUse`, `refused`.
  init(binding path: String) throws(ListenFault) {
    guard path.utf8.count <= TTRPCAddress.maxPathLength else {
      throw .pathTooLong(path: path, bytes: path.utf8.count)
    }
    try Self.removeStale(path)
    let descriptor = try Self.makeSocket(path)
    var information = stat()
    guard Self.with(path, { bind(descriptor, $0, $1) }) == 0, chmod(path, 0o660) == 0, lstat(path, &information) == 0
    else {
      let reason = errno
      close(descriptor)
      if reason == EADDRINUSE { throw .socketInUse(path: path) }
      throw .refused(address: path, reason: String(cString: strerror(reason)))
    }
    self.path = path
    self.descriptor = descriptor
    device = information.st_dev
    inode = information.st_ino
  }

  /// Removes the file, unless another has taken its place.
  func remove() {
    var information = stat()
    guard lstat(path, &information) == 0, information.st_dev == device, information.st_ino == inode else { return }
    unlink(path)
  }

  private static func removeStale(_ path: String) throws(ListenFault) {
    var information = stat()
    guard lstat(path, &information) == 0 else { return }
    guard information.st_mode & S_IFMT == S_IFSOCK else { throw .notASocket(path: path) }
    guard try !answers(path) else { throw .socketInUse(path: path) }
    unlink(path)
  }

  /// Whether somebody listens at `path`. A full queue (EAGAIN) is somebody too; only a refusal is nobody.
  private static func answers(_ path: String) throws(ListenFault) -> Bool {
    let probe = try makeSocket(path)
    defer { close(probe) }
    guard with(path, { connect(probe, $0, $1) }) != 0 else { return true }
    switch errno {
    case ECONNREFUSED, ENOENT: return false
    case EAGAIN, EINPROGRESS: return true
    default: throw .refused(address: path, reason: String(cString: strerror(errno)))
    }
  }

  private static func makeSocket(_ path: String) throws(ListenFault) -> CInt {
    let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw .refused(address: path, reason: String(cString: strerror(errno))) }
    return descriptor
  }

  private static func with(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> CInt) -> CInt {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
    }
  }
}
