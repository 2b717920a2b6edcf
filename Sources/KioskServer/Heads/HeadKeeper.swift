internal import ClinicDomain
internal import ClinicStore
internal import Foundation
internal import Glibc
internal import KioskServices
internal import Logging
internal import NIOPosix
internal import Scheduling
internal import Synchronization

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
/// A folder of another machine may hang for hours: nothing else waits for it, and the server stops all the same.
final class HeadKeeper: Sendable {
  private struct State {
    /// The head that stands in the folder.
    var last: AuditHead?
    var isWriting = false
  }

  /// How long a server that stops waits for its last head.
  private static let lastPatience = Duration.seconds(5)

  private let store: ClinicStore
  private let clinic: CLUES
  private let key: HeadKey
  private let folder: String
  private let patience: Duration
  private let zone: ClinicZone
  private let logger: Logger
  private let state = Mutex(State())

  init(store: ClinicStore, clinic: CLUES, key: HeadKey, options: HeadOptions, zone: ClinicZone, logger: Logger) {
    self.store = store
    self.clinic = clinic
    self.key = key
    folder = options.folder
    patience = options.patience
    self.zone = zone
    self.logger = logger
  }

  /// Looks again and again until the task is cancelled.
  func run() async {
    logger.notice("las cabezas de la bitácora se firman", metadata: ["carpeta": "\(folder)", "llave_publica": "\(key.publicKey)"])
    repeat { await keep() } while (try? await Task.sleep(for: patience)) != nil
  }

  /// Looks once more, when all is answered; waits for the folder no longer than a server that stops can.
  func finish() async {
    let last = Task {
      // A slow folder may still have the one before in hand.
      while state.withLock(\.isWriting), !Task.isCancelled { try? await Task.sleep(for: .milliseconds(50)) }
      await keep()
    }
    let limit = Task {
      try await Task.sleep(for: Self.lastPatience)
      last.cancel()
    }
    await last.value
    limit.cancel()
  }

  private func keep() async {
    do { try await look() } catch {
      logger.warning(
        "la cabeza de la bitácora no se pudo guardar; se intentará de nuevo. Monte la carpeta y dé permiso; con systemd, agréguela en ReadWritePaths",
        metadata: ["carpeta": "\(folder)", "falla": "\(error)"])
    }
  }

  /// Writes the head, unless it is the last that was written.
  private func look() async throws {
    let head = try await store.head()
    guard head != state.withLock(\.last) else { return }
    let now = ServiceClock.system.now()
    let signed = SignedHead(head, of: clinic, at: now, by: key)
    // What a power cut tore stands on a line of its own.
    try await write("\n\(signed)\n", to: "\(folder)/\(clinic)-\(zone.local(of: now).date).cabezas")
    state.withLock { $0.last = head }
  }

  /// Beside the threads that calls run on, and one at a time. Who waits can be cancelled; the write goes on.
  private func write(_ line: String, to path: String) async throws {
    let isFree = state.withLock { state in
      defer { state.isWriting = true }
      return !state.isWriting
    }
    guard isFree else { throw POSIXError(.EBUSY) }
    let (ends, end) = AsyncStream.makeStream(of: Result<Void, any Error>.self)
    Task {
      let result: Result<Void, any Error>
      do { result = .success(try await NIOThreadPool.singleton.runIfActive { try Self.append(line, to: path) }) } catch { result = .failure(error) }
      state.withLock { $0.isWriting = false }
      end.yield(result)
      end.finish()
    }
    guard let result = await ends.first(where: { _ in true }) else { throw CancellationError() }
    try result.get()
  }

  /// On the disk when it returns. The folder is not made: an unmounted one must be missed.
  private static func append(_ line: String, to path: String) throws {
    let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    defer { close(file) }
    let bytes = Array(line.utf8)
    guard Glibc.write(file, bytes, bytes.count) == bytes.count, fsync(file) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
  }
}
