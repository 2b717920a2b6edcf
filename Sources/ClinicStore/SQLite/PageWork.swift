internal import CSQLite

/// How much the writer's connection worked, in pages: a cost that does not depend on the machine or on who else uses it.
package struct PageWork: Hashable, Sendable {
  /// Pages that were asked for, whether or not they were at hand.
  package var touched: Int
  /// Of these, read from the file.
  package var missed: Int
  package var written: Int
}

extension StoreCore {
  /// What was done since this was asked for the last time, or since the store was opened.
  package func takePageWork() -> PageWork {
    func take(_ what: Int32) -> Int {
      var (count, highest): (Int32, Int32) = (0, 0)
      sqlite3_db_status(connection.handle, what, &count, &highest, 1)
      return Int(count)
    }
    let missed = take(SQLITE_DBSTATUS_CACHE_MISS)
    return PageWork(touched: take(SQLITE_DBSTATUS_CACHE_HIT) + missed, missed: missed, written: take(SQLITE_DBSTATUS_CACHE_WRITE))
  }
}
