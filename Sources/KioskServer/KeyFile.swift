internal import ClinicStore
internal import Glibc
internal import KioskServices

/// The file of a key: made at the first start, read at the others, and for the server's user alone.
///
/// A key that others could read is refused and not mended.
enum KeyFile {
  /// The key that failed identifications are counted under: who has read it can tell whose failures a copy of the database holds.
  static func clinic(_ path: String) throws(StartFault) -> ClinicKey {
    let damaged = "debe tener \(ClinicKey.length) bytes; si se dañó, bórrelo: se hace otro y se olvidan los intentos fallidos de dos días"
    guard let key = ClinicKey(try open(path, { ClinicKey.random().bytes })) else { throw .key(path, reason: damaged) }
    return key
  }

  /// The key that the history's heads are signed with.
  static func heads(_ path: String) throws(StartFault) -> HeadKey {
    let damaged = "debe tener \(HeadKey.length) bytes; si se dañó, bórrelo: se hace otro, y quien guarda las cabezas necesita la llave pública nueva"
    guard let key = HeadKey(try open(path, { HeadKey().bytes })) else { throw .key(path, reason: damaged) }
    return key
  }

  /// Reads the key, or makes it; a start that was cut off leaves none or a whole one.
  private static func open(_ path: String, _ new: () -> [UInt8]) throws(StartFault) -> [UInt8] {
    let file = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard file >= 0 else {
      guard errno == ENOENT else { throw fault(path) }
      return try make(path, new())
    }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw fault(path) }
    guard status.st_mode & 0o077 == 0 else {
      throw .key(path, reason: "otros usuarios lo pueden leer; déjelo solo para el del servidor: chmod 600 \(path)")
    }
    // One more than either key has.
    var bytes = [UInt8](repeating: 0, count: 33)
    let count = read(file, &bytes, bytes.count)
    guard count >= 0 else { throw fault(path) }
    return Array(bytes.prefix(count))
  }

  private static func make(_ path: String, _ bytes: [UInt8]) throws(StartFault) -> [UInt8] {
    let draft = path + ".new"
    unlink(draft)
    let file = Glibc.open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw fault(path) }
    let isWritten = write(file, bytes, bytes.count) == bytes.count && fchmod(file, 0o600) == 0 && fsync(file) == 0
    let code = errno
    close(file)
    guard isWritten, rename(draft, path) == 0 else {
      unlink(draft)
      throw fault(path, isWritten ? errno : code)
    }
    syncFolder(of: path)
    return bytes
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
