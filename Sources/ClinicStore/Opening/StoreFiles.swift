internal import Glibc

/// What stands beside a store's file: the lock that keeps a second server out, space in reserve, and how far the history had come.
///
/// The lock is a file of its own: opening and closing the database file itself drops the locks that SQLite holds on it.
final class StoreFiles {
  let path: String
  private let lock: Int32
  private var isClosed = false
  private var keptDigits = 0
  private let reserveBytes: Int
  private var holdsReserve = false
  private let head: Int32

  /// Takes the lock.
  ///
  /// - Throws: ``OpeningFault/inUse(path:pid:)``, and what keeps the lock file from being made.
  init(of path: String, reserveBytes: Int) throws(OpeningFault) {
    self.path = path
    self.reserveBytes = reserveBytes
    lock = open("\(path).lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard lock >= 0 else { throw .system(errno, path: path) }
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      let pid = Self.text(in: lock).flatMap { Int($0) }
      Glibc.close(lock)
      throw .inUse(path: path, pid: pid)
    }
    head = open("\(path)\(KeptHeads.suffix)", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard head >= 0 else {
      let code = errno
      Glibc.close(lock)
      throw .system(code, path: path)
    }
    let text = Array("\(getpid())\n".utf8)
    ftruncate(lock, 0)
    _ = pwrite(lock, text, text.count, 0)
    takeReserve()
  }

  /// Lets the next server in. The reserve stays.
  func close() {
    guard !isClosed else { return }
    isClosed = true
    Glibc.close(head)
    Glibc.close(lock)
  }

  private static func text(in file: Int32) -> String? {
    var bytes = [UInt8](repeating: 0, count: 32)
    let count = pread(file, &bytes, bytes.count, 0)
    return count > 0 ? String(decoding: bytes.prefix(count).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self) : nil
  }
}

// MARK: - The history's head

extension StoreFiles {
  /// Notes how far the history has come, after each commit; the file is never ahead of the store. Not synced: after a power cut it may
  /// be behind, which is no harm.
  func keep(_ newHead: AuditHead) {
    guard newHead.seq > 0 else { return }
    let text = Array("\(newHead)\n".utf8)
    _ = pwrite(head, text, text.count, 0)
    if newHead.digits != keptDigits {
      ftruncate(head, off_t(text.count))
      keptDigits = newHead.digits
    }
  }

  /// Puts aside a head that the store's history does not have: an older copy of the store stands in its place, or its end was cut off.
  /// It stays until a person has looked into it; ``Inspection`` goes on reporting it.
  func takeHead(of connection: Connection) throws(StoreFault) {
    guard let kept = KeptHeads.read("\(path)\(KeptHeads.suffix)"), try !kept.stands(in: connection) else { return }
    let lost = "\(path)\(KeptHeads.lostSuffix)"
    guard !FileNames.exists(lost) else { return }
    KeptHeads.write(kept, to: lost)
  }
}

// MARK: - Space in reserve

extension StoreFiles {
  private var reserve: String { "\(path).reserve" }

  /// Nothing while the reserve is there; once it was given up, takes it back when there is twice its room.
  ///
  /// - Throws: ``StoreFault/Kind/full``: nothing is written until there is space again.
  func makeRoom() throws(StoreFault) {
    guard reserveBytes > 0, !holdsReserve else { return }
    if freeBytes >= 2 * reserveBytes { takeReserve() }
    guard holdsReserve else { throw StoreFault(.full, operation: "reserve", detail: "the reserve is given up") }
  }

  /// Gives the reserved space to SQLite, so that what is committed can be folded into the file.
  func giveReserve() {
    unlink(reserve)
    holdsReserve = false
  }

  private func takeReserve() {
    guard reserveBytes > 0 else { return }
    let file = open(reserve, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else { return }
    holdsReserve = posix_fallocate(file, 0, reserveBytes) == 0
    Glibc.close(file)
    if !holdsReserve { unlink(reserve) }
  }

  private var freeBytes: Int {
    var status = statvfs()
    return statvfs(path, &status) == 0 ? Int(status.f_bavail) * Int(status.f_frsize) : 0
  }
}

extension OpeningFault {
  /// What the system said.
  static func system(_ code: Int32, path: String) -> OpeningFault {
    switch code {
    case EACCES, EPERM, EROFS: .readOnly(path: path)
    case ENOSPC, EDQUOT: .full(path: path)
    case ENOENT, ENOTDIR: .cannotOpen(path: path, detail: "la carpeta no existe")
    default: .cannotOpen(path: path, detail: String(cString: strerror(code)))
    }
  }
}
