internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

/// Answers ventanilla.v1.Operations: check, backup and import while the server runs.
package struct OperationsHandlers: OperationsService {
  let counter: Counter
  /// Where backups go; made when it is missing.
  let backupFolder: String
  /// Open connections, and bytes in the write-ahead log.
  let gauges: @Sendable () -> (connections: Int, walBytes: Int)

  /// Everything that the server counts, as of now.
  let metrics: @Sendable () async -> Wire.MetricsSample

  /// Is never another; its end is the server's, for whoever waits.
  let closing: NumberedState<Bool>

  package init(
    _ counter: Counter, backupFolder: String, closing: NumberedState<Bool> = NumberedState(false), metrics: @escaping @Sendable () async -> Wire.MetricsSample,
    gauges: @escaping @Sendable () -> (connections: Int, walBytes: Int)
  ) {
    self.counter = counter
    self.backupFolder = backupFolder
    self.closing = closing
    self.metrics = metrics
    self.gauges = gauges
  }

  /// Who this server is and how it does.
  package func getStatus(
    _ request: Wire.GetStatusRequest, context: CallContext
  ) async throws(RPCError) -> Wire.GetStatusResponse {
    let counts = try await counter.reading { store throws(StoreFault) in try await store.counts() }
    let gauges = gauges()
    let identity = counter.rules.clinic.identity
    return Wire.GetStatusResponse(
      clues: identity.clues.description, clinic: identity.name, version: ServerIdentity.version,
      patients: Int64(counts.patients), appointments: Int64(counts.appointments),
      walBytes: Int64(gauges.walBytes), queuedCommands: Int32(counter.store.queueLength),
      connections: Int32(gauges.connections))
  }

  /// Checks the store from end to end; an empty list of problems means that all is well.
  package func checkStore(
    _ request: Wire.CheckStoreRequest, context: CallContext
  ) async throws(RPCError) -> Wire.CheckStoreResponse {
    let findings = try await counter.reading { store throws(StoreFault) in try await store.check() }
    return Wire.CheckStoreResponse(
      problems: findings.map(\.text), checked: CheckFinding.Check.allCases.filter { $0 != .unfinished }.map(\.spanishText))
  }

  /// Writes a copy of the store and reads it back.
  package func backup(
    _ request: Wire.BackupRequest, context: CallContext
  ) async throws(RPCError) -> Wire.BackupResponse {
    let name = request.fileName.isEmpty ? defaultName() : request.fileName
    guard !name.hasPrefix("."), name.utf8.count <= 128,
      name.utf8.allSatisfy({ Self.allowed.contains($0) }), !Self.companions.contains(where: name.hasSuffix)
    else {
      throw .field(
        "file_name", "un nombre sin carpeta, con letras, números, punto, guion o guion bajo, que no termine en -wal, -shm o -journal")
    }
    let path = "\(backupFolder)/\(name)"
    do throws(StoreFault) {
      let sum = try await counter.store.backup(to: path)
      return Wire.BackupResponse(path: path, contentSha256: Hexadecimal.text(of: sum))
    } catch where error.kind == .conflict {
      throw RPCError(.alreadyExists, "Ya hay un respaldo con ese nombre; nada se escribió. Use otro, o deje que el servidor lo nombre.")
    } catch { throw RPCError(error) }
  }

  /// What SQLite keeps beside a database: a backup of such a name would be taken for a part of another.
  private static let companions = ["-wal", "-shm", "-journal"]
  private static let allowed = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.".utf8)

  /// "respaldo-2026-11-21-143005.sqlite", by the clinic's wall clock.
  private func defaultName() -> String {
    let (date, second) = counter.rules.zone.localSeconds(of: counter.now)
    let digits = [second / 3600, second / 60 % 60, second % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined()
    return "respaldo-\(date)-\(digits).sqlite"
  }
}
