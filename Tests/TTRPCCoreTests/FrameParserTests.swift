import Testing

@testable import TTRPCCore

@Suite("Finding frames in bytes")
struct FrameParserTests {
  /// What the owner of the parser saw: collected bodies, and headers it refused.
  struct Seen: Equatable {
    var frames: [String] = []
    var skipped: [UInt32] = []
  }

  static func frame(_ stream: UInt32, _ body: [UInt8]) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: FrameHeader.size)
    bytes.withUnsafeMutableBytes {
      FrameHeader(length: UInt32(body.count), stream: stream, type: .request).write(to: $0)
    }
    return bytes + body
  }

  /// Feeds the bytes in pieces, skipping the bodies of even streams.
  static func parse(_ bytes: [UInt8], piece: Int) -> Seen {
    var parser = FrameParser()
    var seen = Seen()
    var waiting: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: piece) {
      waiting += bytes[start..<min(start + piece, bytes.count)]
      let used = waiting.withUnsafeBytes { bytes in
        var offset = 0
        while true {
          switch parser.next(in: bytes, at: &offset) {
          case .needMore: return offset
          case .header(let header) where header.stream % 2 == 0:
            seen.skipped.append(header.stream)
            parser.skipBody()
          case .header: parser.collectBody()
          case .frame(let header, let start):
            seen.frames.append("\(header.stream): \(Array(bytes[start..<offset]))")
          }
        }
      }
      waiting.removeFirst(used)
    }
    return seen
  }

  @Test("The same bytes whole, one at a time and in pieces are the same frames", arguments: [1, 2, 3, 9, 10, 11, 64, 10_000])
  func pieces(piece: Int) {
    let bytes =
      Self.frame(1, [1, 2, 3]) + Self.frame(2, Array(repeating: 9, count: 300)) + Self.frame(3, [])
      + Self.frame(4, []) + Self.frame(5, Array(0..<200)) + Array(Self.frame(7, [1, 2]).dropLast())
    #expect(
      Self.parse(bytes, piece: piece)
        == Seen(frames: ["1: [1, 2, 3]", "3: []", "5: \(Array(0..<200))"], skipped: [2, 4]))
  }

  @Test("A header reads back as it was written")
  func header() {
    let header = FrameHeader(length: 0x0040_0000, stream: 0xfffe_fdfd, type: .data, flags: [.remoteClosed, .noData])
    var bytes = [UInt8](repeating: 0xaa, count: FrameHeader.size)
    bytes.withUnsafeMutableBytes { header.write(to: $0) }
    #expect(bytes == [0x00, 0x40, 0x00, 0x00, 0xff, 0xfe, 0xfd, 0xfd, 0x03, 0x05])
    #expect(bytes.withUnsafeBytes { FrameHeader($0) } == header)
  }
}
