/// Bytes of a CSV file in, rows out, one at a time: memory holds one row and one piece of the file.
///
/// RFC 4180 with commas: quoted fields may hold commas, line breaks and doubled quotes. Lines end in LF or CRLF; a byte order
/// mark and empty lines are skipped. A bad row is told and the next one read: after a quote that nobody closed, reading resumes on the
/// line below it, so that one slip does not swallow the rest of the file.
package struct CSVReader {
  /// Rows of people take some 300 bytes; the bound keeps an unclosed quote from reading the whole file into memory.
  package static let longestRow = 65_536

  package enum Element: Hashable, Sendable {
    /// `line` is where the row begins, counted from 1.
    case row(line: Int, fields: [String])
    case refused(line: Int, CSVFault)
  }

  /// Read, but not yet given out; begins where a row does, unless ``skipping``.
  private var pending: [UInt8] = []
  private var scan = RowScan()
  private var line = 1
  private var atStart = true
  /// A row beyond the bound is being passed over up to its line's end.
  private var skipping = false

  package init() {}

  /// Takes the next piece of the file; calls `body` for each row that it completes.
  package mutating func read(_ bytes: some Sequence<UInt8>, _ body: (Element) throws -> Void) rethrows {
    pending.append(contentsOf: bytes)
    guard !atStart || pending.count >= 3 else { return }
    try drain(body)
  }

  /// The file has ended: gives out what its last line holds.
  package mutating func finish(_ body: (Element) throws -> Void) rethrows {
    try drain(body)
    while !pending.isEmpty, !skipping {
      guard scan.isQuoted else {
        try body(Self.element(line: line, bytes: pending[...], fault: scan.fault))
        pending = []
        return
      }
      try body(.refused(line: line, .unclosedQuote))
      skipLine()
      try drain(body)
    }
  }

  private mutating func drain(_ body: (Element) throws -> Void) rethrows {
    if atStart, pending.starts(with: [0xEF, 0xBB, 0xBF]) { pending.removeFirst(3) }
    atStart = false
    var start = 0
    // What was given out leaves the buffer in one piece, also when `body` throws.
    defer { pending.removeFirst(start) }
    while true {
      if skipping, !skipToLineEnd(from: &start) { return }
      // The longest row, CR and LF. To look further for the end of a row that is refused anyway could cost the file's square.
      let bound = start + Self.longestRow + 2
      if let end = scan.rowEnd(in: pending, from: start, bound: bound) {
        let row = pending[start..<end]
        let (rowLine, fault) = (line, scan.fault)
        line += 1 + row.count { $0 == .lineFeed }
        start = end + 1
        scan = RowScan()
        if !row.isEmpty, !row.elementsEqual([.carriageReturn]) {
          try body(Self.element(line: rowLine, bytes: row, fault: fault))
        }
      } else if pending.count >= bound {
        let fault = scan.isQuoted ? CSVFault.unclosedQuote : .tooLong
        let refused = Element.refused(line: line, fault)
        skipping = true
        scan = RowScan()
        try body(refused)
      } else {
        scan.rebase(by: start)
        return
      }
    }
  }

  /// Moves `start` behind the line's end; `false` when it is not read yet.
  private mutating func skipToLineEnd(from start: inout Int) -> Bool {
    guard let end = pending[start...].firstIndex(of: .lineFeed) else {
      start = pending.count
      return false
    }
    (start, line, skipping) = (end + 1, line + 1, false)
    return true
  }

  /// Drops the first line of what is pending.
  private mutating func skipLine() {
    let end = pending.firstIndex(of: .lineFeed).map { $0 + 1 } ?? pending.count
    pending.removeFirst(end)
    line += 1
    scan = RowScan()
  }

  private static func element(line: Int, bytes: ArraySlice<UInt8>, fault: CSVFault?) -> Element {
    let row = bytes.last == .carriageReturn ? bytes.dropLast() : bytes
    guard row.count <= longestRow else { return .refused(line: line, .tooLong) }
    if let fault { return .refused(line: line, fault) }
    var fields: [String] = []
    for field in CSVFields(row: row) {
      guard let text = String(validating: field, as: UTF8.self) else { return .refused(line: line, .notUTF8) }
      fields.append(text)
    }
    return .row(line: line, fields: fields)
  }
}

/// Why a row cannot be read.
package enum CSVFault: Hashable, Sendable {
  case tooLong
  /// A quote inside a field that does not begin with one, or text behind a closing quote.
  case misplacedQuote
  case unclosedQuote
  case notUTF8

  package var mensaje: String {
    switch self {
    case .tooLong: "La fila pasa de 64 KiB. Revise que cada persona esté en su propia línea."
    case .misplacedQuote:
      "Hay comillas en medio de un campo. Encierre el campo entero entre comillas y escriba dobles (\"\") las de adentro."
    case .unclosedQuote: "Hay comillas que se abren y no se cierran. Ciérrelas o quítelas."
    case .notUTF8: "La fila no está en UTF-8. Guarde el archivo como «CSV UTF-8» para no perder acentos ni eñes."
    }
  }
}
