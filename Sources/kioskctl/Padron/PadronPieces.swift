/// Some whole rows of a padrón file, as they are sent in one call.
struct PadronRows: Equatable {
  /// The line of the file on which the first row begins, counted from 1.
  let firstLine: Int
  /// The rows with their line ends, as the file has them.
  let bytes: [UInt8]
  /// How many rows; an empty line is none.
  let count: Int
}

/// Bytes of a CSV file in, pieces of whole rows out; memory holds one piece and what was read after it.
///
/// RFC 4180: a row may go on over line breaks inside quotes. A byte order mark is dropped. What a row says is not looked at: that is
/// the server's affair. A quote that nobody closes is found when its row outgrows ``longestRow`` or the file ends; the line
/// it began on is left out and reading resumes on the line below, so that one slip does not swallow the rest of the file.
struct PadronPieces {
  enum Element: Equatable {
    /// The file's first row, which names the columns.
    case header([UInt8])
    case rows(PadronRows)
    /// A line that is left out because its quotes are not closed.
    case unclosedQuote(line: Int)
  }

  /// The server refuses longer rows too.
  static let longestRow = 65_536
  /// A piece ends when it is as long, so that a message stays far below what a server takes.
  static let longestPiece = 262_144

  private let rowsPerPiece: Int
  /// Read and not given out; from `pieceStart` on it is the piece in the making, from `rowStart` on the row in the making.
  private var pending: [UInt8] = []
  private var rowStart = 0
  private var next = 0
  private var isQuoted = false
  private var atStart = true
  private var headerGiven = false
  /// The line that the row in the making begins on.
  private var line = 1
  private var pieceLine = 1
  private var rows = 0

  init(rowsPerPiece: Int = 200) { self.rowsPerPiece = rowsPerPiece }

  /// Takes the next bytes of the file.
  mutating func read(_ bytes: some Sequence<UInt8>, _ body: (Element) throws -> Void) rethrows {
    pending.append(contentsOf: bytes)
    if atStart {
      guard pending.count >= 3 else { return }
      dropMark()
    }
    while let element = step() { try body(element) }
  }

  /// The file has ended: gives out what is left.
  mutating func finish(_ body: (Element) throws -> Void) rethrows {
    if atStart { dropMark() }
    if pending.last != Self.lineFeed, !pending.isEmpty { pending.append(Self.lineFeed) }
    while true {
      while let element = step() { try body(element) }
      if let piece = cutPiece() { try body(.rows(piece)) }
      guard isQuoted, !pending.isEmpty else { return }
      try body(dropLine())
    }
  }

  private static let lineFeed = UInt8(ascii: "\n")
  private static let quote = UInt8(ascii: "\"")

  private mutating func dropMark() {
    if pending.starts(with: [0xEF, 0xBB, 0xBF]) { pending.removeFirst(3) }
    atStart = false
  }

  /// Goes on to the next thing to give out; `nil` when more bytes are needed.
  private mutating func step() -> Element? {
    while true {
      if isQuoted, next - rowStart > Self.longestRow {
        // What stands before the bad line goes out first, so that everything is told in the file's order.
        return cutPiece().map { .rows($0) } ?? dropLine()
      }
      guard next < pending.count else { return nil }
      let byte = pending[next]
      next += 1
      if byte == Self.quote { isQuoted.toggle() }
      if byte == Self.lineFeed, !isQuoted, let element = endRow() { return element }
    }
  }

  private mutating func endRow() -> Element? {
    let row = pending[rowStart..<next]
    let isEmpty = row.allSatisfy { $0 == Self.lineFeed || $0 == UInt8(ascii: "\r") }
    line += row.count { $0 == Self.lineFeed }
    rowStart = next
    guard headerGiven else {
      defer { forgetGiven() }
      guard !isEmpty else { return nil }
      headerGiven = true
      return .header(Self.withoutEnd(row))
    }
    if !isEmpty { rows += 1 }
    guard rows >= rowsPerPiece || rowStart >= Self.longestPiece else { return nil }
    return cutPiece().map { .rows($0) }
  }

  /// The whole rows read so far, as a piece.
  private mutating func cutPiece() -> PadronRows? {
    defer { forgetGiven() }
    guard rows > 0 else { return nil }
    return PadronRows(firstLine: pieceLine, bytes: Array(pending[..<rowStart]), count: rows)
  }

  /// Lets go of whole rows; what follows is a new piece.
  private mutating func forgetGiven() {
    pending.removeFirst(rowStart)
    next -= rowStart
    (rowStart, rows, pieceLine) = (0, 0, line)
  }

  /// Leaves out the line on which the row in the making begins, and reads on below it.
  ///
  /// - Precondition: whole rows were given out.
  private mutating func dropLine() -> Element {
    let dropped = line
    let end = pending.firstIndex(of: Self.lineFeed).map { $0 + 1 } ?? pending.count
    pending.removeFirst(end)
    line += 1
    (rowStart, next, isQuoted, pieceLine) = (0, 0, false, line)
    return .unclosedQuote(line: dropped)
  }

  private static func withoutEnd(_ row: ArraySlice<UInt8>) -> [UInt8] {
    var row = row
    while let last = row.last, last == lineFeed || last == UInt8(ascii: "\r") { row.removeLast() }
    return Array(row)
  }
}
