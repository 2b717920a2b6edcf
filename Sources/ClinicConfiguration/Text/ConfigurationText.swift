/// The bytes of a configuration file as text.
///
/// A byte order mark is dropped, for editors on Windows write one.
enum ConfigurationText {
  /// A clinic of 100 consultorios takes about 20 kB; what is larger was not written by hand.
  static let maximumBytes = 262_144

  static func decode(_ bytes: [UInt8]) throws(PlacedComplaint) -> String {
    guard bytes.count <= maximumBytes else {
      throw PlacedComplaint(
        .start, "el archivo mide más de \(maximumBytes / 1024) KiB, el máximo",
        fix: "compruebe que sea el archivo correcto")
    }
    guard !bytes.starts(with: [0xFF, 0xFE]), !bytes.starts(with: [0xFE, 0xFF]) else {
      throw PlacedComplaint(.start, "el archivo está en UTF-16", fix: "guárdelo de nuevo como UTF-8")
    }
    let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
    if let text = String(validating: content, as: UTF8.self) { return text }
    let (position, byte) = firstInvalid(content) ?? (.start, 0)
    throw PlacedComplaint(
      position, "el byte 0x\(hexadecimal(byte)) no es texto UTF-8", fix: "guarde el archivo de nuevo como UTF-8")
  }

  /// Where the text stops being UTF-8, with the byte found there.
  private static func firstInvalid(_ bytes: ArraySlice<UInt8>) -> (TextPosition, UInt8)? {
    var parser = Unicode.UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var (line, column, read) = (1, 1, bytes.startIndex)
    while true {
      switch parser.parseScalar(from: &iterator) {
      case .valid(let encoded):
        read += encoded.count
        if encoded.first == UInt8(ascii: "\n") { (line, column) = (line + 1, 1) } else { column += 1 }
      case .error: return (TextPosition(line: line, column: column), bytes[read])
      case .emptyInput: return nil
      }
    }
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return digits.count == 1 ? "0" + digits : digits
  }
}

/// A complaint that ends the reading: a syntax error, for example.
struct PlacedComplaint: Error, Hashable {
  let position: TextPosition
  let complaint: Complaint

  init(_ position: TextPosition, _ message: String, fix: String) {
    self.position = position
    complaint = Complaint(message, fix: fix)
  }
}
