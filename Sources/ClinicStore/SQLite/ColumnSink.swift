/// What takes a row column by column: a statement's parameters, a sum over them, a hash of the whole store.
protocol ColumnSink {
  mutating func null()
  mutating func integer(_ value: Int64)
  mutating func text(_ utf8: UnsafeBufferPointer<UInt8>)
  mutating func blob(_ bytes: UnsafeRawBufferPointer)
}

extension ColumnSink {
  mutating func integer(_ value: Int) { integer(Int64(value)) }

  mutating func optional(_ value: Int64?) {
    if let value { integer(value) } else { null() }
  }

  mutating func text(_ value: String) {
    var value = value
    value.withUTF8 { text($0) }
  }

  mutating func optional(_ value: String?) {
    if let value { text(value) } else { null() }
  }

  mutating func blob(_ value: [UInt8]) { value.withUnsafeBytes { blob($0) } }
}

/// Binds a row's columns in order and, last of all, its sum.
struct RowWriter: ColumnSink {
  private let statement: Statement
  private var position: Int32
  private var sum = RowSum()

  /// Parameters are bound from `first` on.
  init(_ statement: Statement, from first: Int32 = 1) {
    self.statement = statement
    position = first
  }

  mutating func null() {
    statement.bindNull(at: take())
    sum.null()
  }

  mutating func integer(_ value: Int64) {
    statement.bind(value, at: take())
    sum.integer(value)
  }

  mutating func text(_ utf8: UnsafeBufferPointer<UInt8>) {
    statement.bindText(utf8, at: take())
    sum.text(utf8)
  }

  mutating func blob(_ bytes: UnsafeRawBufferPointer) {
    statement.bind(bytes, at: take())
    sum.blob(bytes)
  }

  /// Binds `row_sum` and writes the row.
  mutating func write() throws(StoreFault) {
    statement.bind(sum.value, at: take())
    try statement.run()
  }

  private mutating func take() -> Int32 {
    defer { position += 1 }
    return position
  }
}
