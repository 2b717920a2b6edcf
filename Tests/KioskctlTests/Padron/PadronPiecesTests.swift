import Testing

@testable import kioskctl

@Suite("A padrón file in pieces of whole rows")
struct PadronPiecesTests {
  /// Reads a text in chunks; chunks of one byte are the hardest.
  static func elements(_ text: String, rowsPerPiece: Int = 2, chunk: Int = 1) -> [PadronPieces.Element] {
    var pieces = PadronPieces(rowsPerPiece: rowsPerPiece)
    var found: [PadronPieces.Element] = []
    let bytes = Array(text.utf8)
    for start in stride(from: 0, to: bytes.count, by: chunk) {
      pieces.read(bytes[start..<min(start + chunk, bytes.count)]) { found.append($0) }
    }
    pieces.finish { found.append($0) }
    return found
  }

  static func rows(_ line: Int, _ text: String, _ count: Int) -> PadronPieces.Element {
    .rows(PadronRows(firstLine: line, bytes: Array(text.utf8), count: count))
  }

  static func header(_ text: String) -> PadronPieces.Element { .header(Array(text.utf8)) }

  @Test("Rows go out in order, at most so many at once, each piece with the line of its first row", arguments: [1, 3, 1000])
  func plain(chunk: Int) {
    #expect(
      Self.elements("a,b\n1,2\n3,4\n5,6\n", chunk: chunk)
        == [Self.header("a,b"), Self.rows(2, "1,2\n3,4\n", 2), Self.rows(4, "5,6\n", 1)])
  }

  @Test("A line break inside quotes ends no row, doubled quotes end no field", arguments: [1, 5, 1000])
  func quotes(chunk: Int) {
    #expect(
      Self.elements("a,b\n\"x\ny\",2\n\"say \"\"hi\"\"\n\",4\nlast,5\n", chunk: chunk)
        == [Self.header("a,b"), Self.rows(2, "\"x\ny\",2\n\"say \"\"hi\"\"\n\",4\n", 2), Self.rows(6, "last,5\n", 1)])
  }

  @Test("CRLF, a byte order mark, empty lines and a missing last line end change no line number", arguments: [1, 2, 1000])
  func lineEnds(chunk: Int) {
    #expect(
      Self.elements("\u{FEFF}a,b\r\n1,2\r\n\r\n3,4\r\n5,6", chunk: chunk)
        == [Self.header("a,b"), Self.rows(2, "1,2\r\n\r\n3,4\r\n", 2), Self.rows(5, "5,6\n", 1)])
  }

  @Test("A quote that nobody closes costs its line, not the rest of the file", arguments: [1, 1000])
  func unclosedQuote(chunk: Int) {
    #expect(
      Self.elements("a,b\n1,2\n\"oh,3\n4,5\n6,7\n", chunk: chunk)
        == [Self.header("a,b"), Self.rows(2, "1,2\n", 1), .unclosedQuote(line: 3), Self.rows(4, "4,5\n6,7\n", 2)])
  }

  @Test("A quote that nobody closes is found when its row outgrows 64 KiB, long before the end of the file")
  func unclosedQuoteInALargeFile() {
    let many = String(repeating: "1,2\n", count: 40_000)
    let found = Self.elements("a,b\n\"oh,3\n" + many, rowsPerPiece: 200, chunk: 4096)
    #expect(found.prefix(2) == [Self.header("a,b"), .unclosedQuote(line: 2)])
    #expect(found.dropFirst(2).allSatisfy { if case .rows(let rows) = $0 { rows.count == 200 } else { false } })
    #expect(found.count == 2 + 200)
  }

  @Test("A last line without its closing quote is told, also when nothing follows it")
  func unclosedAtTheEnd() {
    #expect(Self.elements("a,b\n1,2\n\"oh") == [Self.header("a,b"), Self.rows(2, "1,2\n", 1), .unclosedQuote(line: 3)])
  }

  @Test("Long rows make short pieces")
  func longRows() {
    let row = String(repeating: "x", count: 60_000) + "\n"
    let found = Self.elements("a\n" + String(repeating: row, count: 10), rowsPerPiece: 200, chunk: 10_000)
    #expect(found.dropFirst().map { if case .rows(let rows) = $0 { rows.count } else { 0 } } == [5, 5])
  }

  @Test("An empty file has no header; a file with a header has no rows")
  func nothing() {
    #expect(Self.elements("") == [])
    #expect(Self.elements("\n\n") == [])
    #expect(Self.elements("a,b") == [Self.header("a,b")])
  }
}
