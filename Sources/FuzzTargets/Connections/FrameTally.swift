internal import TTRPCCore

/// What has been sent in one direction, frame by frame.
struct FrameTally {
  struct Frame {
    let header: FrameHeader
    let body: [UInt8]
  }

  private var parser = FrameParser()
  private var kept: [UInt8] = []
  /// How many headers there have been for each stream.
  private(set) var headers: [UInt32: Int] = [:]
  /// Streams with a request's header.
  private(set) var requested: Set<UInt32> = []
  private(set) var pings = 0

  /// Bytes after the last whole frame.
  var strayBytes: Int { kept.count }

  /// Adds bytes, and returns the frames that are whole now, except those longer than `longest`, whose bodies are passed over.
  mutating func add(_ bytes: some Sequence<UInt8>, longest: Int = 1 << 20) -> [Frame] {
    kept += bytes
    var frames: [Frame] = []
    var offset = 0
    kept.withUnsafeBytes { kept in
      while true {
        switch parser.next(in: kept, at: &offset) {
        case .needMore: return
        case .header(let header):
          headers[header.stream, default: 0] += 1
          if header.type == .request { requested.insert(header.stream) }
          if header.type == .ping { pings += 1 }
          if header.length <= longest { parser.collectBody() } else { parser.skipBody() }
        case .frame(let header, let start): frames.append(Frame(header: header, body: Array(kept[start..<offset])))
        }
      }
    }
    kept.removeFirst(offset)
    return frames
  }
}
