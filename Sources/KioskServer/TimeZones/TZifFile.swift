internal import ClinicDomain

/// What a compiled tzdata file says: transitions, and the rule that goes on after them.
///
/// Source: RFC 9636 (TZif), versions 2 and later; the 32-bit block that comes first is skipped.
struct TZifFile: Hashable {
  /// From second `at` of 1970 UTC on, local time is UTC + `offset` seconds.
  struct Transition: Hashable {
    let at: Int
    let offset: Int
  }

  /// Before the first transition.
  let initialOffset: Int
  /// Ascending.
  let transitions: [Transition]
  /// `nil` when the file gives none.
  let rule: PosixZoneRule?

  /// Returns `nil` for anything but a whole TZif of version 2 or later.
  init?(bytes: [UInt8]) {
    var reader = Reader(bytes: bytes[...])
    guard let first = Header(&reader), first.version >= UInt8(ascii: "2"),
      reader.skip(first.blockLength(timeSize: 4)),
      let header = Header(&reader), header.types > 0,
      let times = reader.integers(header.times, size: 8),
      let indices = reader.integers(header.times, size: 1),
      let types = reader.types(header.types),
      reader.skip(header.characters + header.leaps * 12 + header.standardFlags + header.utcFlags),
      let footer = reader.footer(),
      indices.allSatisfy({ types.indices.contains($0) }), zip(times, times.dropFirst()).allSatisfy({ $0 < $1 })
    else { return nil }
    initialOffset = types[0]
    transitions = zip(times, indices).map { Transition(at: $0, offset: types[$1]) }
    if footer.isEmpty {
      rule = nil
    } else {
      guard let rule = PosixZoneRule(text: footer) else { return nil }
      self.rule = rule
    }
  }

  private struct Header {
    let version: UInt8
    let utcFlags, standardFlags, leaps, times, types, characters: Int

    init?(_ reader: inout Reader) {
      guard let magic = reader.take(4), Array(magic) == Array("TZif".utf8),
        let version = reader.take(1)?.first, reader.skip(15),
        let counts = reader.integers(6, size: 4), counts.allSatisfy({ (0...1_000_000).contains($0) })
      else { return nil }
      self.version = version
      (utcFlags, standardFlags, leaps) = (counts[0], counts[1], counts[2])
      (times, types, characters) = (counts[3], counts[4], counts[5])
    }

    func blockLength(timeSize: Int) -> Int {
      times * (timeSize + 1) + types * 6 + characters + leaps * (timeSize + 4) + standardFlags + utcFlags
    }
  }

  /// Takes bytes from the front; `nil` when there are too few.
  private struct Reader {
    var bytes: ArraySlice<UInt8>

    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
      guard bytes.count >= count else { return nil }
      defer { bytes = bytes.dropFirst(count) }
      return bytes.prefix(count)
    }

    mutating func skip(_ count: Int) -> Bool { take(count) != nil }

    /// Big-endian; signed, but single bytes, which are indices.
    mutating func integers(_ count: Int, size: Int) -> [Int]? {
      guard let block = take(count * size) else { return nil }
      return (0..<count).map { index in
        let bits = block.dropFirst(index * size).prefix(size).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        switch size {
        case 8: return Int(Int64(bitPattern: bits))
        case 4: return Int(Int32(truncatingIfNeeded: bits))
        default: return Int(bits)
        }
      }
    }

    /// The offsets alone of `count` local time types of six bytes.
    mutating func types(_ count: Int) -> [Int]? {
      var offsets: [Int] = []
      for _ in 0..<count {
        guard let offset = integers(1, size: 4), skip(2) else { return nil }
        offsets += offset
      }
      return offsets
    }

    /// The text between two line feeds that ends the file.
    mutating func footer() -> String? {
      let newline = UInt8(ascii: "\n")
      guard bytes.count >= 2, bytes.first == newline, bytes.last == newline else { return nil }
      return String(decoding: bytes.dropFirst().dropLast(), as: UTF8.self)
    }
  }
}
