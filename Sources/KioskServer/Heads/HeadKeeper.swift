internal import ClinicDomain
internal import ClinicStore
internal import Foundation
internal import KioskServices
internal import Logging
internal import Scheduling

/// Where signed heads go, and what signs them.
package struct HeadOptions: Sendable {
  /// Of another machine, or of a disk that is taken away; it must be there.
  package var folder: String
  /// The key's file, outside the store's folder; made when it is missing.
  package var keyPath: String
  /// Between two looks.
  package var patience = Duration.seconds(60)

  package init(folder: String, keyPath: String) {
    self.folder = folder
    self.keyPath = keyPath
  }
}

/// Writes how far the history has come, signed, into a folder elsewhere: a line for each minute in which it went on, a file for each day.
///
/// The file beside the store tells whether an older copy stands in its place; who holds the whole folder could write that anew, and this not.
struct HeadKeeper: Sendable {
  let store: ClinicStore
  let clinic: CLUES
  let key: HeadKey
  let folder: String
  let patience: Duration
  let zone: ClinicZone
  let logger: Logger

  /// Looks again and again until the task is cancelled, and once more then.
  func run() async {
    logger.notice("las cabezas de la bitácora se firman", metadata: ["carpeta": "\(folder)", "llave_publica": "\(key.publicKey)"])
    var last: AuditHead?
    repeat { last = await kept(after: last) } while (try? await Task.sleep(for: patience)) != nil
    // A cancelled task reads nothing.
    _ = await Task { [last] in await kept(after: last) }.value
  }

  private func kept(after last: AuditHead?) async -> AuditHead? {
    do { return try await look(after: last) } catch {
      logger.warning("la cabeza de la bitácora no se pudo guardar; se intentará de nuevo", metadata: ["falla": "\(error)"])
      return last
    }
  }

  /// Writes the head, unless it is the last that was written.
  ///
  /// - Returns: the head that stands there now.
  func look(after last: AuditHead?) async throws -> AuditHead {
    let head = try await store.head()
    guard head != last else { return head }
    let now = ServiceClock.system.now()
    let signed = SignedHead(head, of: clinic, at: now, by: key)
    try Self.append("\(signed)\n", to: "\(folder)/\(clinic)-\(zone.local(of: now).date).cabezas")
    return head
  }

  /// On the disk when it returns. The folder is not made: an unmounted one must be missed.
  private static func append(_ line: String, to path: String) throws {
    let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    defer { close(file) }
    let bytes = Array(line.utf8)
    guard write(file, bytes, bytes.count) == bytes.count, fsync(file) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
  }
}
