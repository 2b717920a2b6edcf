internal import TTRPCCore

extension FuzzTarget {
  /// A bug planted behind a word in the body of a frame: a campaign that does not find it looks at nothing.
  ///
  /// Each letter is a turn of the loop more, which a fuzzer that counts them keeps: it needs a few million inputs, chance 2³².
  package static let canary = FuzzTarget(
    name: "canary", summary: "a planted bug, which must be found", maxLength: 64, seeds: WireSeeds.frames
  ) { bytes throws(FuzzFinding) in
    var parser = FrameParser()
    var offset = 0
    while true {
      switch parser.next(in: bytes, at: &offset) {
      case .needMore: return
      case .header(let header): if header.length <= 64 { parser.collectBody() } else { parser.skipBody() }
      case .frame(_, let start):
        var letters = 0
        for (byte, letter) in zip(bytes[start..<offset], "cita".utf8) {
          guard byte == letter else { break }
          letters += 1
        }
        try require(letters < 4, "the planted bug")
      }
    }
  }
}
