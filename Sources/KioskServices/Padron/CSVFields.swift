extension UInt8 {
  static let lineFeed = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
  static let comma = UInt8(ascii: ",")
  static let quote = UInt8(ascii: "\"")
}

/// Finds where a row ends, and goes on where it stopped when more bytes have come.
struct RowScan {
  private enum State { case fieldStart, plain, quoted, afterQuote }

  private var state = State.fieldStart
  private var next: Int?
  /// Something that RFC 4180 forbids; the row still ends at its line's end.
  private(set) var fault: CSVFault?

  /// Inside quotes: the row cannot end here.
  var isQuoted: Bool { state == .quoted }

  /// The line feed that ends the row; `nil` when it is not among the first `bound` bytes of `bytes`, or not yet.
  mutating func rowEnd(in bytes: [UInt8], from start: Int, bound: Int) -> Int? {
    var index = next ?? start
    let end = min(bytes.count, bound)
    while index < end {
      let byte = bytes[index]
      if byte == .lineFeed, state != .quoted { return index }
      state = successor(of: byte)
      index += 1
    }
    next = index
    return nil
  }

  /// The buffer has lost its first `count` bytes.
  mutating func rebase(by count: Int) { next = next.map { $0 - count } }

  private mutating func successor(of byte: UInt8) -> State {
    switch (state, byte) {
    case (.quoted, .quote): return .afterQuote
    case (.quoted, _): return .quoted
    case (.fieldStart, .quote), (.afterQuote, .quote): return .quoted
    case (_, .comma): return .fieldStart
    case (.plain, .quote):
      fault = .misplacedQuote
      return .plain
    case (.afterQuote, .carriageReturn): return .afterQuote
    case (.afterQuote, _):
      fault = .misplacedQuote
      return .plain
    case (.fieldStart, _), (.plain, _): return .plain
    }
  }
}

/// The fields of one row, without their quotes.
struct CSVFields: Sequence, IteratorProtocol {
  private var rest: ArraySlice<UInt8>?

  /// - Parameter row: without its line's end, well-formed.
  init(row: ArraySlice<UInt8>) { rest = row }

  mutating func next() -> [UInt8]? {
    guard let row = rest else { return nil }
    return row.first == .quote ? quoted(row.dropFirst()) : plain(row)
  }

  private mutating func plain(_ row: ArraySlice<UInt8>) -> [UInt8] {
    guard let comma = row.firstIndex(of: .comma) else {
      rest = nil
      return Array(row)
    }
    rest = row[(comma + 1)...]
    return Array(row[..<comma])
  }

  private mutating func quoted(_ row: ArraySlice<UInt8>) -> [UInt8] {
    var (field, rest) = ([UInt8](), row)
    while let quote = rest.firstIndex(of: .quote) {
      field += rest[..<quote]
      rest = rest[(quote + 1)...]
      guard rest.first == .quote else { break }
      field.append(.quote)
      rest = rest.dropFirst()
    }
    self.rest = rest.first == .comma ? rest.dropFirst() : nil
    return field
  }
}
