internal import TTRPCCore

extension FuzzTarget {
  /// The frame decoder against a reading of the whole that shares nothing with it, cut into pieces and at once.
  package static let frame = FuzzTarget(
    name: "frame", summary: "FrameParser, whole and in pieces", maxLength: 128,
    seeds: WireSeeds.frames.map { [7] + $0 }, ofFrames: { [7] + $0 }
  ) { bytes throws(FuzzFinding) in
    var input = InputReader(bytes)
    let piece = Int(input.byte()) % 40 + 1
    let stream = input.rest()
    let expected = FrameReading.reference(stream)
    let whole = try FrameReading.parsed(stream, piece: max(stream.count, 1))
    try require(whole == expected, "read at once: \(whole), not \(expected)")
    let cut = try FrameReading.parsed(stream, piece: piece)
    try require(cut == expected, "read in pieces of \(piece): \(cut), not \(expected)")
  }
}

/// What a run of bytes is, frame by frame.
private struct FrameReading: Equatable {
  var headers: [FrameHeader] = []
  /// The bodies that were wanted, joined, and their lengths.
  var bodies: [UInt8] = []
  var lengths: [Int] = []

  /// Whether the owner of the parser wants the body.
  static func isWanted(_ header: FrameHeader) -> Bool { header.length <= 256 && !header.flags.contains(.noData) }

  static func reference(_ bytes: UnsafeRawBufferPointer) -> FrameReading {
    var reading = FrameReading()
    var offset = 0
    while bytes.count - offset >= 10 {
      let field = { (at: Int) in (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(bytes[offset + at + $1]) } }
      let header = FrameHeader(
        length: field(0), stream: field(4), type: FrameType(rawValue: bytes[offset + 8]), flags: FrameFlags(rawValue: bytes[offset + 9]))
      reading.headers.append(header)
      offset += 10
      guard bytes.count - offset >= Int(header.length) else { break }
      if isWanted(header) { reading.add(UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + Int(header.length)])) }
      offset += Int(header.length)
    }
    return reading
  }

  /// As the connections' handlers do it: what the parser has not used waits for more.
  static func parsed(_ bytes: UnsafeRawBufferPointer, piece: Int) throws(FuzzFinding) -> FrameReading {
    var reading = FrameReading()
    var parser = FrameParser()
    var kept: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: piece) {
      kept += UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + piece, bytes.count)])
      let used = try kept.span.withUnsafeBytes { bytes throws(FuzzFinding) in try reading.read(bytes, &parser) }
      kept.removeFirst(used)
      try require(parser.bytesNeeded > kept.count, "\(kept.count) bytes wait, and \(parser.bytesNeeded) are needed")
      let missing = parser.bodyBytesMissing(kept: kept.count)
      try require(missing.map { $0 > 0 } ?? true, "a body lacks \(missing ?? 0) bytes and is not handed over")
    }
    return reading
  }

  private mutating func read(_ bytes: UnsafeRawBufferPointer, _ parser: inout FrameParser) throws(FuzzFinding) -> Int {
    var offset = 0
    while true {
      let before = offset
      switch parser.next(in: bytes, at: &offset) {
      case .needMore: return offset
      case .header(let header):
        // The rest of a body that nobody wanted may go before it.
        try require(offset >= before + FrameHeader.size && offset <= bytes.count, "a header ends at \(offset), begun at \(before)")
        headers.append(header)
        if Self.isWanted(header) { parser.collectBody() } else { parser.skipBody() }
      case .frame(let header, let start):
        try require(start >= 0 && start + Int(header.length) == offset && offset <= bytes.count, "a body lies outside of the bytes")
        add(UnsafeRawBufferPointer(rebasing: bytes[start..<offset]))
      }
    }
  }

  private mutating func add(_ body: UnsafeRawBufferPointer) {
    bodies += body
    lengths.append(body.count)
  }
}
