/// A set of slot numbers of one day, `0 ..< count`.
///
/// The first 64 stand in one word, so that the mask of a usual day (48 slots) needs no memory of its own.
struct SlotMask: Hashable, Sendable {
  private var first: UInt64 = 0
  /// 64 numbers each, from 64 on; as many words as the count needs, whatever is set.
  private var rest: [UInt64]

  /// No number is set.
  init(count: Int) {
    rest = count <= 64 ? [] : Array(repeating: 0, count: (count + 63) / 64 - 1)
  }

  var isEmpty: Bool { first == 0 && rest.allSatisfy { $0 == 0 } }

  var count: Int { rest.reduce(first.nonzeroBitCount) { $0 + $1.nonzeroBitCount } }

  mutating func insert(_ numbers: Range<Int>) {
    for word in words(of: numbers) { self[word] |= Self.bits(of: numbers, in: word) }
  }

  mutating func remove(_ numbers: Range<Int>) {
    for word in words(of: numbers) { self[word] &= ~Self.bits(of: numbers, in: word) }
  }

  func contains(_ number: Int) -> Bool { next(from: number) == number }

  /// The smallest number that is set and not below `start`.
  func next(from start: Int) -> Int? {
    var word = start / 64
    guard word <= rest.count else { return nil }
    var bits = self[word] & (~0 << UInt64(start % 64))
    while bits == 0 {
      word += 1
      guard word <= rest.count else { return nil }
      bits = self[word]
    }
    return word * 64 + bits.trailingZeroBitCount
  }

  private func words(of numbers: Range<Int>) -> Range<Int> {
    numbers.isEmpty ? 0..<0 : numbers.lowerBound / 64..<(numbers.upperBound + 63) / 64
  }

  private subscript(word: Int) -> UInt64 {
    get { word == 0 ? first : rest[word - 1] }
    set { if word == 0 { first = newValue } else { rest[word - 1] = newValue } }
  }

  /// The bits of one word that a range covers; a shift by 64 gives 0.
  private static func bits(of numbers: Range<Int>, in word: Int) -> UInt64 {
    let from = max(numbers.lowerBound - word * 64, 0)
    let to = min(numbers.upperBound - word * 64, 64)
    return ((~0 as UInt64) << from) & ~((~0 as UInt64) << to)
  }
}
