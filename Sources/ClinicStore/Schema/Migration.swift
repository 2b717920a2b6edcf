/// One step from a version of the schema to the next, in one transaction.
///
/// Foreign keys rest while it runs, so that a table can be made anew; they are looked at before it is committed.
struct Migration: Sendable {
  var sql: String
  /// What SQL cannot do: sums and hashes. It may use the tables as this step leaves them, and no later column's name.
  var finish: @Sendable (Connection) throws(StoreFault) -> Void = { _ in }

  func run(_ connection: Connection) throws(StoreFault) {
    try connection.execute(sql)
    try finish(connection)
  }

  /// Writes a table's row sums anew, after a step that changed its columns.
  ///
  /// - Parameter second: the key's second column, where it has two.
  static func sumAgain(_ table: String, key: String, and second: String? = nil, in connection: Connection) throws(StoreFault) {
    let rows = try Statement("SELECT * FROM \(table)", in: connection)
    let also = second.map { " AND \($0) = ?3" } ?? ""
    let update = try Statement("UPDATE \(table) SET row_sum = ?1 WHERE \(key) = ?2\(also)", in: connection)
    let last = rows.columnCount - 1
    var sums: [(key: Int64, second: Int64, sum: Int64)] = []
    while try rows.step() {
      var sum = RowSum()
      rows.feed(0..<last, into: &sum)
      sums.append((rows.integer(0), rows.integer(1), sum.value))
    }
    for row in sums {
      update.bind(row.sum, at: 1)
      update.bind(row.key, at: 2)
      if second != nil { update.bind(row.second, at: 3) }
      try update.run()
    }
  }
}
