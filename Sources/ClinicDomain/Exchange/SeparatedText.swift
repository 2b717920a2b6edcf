/// Rows of fields between separators, as spreadsheets and other systems write them: read from bytes whole, and written.
///
/// RFC 4180 with any separator: quoted fields may hold separators, line breaks and doubled quotes; lines end in LF or CRLF; a byte order mark
/// and empty lines are skipped.
package struct SeparatedText: Hashable, Sendable {
  package enum Decoding: String, Hashable, Sendable, CaseIterable {
    case utf8 = "utf-8"
    /// ISO 8859-1: a byte is a character.
    case latin1 = "latin-1"
  }

  package struct Row: Hashable, Sendable {
    /// Where it begins, counted from 1.
    package var line: Int
    package var fields: [String]

    package init(line: Int, fields: [String]) {
      self.line = line
      self.fields = fields
    }
  }

  /// Why a file cannot be read at all.
  package enum Fault: Error, Hashable, Sendable {
    case unclosedQuote(line: Int)
    case notUTF8(line: Int)
  }

  package var decoding: Decoding
  /// Any ASCII character but a quote and a line's end.
  package var separator: UInt8

  package init(decoding: Decoding, separator: UInt8) {
    self.decoding = decoding
    self.separator = separator
  }
}

extension SeparatedText {
  /// - Throws: the first fault, in the order of the file.
  package func rows(of bytes: [UInt8]) throws(Fault) -> [Row] {
    var rows: [Row] = []
    var (fields, field) = ([String](), [UInt8]())
    var (line, rowLine, isQuoted, isEmpty) = (1, 1, false, true)
    var quoteLine = 1
    var place = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    func text() throws(Fault) -> String { try string(of: field, line: rowLine) }
    while place < bytes.count {
      let byte = bytes[place]
      place += 1
      switch byte {
      case Self.quote where isQuoted && place < bytes.count && bytes[place] == Self.quote:
        field.append(byte)
        place += 1
      case Self.quote where isQuoted || field.isEmpty:
        isQuoted.toggle()
        (isEmpty, quoteLine) = (false, line)
      case separator where !isQuoted:
        fields.append(try text())
        (field, isEmpty) = ([], false)
      case Self.lineFeed where !isQuoted:
        if field.last == Self.carriageReturn { field.removeLast() }
        if !(isEmpty && field.isEmpty) { rows.append(Row(line: rowLine, fields: fields + [try text()])) }
        line += 1
        (fields, field, rowLine, isEmpty) = ([], [], line, true)
      default:
        if byte == Self.lineFeed { line += 1 }
        field.append(byte)
      }
    }
    if isQuoted { throw .unclosedQuote(line: quoteLine) }
    if field.last == Self.carriageReturn { field.removeLast() }
    if !(isEmpty && field.isEmpty) { rows.append(Row(line: rowLine, fields: fields + [try text()])) }
    return rows
  }

  /// A row with its line's end; `nil` for a character that the decoding does not have.
  package func bytes(of fields: [String]) -> [UInt8]? {
    var bytes: [UInt8] = []
    for (place, field) in fields.enumerated() {
      if place > 0 { bytes.append(separator) }
      guard let written = written(field) else { return nil }
      bytes += written
    }
    return bytes + [Self.carriageReturn, Self.lineFeed]
  }

  private func written(_ field: String) -> [UInt8]? {
    let text = field.utf8.contains { $0 == separator || $0 == Self.quote || $0 == Self.lineFeed || $0 == Self.carriageReturn }
      ? "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\"" : field
    guard decoding == .latin1 else { return Array(text.utf8) }
    var bytes: [UInt8] = []
    for scalar in text.unicodeScalars {
      guard let byte = UInt8(exactly: scalar.value) else { return nil }
      bytes.append(byte)
    }
    return bytes
  }

  private func string(of field: [UInt8], line: Int) throws(Fault) -> String {
    switch decoding {
    case .latin1: return String(String.UnicodeScalarView(field.map { Unicode.Scalar($0) }))
    case .utf8:
      guard let text = String(validating: field, as: UTF8.self) else { throw .notUTF8(line: line) }
      return text
    }
  }

  private static let quote = UInt8(ascii: "\"")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")
}
