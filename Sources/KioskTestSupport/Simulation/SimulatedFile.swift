package import ClinicDomain
package import ClinicStore
internal import Glibc
internal import CSQLite

/// A store's file for a simulation: in memory where the system has `/dev/shm`, and gone afterwards.
package final class SimulatedFile {
  package let path: String
  private let folder: String

  package init() {
    let parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
    do throws(FreshFolderFault) { folder = try FreshFolder.make(in: parent) } catch { fatalError(error.description) }
    path = "\(folder)/clinic.sqlite"
  }

  deinit {
    for suffix in ["", "-wal", "-shm", "-journal", ".lock", ".reserve", ".new", ".head", ".head-lost"] { unlink(path + suffix) }
    rmdir(folder)
  }

  /// Small, and without a reserve.
  package static var options: StoreOptions {
    var options = StoreOptions()
    options.reserveBytes = 0
    options.writerCacheKiB = 512
    return options
  }

  /// Opens the store on this file.
  package func open(at now: Instant = .fixture) throws(OpeningFault) -> StoreCore {
    try StoreCore.open(.file(path), rules: StoreSimulation.rules, options: Self.options, at: now)
  }

  /// Takes from the schema what forbids a double booking, for a control. Nothing may have the file open.
  package func removeGuards() {
    var connection: OpaquePointer?
    sqlite3_open(path, &connection)
    sqlite3_exec(
      connection,
      """
      DROP TRIGGER appointment_overlap_insert; DROP TRIGGER appointment_overlap_update; DROP INDEX appointment_slot
      """, nil, nil, nil)
    sqlite3_close(connection)
  }
}
