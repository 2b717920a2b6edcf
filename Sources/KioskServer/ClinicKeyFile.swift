internal import Glibc
internal import KioskServices

/// The file of the clinic's key: made at the first start, read at the others, and for the server's user alone.
///
/// A key that others could read is refused and not mended: who has read it can tell whose failures a copy of the database holds.
enum ClinicKeyFile {
  /// Reads the key, or makes it; a start that was cut off leaves none or a whole one.
  static func open(_ path: String) throws(StartFault) -> ClinicKey {
    let file = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard file >= 0 else {
      guard errno == ENOENT else { throw fault(path) }
      return try make(path)
    }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw fault(path) }
    guard status.st_mode & 0o077 == 0 else {
      throw .key(path, reason: "otros usuarios lo pueden leer; déjelo solo para el del servidor: chmod 600 \(path)")
    }
    var bytes = [UInt8](repeating: 0, count: ClinicKey.length + 1)
    let count = read(file, &bytes, bytes.count)
    guard count >= 0 else { throw fault(path) }
    guard let key = ClinicKey(Array(bytes.prefix(count))) else {
      throw .key(path, reason: "debe tener \(ClinicKey.length) bytes; si se dañó, bórrelo: se hace otro y se olvidan los intentos fallidos de dos días")
    }
    return key
  }

  private static func make(_ path: String) throws(StartFault) -> ClinicKey {
    let (key, draft) = (ClinicKey.random(), path + ".new")
    unlink(draft)
    let file = Glibc.open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw fault(path) }
    let bytes = key.bytes
    let isWritten = write(file, bytes, bytes.count) == bytes.count && fchmod(file, 0o600) == 0 && fsync(file) == 0
    let code = errno
    close(file)
    guard isWritten, rename(draft, path) == 0 else {
      unlink(draft)
      throw fault(path, isWritten ? errno : code)
    }
    syncFolder(of: path)
    return key
  }

  private static func syncFolder(of path: String) {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    let descriptor = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  private static func fault(_ path: String, _ code: Int32 = errno) -> StartFault {
    .key(path, reason: String(cString: strerror(code)))
  }
}
