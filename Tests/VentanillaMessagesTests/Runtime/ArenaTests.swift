import CShapesProtos
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("Memory of one call")
struct ArenaTests {
  @Test("A message that swells beyond the limit is refused, and one just inside is read")
  func limit() throws {
    // Two bytes on the wire, a struct of a hundred in memory.
    let bytes = (0..<1_000).flatMap { _ in Bytes.field(1004, [UInt8]()) }
    #expect(try Wire.Lists(decoding: bytes).messages.count == 1_000)
    #expect(throws: DecodingFault(.tooLarge(limit: 64 << 10))) { try Wire.Lists(decoding: bytes, limit: 64 << 10) }
  }

  @Test("A megabyte of the smallest messages stops at the default limit")
  func bomb() throws {
    let bytes = [UInt8](repeating: 0, count: 1 << 20).enumerated().map { UInt8($0.offset.isMultiple(of: 2) ? 0x12 : 0) }
    #expect(throws: DecodingFault(.tooLarge(limit: Arena.defaultLimit))) { try Wire.Tree(decoding: bytes) }
  }

  @Test("A frame full of bytes is read within the default limit")
  func fullFrame() throws {
    let body = [UInt8](repeating: 7, count: (4 << 20) - 64)
    let rows = Wire.ImportPatientsRequest(header: "nss", rows: body, firstLine: 2)
    #expect(try Wire.ImportPatientsRequest(decoding: rows.encoded()) == rows)
  }

  @Test("A list that claims more elements than its bytes can hold is refused before memory is taken")
  func hugeCount() {
    let bytes: [UInt8] = [0x12] + Bytes.varint(UInt64(UInt32.max)) + [0, 0, 0]
    #expect(throws: DecodingFault(path: "doubles", .truncated)) { try Wire.Lists(decoding: bytes) }
  }

  @Test("Memory is handed out aligned, apart from each other, and not beyond the limit")
  func pieces() throws {
    var arena = Arena(limit: 100_000)
    var ends: [(start: UInt, end: UInt)] = []
    for size in [1, 0, 15, 16, 17, 4_000, 20_000, 3, 40_000, 8] {
      let memory = arena.allocate(size)
      let piece = try #require(memory)
      let start = UInt(bitPattern: piece)
      #expect(start.isMultiple(of: 16))
      #expect(!ends.contains { start < $0.end && $0.start < start + UInt(size) })
      piece.initializeMemory(as: UInt8.self, repeating: 0xAA, count: size)
      ends.append((start, start + UInt(size)))
    }
    let beyond = [arena.allocate(100_000), arena.allocate(Int.max), arena.allocate(16)]
    #expect(beyond.map { $0 == nil } == [true, true, false])
  }

  @Test("A reply is encoded while its request is still borrowed")
  func nested() throws {
    let tree = Wire.Tree(label: "outer", children: [Wire.Tree(label: "inner")])
    let bytes = try tree.encoded()
    let seen = try bytes.withUnsafeBytes { borrowed in
      try Wire.Tree.withBorrowed(borrowed) { outer in
        let reply = try? Wire.Tree(label: "reply", children: [Wire.Tree(decoding: Array(bytes))]).encoded()
        return (reply: reply, outer: String(cString: outer.pointee.label), inner: String(cString: outer.pointee.children[0]!.pointee.label))
      }
    }
    #expect(seen.reply == [0x0A, 5] + Array("reply".utf8) + Bytes.field(2, bytes))
    #expect(seen.outer == "outer")
    #expect(seen.inner == "inner")
  }

  @Test("Threads do not share blocks", .timeLimit(.minutes(1)))
  func threads() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<8 {
        group.addTask { () throws in
          for round in 0..<500 {
            let tree = Wire.Tree(label: "\(number)", children: (0..<round % 40).map { Wire.Tree(label: "\(number)/\($0)") })
            let read = try Wire.Tree(decoding: tree.encoded())
            #expect(read == tree)
          }
        }
      }
      try await group.waitForAll()
    }
  }
}
