internal import Glibc

/// Heads of the history that are kept beside the store: in a file that follows every commit, and in one that was put aside because the
/// store did not have it.
enum KeptHeads {
  static let suffix = ".head"
  static let lostSuffix = ".head-lost"

  /// What is noted beside a store's file.
  static func beside(_ path: String) -> [AuditHead] { [suffix, lostSuffix].compactMap { read(path + $0) } }

  /// `nil` when there is no file, or nothing legible in it.
  static func read(_ path: String) -> AuditHead? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 128)
    let count = Glibc.read(file, &bytes, bytes.count)
    guard count > 0 else { return nil }
    return AuditHead(text: String(decoding: bytes.prefix(count).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
  }

  static func write(_ head: AuditHead, to path: String) {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { return }
    let text = Array("\(head)\n".utf8)
    _ = Glibc.write(file, text, text.count)
    fsync(file)
    close(file)
  }
}

extension AuditHead {
  /// How long its number is.
  var digits: Int { "\(seq)".utf8.count }

  /// Whether a store's history has this very row.
  func stands(in connection: Connection) throws(StoreFault) -> Bool {
    let rows = try Statement("SELECT hash FROM audit WHERE seq = ?", in: connection)
    rows.bind(seq, at: 1)
    defer { rows.reset() }
    return try rows.step() && rows.blob(0) == hash
  }
}
