/// What text must be on the wire: UTF-8 without NUL.
enum ByteScan {
  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let highBits: UInt64 = 0x8080_8080_8080_8080

  static func checkText(_ bytes: UnsafeRawBufferPointer) throws(DecodingFault.Reason) {
    if isPlainASCII(bytes) { return }
    if hasNUL(bytes) { throw .embeddedNUL }
    let text = UnsafeBufferPointer(start: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), count: bytes.count)
    do { _ = try UTF8Span(validating: text.span) } catch { throw .invalidUTF8 }
  }

  static func hasNUL(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.contains(0)
  }

  /// Whether every byte is 1 to 127. Eight at a time: a byte less one borrows into its high bit only from 0.
  private static func isPlainASCII(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var position = 0
    while bytes.count - position >= 8 {
      let word = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
      if (word | (word &- ones)) & highBits != 0 { return false }
      position += 8
    }
    while position < bytes.count {
      guard 1...127 ~= bytes[position] else { return false }
      position += 1
    }
    return true
  }
}
