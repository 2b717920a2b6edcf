/// Reads JSON strictly.
///
/// Source: RFC 8259. No comments, no trailing commas, no leading zeros, nothing after the value.
struct JSONParser {
  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0

  static func parse(_ text: String) throws(JSONFault) -> JSONValue {
    var parser = JSONParser(bytes: Array(text.utf8))
    let value = try parser.value()
    parser.skipSpace()
    guard parser.peek == nil else { throw parser.fault(.endOfText) }
    return value
  }

  /// Reads value after value, with nothing or space between them, until the text ends.
  static func parseAll(_ text: String) throws(JSONFault) -> [JSONValue] {
    var parser = JSONParser(bytes: Array(text.utf8))
    var values: [JSONValue] = []
    parser.skipSpace()
    while parser.peek != nil {
      values.append(try parser.value())
      parser.skipSpace()
    }
    return values
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func fault(_ expected: JSONFault.Expected) -> JSONFault {
    let before = bytes[..<min(position, bytes.count)]
    let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    let line = before.count { $0 == UInt8(ascii: "\n") } + 1
    return JSONFault(.syntax(line: line, column: position - lineStart + 1, expected: expected))
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    position += 1
    return true
  }

  private mutating func value() throws(JSONFault) -> JSONValue {
    skipSpace()
    switch peek {
    case UInt8(ascii: "{"):
      return .object(try list(UInt8(ascii: "}")) { parser throws(JSONFault) in try parser.member() })
    case UInt8(ascii: "["):
      return .array(try list(UInt8(ascii: "]")) { parser throws(JSONFault) in try parser.value() })
    case UInt8(ascii: "\""):
      return .string(try string())
    case let byte? where byte == UInt8(ascii: "-") || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte:
      return .number(try number())
    default:
      for (word, value) in [("true", JSONValue.bool(true)), ("false", .bool(false)), ("null", .null)]
      where bytes[position...].starts(with: word.utf8) {
        position += word.utf8.count
        return value
      }
      throw fault(.value)
    }
  }

  private mutating func list<Element>(
    _ close: UInt8, _ element: (inout JSONParser) throws(JSONFault) -> Element
  ) throws(JSONFault) -> [Element] {
    guard depth < WireScan.maximumDepth else { throw JSONFault(.nestedTooDeeply) }
    depth += 1
    defer { depth -= 1 }
    position += 1
    skipSpace()
    if take(close) { return [] }
    var elements: [Element] = []
    while true {
      elements.append(try element(&self))
      skipSpace()
      if take(close) { return elements }
      guard take(UInt8(ascii: ",")) else { throw fault(.commaOrEnd) }
    }
  }

  private mutating func member() throws(JSONFault) -> JSONValue.Member {
    skipSpace()
    guard peek == UInt8(ascii: "\"") else { throw fault(.memberName) }
    let name = try string()
    skipSpace()
    guard take(UInt8(ascii: ":")) else { throw fault(.colon) }
    return JSONValue.Member(name, try value())
  }

  private mutating func number() throws(JSONFault) -> String {
    let start = position
    _ = take(UInt8(ascii: "-"))
    if !take(UInt8(ascii: "0")) { try digits() }
    if take(UInt8(ascii: ".")) { try digits() }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      try digits()
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func digits() throws(JSONFault) {
    let start = position
    while let byte = peek, UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte { position += 1 }
    guard position > start else { throw fault(.digit) }
  }

  private mutating func string() throws(JSONFault) -> String {
    position += 1
    var text: [UInt8] = []
    while let byte = peek, byte >= 0x20 {
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): text += String(try escape()).utf8
      default: text.append(byte)
      }
    }
    throw fault(.closingQuote)
  }

  private mutating func escape() throws(JSONFault) -> Unicode.Scalar {
    guard let byte = peek else { throw fault(.closingQuote) }
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
      position += 1
      return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): position += 1; return "\u{8}"
    case UInt8(ascii: "f"): position += 1; return "\u{C}"
    case UInt8(ascii: "n"): position += 1; return "\n"
    case UInt8(ascii: "r"): position += 1; return "\r"
    case UInt8(ascii: "t"): position += 1; return "\t"
    case UInt8(ascii: "u"):
      position += 1
      return try unicodeEscape()
    default: throw fault(.escape)
    }
  }

  private mutating func unicodeEscape() throws(JSONFault) -> Unicode.Scalar {
    let first = try hexUnit()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xDC00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw fault(.hexDigits) }
    let second = try hexUnit()
    guard 0xDC00...0xDFFF ~= second,
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw fault(.hexDigits) }
    return scalar
  }

  private mutating func hexUnit() throws(JSONFault) -> UInt32 {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw fault(.hexDigits) }
      unit = unit << 4 | UInt32(digit)
      position += 1
    }
    return unit
  }
}
