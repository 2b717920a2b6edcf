import Testing

@testable import TTRPCCore

@Suite("Open streams of a connection")
struct StreamTableTests {
  @Test("Taken out in any order, each stream gives its own value once")
  func anyOrder() {
    var table = StreamTable<String>()
    let streams = (0..<200).map { UInt32($0 * 2 + 1) }
    for stream in streams { table.append("call \(stream)", for: stream) }
    for index in 0..<200 {
      let stream = streams[index * 77 % 200]
      #expect(table.contains(stream))
      #expect(table.remove(stream) == "call \(stream)")
      #expect(table.remove(stream) == nil)
      #expect(!table.contains(stream + 1))
    }
    #expect(table.isEmpty)
  }
}
