internal import FastAGI

extension FuzzTarget {
  /// What comes from Asterisk, at once and in pieces; one environment, then answers, nothing after a fault.
  package static let agi = FuzzTarget(
    name: "agi", summary: "AGIReader, whole and in pieces", maxLength: 512, seeds: agiSeeds
  ) { bytes throws(FuzzFinding) in
    var input = InputReader(bytes)
    let piece = Int(input.byte()) % 40 + 1
    let stream = input.rest()
    var limits = AGILimits()
    (limits.maxLineBytes, limits.maxEnvironmentLines, limits.maxUsageLines) = (64, 8, 8)
    var whole = AGIReader(limits: limits)
    let expected = whole.read(stream)
    try requireOrder(expected)
    try require(whole.bytesKept <= limits.maxLineBytes, "\(whole.bytesKept) bytes of a line are kept")
    var reader = AGIReader(limits: limits)
    var events: [AGIReader.Event] = []
    for start in stride(from: 0, to: stream.count, by: piece) {
      events += reader.read(UnsafeRawBufferPointer(rebasing: stream[start..<min(start + piece, stream.count)]))
    }
    try require(events == expected, "read in pieces of \(piece): \(events), not \(expected)")
  }

  private static func requireOrder(_ events: [AGIReader.Event]) throws(FuzzFinding) {
    var isAnswering = false
    var hasFailed = false
    for event in events {
      try require(!hasFailed, "something is read after a fault")
      switch event {
      case .environment:
        try require(!isAnswering, "a second environment")
        isAnswering = true
      case .reply: try require(isAnswering, "an answer before the environment's end")
      case .fault: hasFailed = true
      case .hangup: break
      }
    }
  }

  /// Any words as arguments: one line that Asterisk's own reading takes apart into the same words, or none at all.
  package static let agiCommand = FuzzTarget(
    name: "agi-command", summary: "AGICommand, written and taken apart as Asterisk does", maxLength: 256,
    seeds: [Array(#"IVR "x" \ñ"#.utf8) + [0xFF] + Array("a b".utf8)]
  ) { bytes throws(FuzzFinding) in
    let words = bytes.split(separator: 0xFF, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    let (first, second) = (words[0], words.count > 1 ? words[1] : "")
    let line: [UInt8]
    do throws(AGICommandFault) { line = try AGICommand.setVariable(first, second).line() } catch {
      let unsent = (first + second).utf8
      return try require(
        unsent.contains { [0, 10, 13].contains($0) } || unsent.count > 900, "refused without a reason: \(error)")
    }
    try require(line.last == 10 && !line.dropLast().contains { [0, 10, 13].contains($0) } && line.count <= 2048, "not one line")
    let expected = [Array("SET".utf8), Array("VARIABLE".utf8), Array(first.utf8), Array(second.utf8)]
    let read = asteriskWords(line.dropLast())
    try require(read == expected, "\(String(decoding: line, as: UTF8.self)) reads as \(read)")
  }

  /// How Asterisk takes a line apart: blanks between words, `"` groups, `\` takes the next byte as it is, inside of quotes and outside.
  private static func asteriskWords(_ line: ArraySlice<UInt8>) -> [[UInt8]] {
    var words: [[UInt8]] = []
    var (isInWord, isQuoted, isEscaped) = (false, false, false)
    for byte in line {
      let isMark = !isEscaped && (byte == 0x22 || byte == 0x5C || (!isQuoted && (byte == 0x20 || byte == 0x09)))
      if isMark, byte == 0x20 || byte == 0x09 {
        isInWord = false
        continue
      }
      if !isInWord {
        words.append([])
        isInWord = true
      }
      if isMark, byte == 0x22 { isQuoted.toggle() }
      isEscaped = isMark && byte == 0x5C
      if !isMark { words[words.count - 1].append(byte) }
    }
    return words
  }

  private static let agiSeeds: [[UInt8]] = [
    "agi_network: yes\nagi_network_script: citas?x\n\n200 result=0\n",
    "\n200 result=123 (timeout)\nHANGUP\n200 result=-1\n511 x\n",
    "\n520-Invalid\nUsage: X\n520 End\n200 result=1 (a) b) endpos=12\n510 y\n",
  ].map { [3] + Array($0.utf8) }
}
