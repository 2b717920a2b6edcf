internal import Testing

@testable internal import KioskServices

@Suite("Reading a CSV file")
struct CSVReaderTests {
  typealias Element = CSVReader.Element

  /// The same bytes whole, one at a time, and in pieces of seven.
  static func everyWay(_ bytes: [UInt8]) -> [[Element]] {
    [max(1, bytes.count), 1, 7].map { length in
      var (reader, elements) = (CSVReader(), [Element]())
      for start in stride(from: 0, to: bytes.count, by: length) {
        reader.read(bytes[start..<min(start + length, bytes.count)]) { elements.append($0) }
      }
      reader.finish { elements.append($0) }
      return elements
    }
  }

  @Test("Rows and the lines they begin on", arguments: [
    ("", []),
    ("\n\r\n\n", []),
    ("a,b", [.row(line: 1, fields: ["a", "b"])]),
    ("a,b\nc,d\n", [.row(line: 1, fields: ["a", "b"]), .row(line: 2, fields: ["c", "d"])]),
    ("a,b\r\n\r\nc,d\r\n", [.row(line: 1, fields: ["a", "b"]), .row(line: 3, fields: ["c", "d"])]),
    (",\n,,", [.row(line: 1, fields: ["", ""]), .row(line: 2, fields: ["", "", ""])]),
    ("\u{FEFF}\"a\",b", [.row(line: 1, fields: ["a", "b"])]),
    ("\"a,b\",\"c\"\"d\"\"\",\"\"\r\n", [.row(line: 1, fields: ["a,b", "c\"d\"", ""])]),
    ("\"a\nb\r\nc\",d\ne", [.row(line: 1, fields: ["a\nb\r\nc", "d"]), .row(line: 4, fields: ["e"])]),
    ("Ñuñez,José", [.row(line: 1, fields: ["Ñuñez", "José"])]),
    ("a", [.row(line: 1, fields: ["a"])]),
    (" a , b ", [.row(line: 1, fields: [" a ", " b "])]),
    ("a,\"", [.refused(line: 1, .unclosedQuote)]),
    ("a\"b\nc", [.refused(line: 1, .misplacedQuote), .row(line: 2, fields: ["c"])]),
    ("\"a\"b,c\nd", [.refused(line: 1, .misplacedQuote), .row(line: 2, fields: ["d"])]),
    ("\"a\" ,c\nd", [.refused(line: 1, .misplacedQuote), .row(line: 2, fields: ["d"])]),
    ("\"a,b\nc,d\ne", [.refused(line: 1, .unclosedQuote), .row(line: 2, fields: ["c", "d"]), .row(line: 3, fields: ["e"])]),
    ("a\n\"b\n\"c\n\"d", [
      .row(line: 1, fields: ["a"]), .refused(line: 2, .misplacedQuote), .refused(line: 4, .unclosedQuote),
    ]),
  ] as [(String, [Element])])
  func rows(text: String, elements: [Element]) {
    for answer in Self.everyWay(Array(text.utf8)) { #expect(answer == elements) }
  }

  @Test("However the pieces fall, the rows are the same: every text of up to six marks")
  func everyText() {
    let marks = Array("a,\"\n\r".utf8)
    for length in 1...6 {
      for code in 0..<(0..<length).reduce(1, { product, _ in product * marks.count }) {
        var (rest, bytes) = (code, [UInt8]())
        for _ in 0..<length { (rest, bytes) = (rest / marks.count, bytes + [marks[rest % marks.count]]) }
        let answers = Self.everyWay(bytes)
        #expect(answers.allSatisfy { $0 == answers[0] }, "\(bytes)")
      }
    }
  }

  @Test("A row that is not UTF-8 is refused, the next one read")
  func notUTF8() {
    let bytes = Array("a\nPe".utf8) + [0xF1] + Array("a\nb".utf8)
    for answer in Self.everyWay(bytes) {
      #expect(answer == [.row(line: 1, fields: ["a"]), .refused(line: 2, .notUTF8), .row(line: 3, fields: ["b"])])
    }
  }

  @Test("A row over 64 KiB is refused, one of 64 KiB is read")
  func longRows() {
    let longest = String(repeating: "x", count: CSVReader.longestRow)
    for answer in Self.everyWay(Array("a\n\(longest)x\n\(longest)\nb".utf8)) {
      #expect(answer == [
        .row(line: 1, fields: ["a"]), .refused(line: 2, .tooLong), .row(line: 3, fields: [longest]), .row(line: 4, fields: ["b"]),
      ])
    }
  }

  @Test("A row of 64 KiB before CR and LF is read, however the pieces fall")
  func longestRowWithCRLF() {
    let longest = String(repeating: "x", count: CSVReader.longestRow)
    for answer in Self.everyWay(Array("\(longest)\r\nb".utf8)) {
      #expect(answer == [.row(line: 1, fields: [longest]), .row(line: 2, fields: ["b"])])
    }
  }

  @Test("Only so far is looked for a row's end: what comes behind the bound decides nothing")
  func boundedLook() {
    // From each of these lines on the quotes stay open for ever.
    let open = Array(String(repeating: "\"x\",\"\n", count: 20_000).utf8)
    var scan = RowScan()
    #expect(scan.rowEnd(in: open + [.quote, .lineFeed], from: 0, bound: 600) == nil)
    #expect(scan.isQuoted)
    let closed = Array("\"\(String(repeating: "x\n", count: CSVReader.longestRow))\",b\nc".utf8)
    for answer in Self.everyWay(closed) { #expect(answer.first == .refused(line: 1, .unclosedQuote)) }
  }

  @Test("A quote that nobody closes costs its own line, however long the file")
  func unclosedQuote() {
    let lines = (2...20_000).map { "fila,\($0)" }
    for answer in Self.everyWay(Array("\"a,b\n\(lines.joined(separator: "\n"))".utf8)) {
      #expect(answer.first == .refused(line: 1, .unclosedQuote))
      #expect(answer.count == 20_000)
      #expect(answer.last == .row(line: 20_000, fields: ["fila", "20000"]))
    }
  }

  @Test("What has been read is given out although the receiver stopped on the way")
  func stopping() {
    struct Stop: Error {}
    var (reader, elements) = (CSVReader(), [Element]())
    #expect(throws: Stop.self) { try reader.read("abc\ndef\n".utf8) { elements.append($0); throw Stop() } }
    reader.finish { elements.append($0) }
    #expect(elements == [.row(line: 1, fields: ["abc"]), .row(line: 2, fields: ["def"])])
  }
}
