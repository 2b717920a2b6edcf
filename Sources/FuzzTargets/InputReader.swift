/// The choices that let a connection read these bytes, in pieces of at most 63.
func asBytesToRead(_ bytes: [UInt8]) -> [UInt8] {
  stride(from: 0, to: bytes.count, by: 63).flatMap { start in
    let piece = bytes[start..<min(start + 63, bytes.count)]
    return [0, UInt8(piece.count)] + piece
  }
}

/// Reads an input as a sequence of choices. Past its end every choice is 0, so that any bytes are an input.
struct InputReader {
  private let bytes: UnsafeRawBufferPointer
  private var offset = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  var isAtEnd: Bool { offset >= bytes.count }

  @inline(__always)
  mutating func byte() -> UInt8 {
    guard offset < bytes.count else { return 0 }
    defer { offset += 1 }
    return bytes[offset]
  }

  mutating func number() -> UInt32 { (0..<4).reduce(0) { number, _ in number << 8 | UInt32(byte()) } }

  /// At most `count` bytes; fewer at the end.
  mutating func take(_ count: Int) -> UnsafeRawBufferPointer {
    let end = min(offset + count, bytes.count)
    defer { offset = end }
    return UnsafeRawBufferPointer(rebasing: bytes[offset..<end])
  }

  mutating func rest() -> UnsafeRawBufferPointer { take(bytes.count - offset) }
}
