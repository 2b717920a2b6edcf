internal import CSQLite

/// A prepared statement, kept and used again.
///
/// A bind that fails (no memory) is remembered and thrown by the next step, so that binding reads as plain assignment.
final class Statement {
  private let handle: OpaquePointer
  private unowned let connection: Connection
  private var bindFailure: Int32 = 0

  init(_ sql: String, in connection: Connection) throws(StoreFault) {
    var prepared: OpaquePointer?
    let code = sqlite3_prepare_v3(
      connection.handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
    guard code == SQLITE_OK, let prepared else { throw connection.fault("prepare", code: code) }
    handle = prepared
    self.connection = connection
  }

  deinit { sqlite3_finalize(handle) }

  /// Goes to the next row; `false` when there is none, and then the statement is ready for new parameters.
  func step() throws(StoreFault) -> Bool {
    if bindFailure != SQLITE_OK { throw failure(bindFailure) }
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE:
      sqlite3_reset(handle)
      return false
    case let code: throw failure(code)
    }
  }

  /// Runs a statement that gives no rows.
  func run() throws(StoreFault) { while try step() {} }

  /// Makes the statement ready for new parameters before its last row was read.
  func reset() { sqlite3_reset(handle) }

  private func failure(_ code: Int32) -> StoreFault {
    let operation = sqlite3_sql(handle).map { String(cString: $0).prefix(40) } ?? "step"
    let fault = connection.fault(String(operation), code: code)
    bindFailure = SQLITE_OK
    sqlite3_reset(handle)
    return fault
  }
}

// MARK: - Parameters, from 1

extension Statement {
  func bind(_ value: Int64, at position: Int32) { note(sqlite3_bind_int64(handle, position, value)) }
  func bindNull(at position: Int32) { note(sqlite3_bind_null(handle, position)) }

  func bind(_ value: Int64?, at position: Int32) {
    if let value { bind(value, at: position) } else { bindNull(at: position) }
  }

  func bind(_ value: String, at position: Int32) {
    var value = value
    value.withUTF8 { bytes in bindText(bytes, at: position) }
  }

  func bind(_ value: String?, at position: Int32) {
    if let value { bind(value, at: position) } else { bindNull(at: position) }
  }

  func bindText(_ bytes: UnsafeBufferPointer<UInt8>, at position: Int32) {
    // An empty text has no base address, which SQLite would take for NULL.
    guard let base = bytes.baseAddress, !bytes.isEmpty else {
      return note(sqlite3_bind_text(handle, position, "", 0, Self.copied))
    }
    base.withMemoryRebound(to: CChar.self, capacity: bytes.count) { text in
      note(sqlite3_bind_text(handle, position, text, Int32(bytes.count), Self.copied))
    }
  }

  func bind(_ bytes: [UInt8], at position: Int32) {
    bytes.withUnsafeBytes { bind($0, at: position) }
  }

  func bind(_ bytes: UnsafeRawBufferPointer, at position: Int32) {
    guard let base = bytes.baseAddress, !bytes.isEmpty else { return note(sqlite3_bind_zeroblob(handle, position, 0)) }
    note(sqlite3_bind_blob(handle, position, base, Int32(bytes.count), Self.copied))
  }

  private func note(_ code: Int32) { if code != SQLITE_OK { bindFailure = code } }

  /// SQLITE_TRANSIENT: SQLite copies the bytes before bind returns.
  private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
}

// MARK: - Columns, from 0

extension Statement {
  var columnCount: Int32 { sqlite3_column_count(handle) }

  func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }
  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }
  func optionalInteger(_ column: Int32) -> Int64? { isNull(column) ? nil : integer(column) }

  /// The text's bytes, good until the next step.
  func utf8(_ column: Int32) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: sqlite3_column_text(handle, column), count: Int(sqlite3_column_bytes(handle, column)))
  }

  func text(_ column: Int32) -> String { String(decoding: utf8(column), as: UTF8.self) }
  func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

  /// The blob's bytes, good until the next step.
  func bytes(_ column: Int32) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: sqlite3_column_blob(handle, column), count: Int(sqlite3_column_bytes(handle, column)))
  }

  func blob(_ column: Int32) -> [UInt8] { [UInt8](bytes(column)) }

  /// Feeds columns to a sum or a hash, each with its type, as ``ColumnSink`` has them.
  func feed(_ columns: Range<Int32>, into sink: inout some ColumnSink) {
    for column in columns {
      switch sqlite3_column_type(handle, column) {
      case SQLITE_INTEGER: sink.integer(integer(column))
      case SQLITE_TEXT: sink.text(utf8(column))
      case SQLITE_NULL: sink.null()
      default: sink.blob(bytes(column))
      }
    }
  }
}
