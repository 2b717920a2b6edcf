import Testing
import VentanillaMessages

@Suite("Bytes that are no message")
struct WireScanTests {
  static let hold = Wire.HoldRequest(
    sessionToken: "a1", person: 2,
    slot: Wire.SlotChoice(service: "medicina_familiar", resource: "C12", date: "2026-11-24", startMinute: 495))

  @Test("Each kind of wrong byte is refused with the path of its field", arguments: [
    (Bytes.field(1, [0xC3, 0x28]), "session_token", .invalidUTF8),
    (Bytes.field(1, [0xED, 0xA0, 0x80]), "session_token", .invalidUTF8),
    (Bytes.field(1, [0xF4, 0x90, 0x80, 0x80]), "session_token", .invalidUTF8),
    (Bytes.field(1, [0xC0, 0x80]), "session_token", .invalidUTF8),
    (Bytes.field(1, "a\0b"), "session_token", .embeddedNUL),
    (Bytes.field(1, "ends in NUL\0"), "session_token", .embeddedNUL),
    (Bytes.field(1, "ñ and a NUL \0"), "session_token", .embeddedNUL),
    (Bytes.field(3, Bytes.field(2, [0xFF])), "slot.resource", .invalidUTF8),
    (Bytes.field(3, Bytes.field(2, "C\01")), "slot.resource", .embeddedNUL),
    (Bytes.field(3, [0x12, 0x05, 0x43]), "slot.resource", .truncated),
    (Bytes.field(1, "abc").dropLast(), "session_token", .truncated),
    ([0x0A], "session_token", .truncated),
    ([0x10], "person", .truncated),
    ([0x10, 0x80], "person", .truncated),
    ([0x80], "", .truncated),
    ([0x10] + [UInt8](repeating: 0x80, count: 10) + [1], "person", .malformedNumber),
    ([UInt8](repeating: 0x80, count: 6), "", .malformedNumber),
    ([0x0A] + [UInt8](repeating: 0x80, count: 5) + [0], "session_token", .malformedNumber),
    ([0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F], "session_token", .truncated),
    ([0x08, 0x05], "session_token", .wireType),
    ([0x12, 0x01, 0x05], "person", .wireType),
    ([0x15, 1, 2, 3, 4], "person", .wireType),
    ([0x1D, 1, 2, 3, 4], "slot", .wireType),
    ([0x00, 0x01], "", .fieldNumber),
    ([0x02, 0x01, 0x61], "", .fieldNumber),
    ([0xF8, 0xFF, 0xFF, 0xFF, 0x7F, 0x01], "", .fieldNumber),
    ([0x1B, 0x1C], "", .group),
    ([0x0C], "", .group),
    ([0x0E], "", .wireType),
    ([0x7A, 0x05, 0x61], "", .truncated),
  ] as [([UInt8], String, DecodingFault.Reason)])
  func refused(bytes: [UInt8], path: String, reason: DecodingFault.Reason) {
    #expect(throws: DecodingFault(path: path, reason)) { try Wire.HoldRequest(decoding: bytes) }
  }

  @Test("A fault in a list names the element")
  func element() {
    let good = Bytes.field(1, Bytes.field(2, "C1"))
    let bytes = good + Bytes.field(2, Bytes.field(1, "otra_fecha")) + good + Bytes.field(1, Bytes.field(2, [0xFF]))
    #expect(throws: DecodingFault(path: "slots[2].resource", .invalidUTF8)) { try Wire.FindResponse(decoding: bytes) }
    #expect(throws: DecodingFault(path: "strings[1]", .embeddedNUL)) {
      try Wire.Lists(decoding: Bytes.field(1001, "a") + Bytes.field(1001, "\0"))
    }
  }

  @Test("A packed list with bytes left over is refused", arguments: [
    (Bytes.field(2, [UInt8](repeating: 0, count: 9)), "doubles", .packedLength),
    (Bytes.field(40, [UInt8](repeating: 0, count: 7)), "fixed32s", .packedLength),
    (Bytes.field(20, [0x01, 0x80]), "uint32s", .truncated),
    (Bytes.field(1003, [UInt8](repeating: 0xFF, count: 11)), "colours", .malformedNumber),
  ] as [([UInt8], String, DecodingFault.Reason)])
  func packed(bytes: [UInt8], path: String, reason: DecodingFault.Reason) {
    #expect(throws: DecodingFault(path: path, reason)) { try Wire.Lists(decoding: bytes) }
  }

  @Test("Cut anywhere but between fields, a message is refused; cut between fields, the rest has its defaults")
  func cuts() throws {
    let bytes = try Self.hold.encoded()
    var whole: [Int] = []
    for count in 0...bytes.count where (try? Wire.HoldRequest(decoding: Array(bytes.prefix(count)))) != nil { whole.append(count) }
    #expect(whole == [0, 4, 6, bytes.count])
    #expect(try Wire.HoldRequest(decoding: Array(bytes.prefix(4))) == Wire.HoldRequest(sessionToken: "a1"))
  }

  @Test("Unknown fields of every encoding are skipped, at every depth")
  func unknown() throws {
    let unknown =
      Bytes.number(99, 1 << 60) + Bytes.field(98, [0xFF, 0x00]) + [0xB9, 0x06, 1, 2, 3, 4, 5, 6, 7, 8] + [0xB5, 0x06, 1, 2, 3, 4]
    let slot = unknown + Bytes.field(1, "medicina_familiar") + Bytes.field(2, "C12") + unknown
      + Bytes.field(3, "2026-11-24") + Bytes.number(4, 495)
    let bytes = unknown + Bytes.field(1, "a1") + unknown + Bytes.number(2, 2) + Bytes.field(3, slot) + unknown
    #expect(try Wire.HoldRequest(decoding: bytes) == Self.hold)
  }

  @Test("The last of several values of a field counts, and pieces of a message are joined")
  func repeats() throws {
    let bytes = Bytes.field(1, "x") + Bytes.field(3, Bytes.field(1, "medicina_familiar") + Bytes.field(2, "C1"))
      + Bytes.number(2, 7) + Bytes.field(1, "a1") + Bytes.number(2, 2)
      + Bytes.field(3, Bytes.field(2, "C12") + Bytes.field(3, "2026-11-24") + Bytes.number(4, 495))
    #expect(try Wire.HoldRequest(decoding: bytes) == Self.hold)
  }

  @Test("A hundred messages inside each other are read, one more is refused, a hundred thousand do no harm")
  func nesting() throws {
    func nested(_ depth: Int) -> [UInt8] {
      var bytes: [UInt8] = Bytes.field(1, "leaf")
      for _ in 1..<depth { bytes = Bytes.field(2, bytes) }
      return bytes
    }
    var tree = try Wire.Tree(decoding: nested(100))
    for _ in 1..<100 { tree = tree.children[0] }
    #expect(tree == Wire.Tree(label: "leaf"))
    let path = [String](repeating: "children[0]", count: 100).joined(separator: ".")
    #expect(throws: DecodingFault(path: path, .nestedTooDeeply)) { try Wire.Tree(decoding: nested(101)) }
    let bomb = (0..<100_000).reversed().reduce(into: [UInt8]()) { bytes, level in
      bytes += [0x12] + Bytes.varint(UInt64(4 * level))
    }
    #expect(throws: DecodingFault.self) { try Wire.Tree(decoding: bomb) }
    #expect(throws: DecodingFault(path: path, .nestedTooDeeply)) { try Wire.Tree(decoding: nested(3_000)) }
  }

  @Test("Random bytes are read or refused, and what is read is encoded and read again the same", arguments: UInt64(1)...20)
  func noise(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let start = try Self.hold.encoded()
    for _ in 0..<2_000 {
      var bytes = start
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      guard let read = try? Wire.HoldRequest(decoding: bytes) else { continue }
      #expect(try Wire.HoldRequest(decoding: read.encoded()) == read)
    }
  }
}

/// SplitMix64: the same numbers for the same seed, on every machine.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }
}
