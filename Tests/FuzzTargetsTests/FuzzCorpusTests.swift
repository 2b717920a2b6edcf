import Foundation
import FuzzTargets
import KioskTestSupport
import Testing

@testable import kiosk_dev

@Suite("What strangers may send")
struct FuzzCorpusTests {
  static let names = FuzzTarget.all.map(\.name)
  static let kept = FuzzCorpus(
    root: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent())

  @Test("Nothing that was once found is found again, and what the fuzzer has reached is reached", arguments: names)
  func corpus(name: String) throws {
    let target = try #require(FuzzTarget.named(name))
    for input in try Self.kept.inputs(of: name) + target.seeds {
      #expect(throws: Never.self, "\(name): \(FuzzCorpus.text(input))") { try target.run(input) }
    }
  }

  @Test("Each folder of the corpus belongs to a target")
  func folders() throws {
    #expect(try Self.kept.names().subtracting(Self.names) == [])
  }

  /// A second or a few for each target in a debug build on a quiet core.
  @Test("What is kept, with bytes changed, cut out, put in and joined, is no worse", arguments: names)
  func mutations(name: String) throws {
    let target = try #require(FuzzTarget.named(name))
    let inputs = try Self.kept.inputs(of: name) + target.seeds + [[]]
    var chance = SeededGenerator(seed: 3)
    for _ in 0..<Self.runs(of: name) {
      let input = Mutation.of(inputs, longest: target.maxLength, &chance)
      do { try target.run(input) } catch { Issue.record("\(name): \(error): \(FuzzCorpus.text(input))") }
    }
  }

  static func runs(of name: String) -> Int {
    switch name {
    case "server", "client": 6_000
    case "message", "json": 40_000
    default: 100_000
    }
  }

  @Test("The planted bug is a finding, and its neighbours are none")
  func canary() {
    let input: [UInt8] = [0, 0, 0, 4, 0, 0, 0, 1, 3, 0] + Array("cita".utf8)
    #expect(throws: FuzzFinding("the planted bug")) { try FuzzTarget.canary.run(input) }
    #expect(throws: Never.self) { try FuzzTarget.canary.run(input.dropLast() + [0x6F]) }
  }
}

enum Mutation {
  /// One of the inputs with a few changes.
  static func of(_ inputs: [[UInt8]], longest: Int, _ chance: inout SeededGenerator) -> [UInt8] {
    var bytes = chance.pick(inputs)
    for _ in 0...chance.below(4) {
      let place = chance.below(bytes.count + 1)
      switch chance.below(6) {
      case 0 where place < bytes.count: bytes[place] = UInt8(chance.below(256))
      case 1 where place < bytes.count: bytes[place] ^= 1 << UInt8(chance.below(8))
      case 2 where place < bytes.count: bytes.remove(at: place)
      case 3: bytes = Array(bytes[..<place]) + chance.pick(inputs).dropFirst(chance.below(8))
      case 4: bytes.insert(chance.pick([0, 1, 0x7F, 0x80, 0xFF]), at: place)
      default: bytes.insert(contentsOf: (0...chance.below(8)).map { _ in UInt8(chance.below(256)) }, at: place)
      }
    }
    return Array(bytes.prefix(longest))
  }
}
