internal import Foundation

/// A store's file as it looks from outside: the shell reads, never writes and never checkpoints.
enum StoreFileReader {
  private static let shell = "/usr/bin/sqlite3"

  /// The rows of a query, their columns as text.
  static func rows(_ sql: String, in path: String) async throws -> [[String]] {
    guard FileManager.default.isExecutableFile(atPath: shell) else {
      throw CampaignFault("\(shell) is missing: apt-get install sqlite3")
    }
    let run = try await ProgramRun.of(shell, ["-readonly", "-batch", "-separator", "|", path, sql])
    guard run.status == 0 else { throw CampaignFault("sqlite3 -readonly \(path): \(run.text)") }
    return run.lines.map { $0.split(separator: "|", omittingEmptySubsequences: false).map(String.init) }
  }

  /// Slots that two people have; none, unless the store is broken.
  static let doubleBookings = """
    SELECT a.folio, b.folio FROM appointment a JOIN appointment b
      ON a.resource = b.resource AND a.day = b.day AND a.lane = b.lane AND a.folio < b.folio
      AND a.start_minute < b.end_minute AND b.start_minute < a.end_minute
    WHERE a.status IN ('pending', 'booked', 'arrived', 'checked-in', 'fulfilled')
      AND b.status IN ('pending', 'booked', 'arrived', 'checked-in', 'fulfilled')
    """
}
