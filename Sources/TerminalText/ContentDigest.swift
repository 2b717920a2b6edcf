/// A number for a text of bytes, the same for the same bytes: tells files and pieces apart, resists nobody.
///
/// Source: FNV-1a with 128 bits, datatracker.ietf.org/doc/draft-eastlake-fnv.
package struct ContentDigest: Hashable, Sendable, CustomStringConvertible {
  private static let offset: UInt128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d
  private static let prime: UInt128 = 0x0000_0000_0100_0000_0000_0000_0000_013b

  private var state = Self.offset

  package init() {}

  package mutating func add(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { state = (state ^ UInt128(byte)) &* Self.prime }
  }

  /// 32 lower-case hexadecimal digits.
  package var description: String {
    let digits = String(state, radix: 16)
    return String(repeating: "0", count: 32 - digits.count) + digits
  }
}
