import KioskClient
import KioskTestSupport
import TTRPCCore
import Testing

@Suite("A client's name for one intention")
struct RequestIdentifierTests {
  @Test("It is 32 lower-case hexadecimal digits, leading zeros among them, and never twice the same")
  func text() {
    var seen: Set<String> = []
    for _ in 0..<1000 {
      let text = RequestIdentifier().description
      #expect(text.utf8.count == 32 && text.allSatisfy { "0123456789abcdef".contains($0) })
      seen.insert(text)
    }
    #expect(seen.count == 1000)
    var zeros = Zeros()
    #expect(RequestIdentifier(using: &zeros).description == String(repeating: "0", count: 32))
  }

  @Test("What is made later sorts later, from one millisecond to the next")
  func timeFirst() async throws {
    let first = RequestIdentifier().description
    try await Task.sleep(for: .milliseconds(3))
    let second = RequestIdentifier().description
    #expect(first.prefix(12) < second.prefix(12))
  }

  @Test("Options of a write carry it under request-id")
  func options() {
    let id = RequestIdentifier()
    let options = CallOptions.write(id, timeout: .seconds(3))
    #expect(options.metadata == ["request-id": id.description] && options.timeout == .seconds(3))
  }

  struct Zeros: RandomNumberGenerator {
    func next() -> UInt64 { 0 }
  }
}
