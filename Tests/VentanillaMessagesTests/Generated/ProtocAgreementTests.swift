import Foundation
import Testing
@testable import VentanillaMessages

/// Random messages of every type, encoded by protoc from text: an implementation that shares nothing with ours.
@Suite("protoc and our messages agree", .enabled(if: Protoc.isInstalled))
struct ProtocAgreementTests {
  static let types: [any WireMessage.Type] = MethodTable.messages + ShapesMethodTable.messages
  static let rounds = 20

  struct Sample {
    let type: any WireMessage.Type
    let json: JSONValue
    let bytes: [UInt8]
  }

  /// One protoc run for all: a message with a field per type holds every sample.
  static let samples = Result { () throws -> [Sample] in
    let trees = types.enumerated().flatMap { index, type in
      (0..<rounds).map { round in
        var random = RandomMessage(seed: UInt64(index * 1_000 + round))
        return (index: index, tree: random.message(type.messageType))
      }
    }
    let text = trees.map { "m\($0.index) { \($0.tree.textFormat(types[$0.index].messageType)) }" }.joined(separator: "\n")
    let bytes = try encode(text)
    var reader = WireReader(UnsafeRawBufferPointer(start: nil, count: 0))
    return try bytes.withUnsafeBytes { bytes in
      reader = WireReader(bytes)
      return try trees.map { index, tree in
        let tag = try reader.tag()
        #expect(Int(tag.number) == index + 1)
        return Sample(type: types[index], json: tree, bytes: Array(try reader.lengthPrefixed()))
      }
    }
  }

  private static func encode(_ text: String) throws -> [UInt8] {
    let scratch = FileManager.default.temporaryDirectory.appending(path: "agreement-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: scratch) }
    let protos = Protoc.root.appending(path: "Protos")
    let contract = try FileManager.default.contentsOfDirectory(atPath: protos.appending(path: "ventanilla/v1").path)
    let imports = contract.sorted().filter { $0.hasSuffix(".proto") }.map { "ventanilla/v1/\($0)" } + ["shapes/v1/shapes.proto"]
    let fields = types.enumerated().map { "repeated .\($1.fullName) m\($0) = \($0 + 1);" }
    let batch = "syntax = \"proto3\";\n" + imports.map { "import \"\($0)\";\n" }.joined()
      + "message Batch {\n" + fields.joined(separator: "\n") + "\n}\n"
    try Data(batch.utf8).write(to: scratch.appending(path: "batch.proto"))
    let folders = [scratch.path, protos.path, Protoc.root.appending(path: "Tests/Shapes").path, "/usr/include"]
    let outcome = try Protoc.run(
      "/usr/bin/env", ["protoc"] + folders.flatMap { ["-I", $0] } + ["--encode=Batch", "batch.proto"], input: Data(text.utf8))
    #expect(outcome.status == 0)
    return Array(outcome.output)
  }

  private static func reencoded(_ type: (some WireMessage).Type, _ bytes: [UInt8]) throws -> [UInt8] {
    try type.init(decoding: bytes).encoded()
  }

  private static func leaves(_ type: (some WireMessage).Type, _ bytes: [UInt8]) throws -> [String] {
    Leaf.reflected(try type.init(decoding: bytes))
  }

  @Test("protoc's bytes are read, and written again the same")
  func roundTrip() throws {
    let samples = try Self.samples.get()
    #expect(samples.count == Self.types.count * Self.rounds)
    for sample in samples {
      #expect(try Self.reencoded(sample.type, sample.bytes) == sample.bytes, "\(sample.type)")
    }
  }

  @Test("Each value arrives in the property of its field")
  func properties() throws {
    for sample in try Self.samples.get() {
      let expected = Set(sample.json.leaves(sample.type.messageType))
      let found = Set(try Self.leaves(sample.type, sample.bytes))
      #expect(found.symmetricDifference(expected).sorted() == [], "\(sample.type)")
    }
  }

  @Test("JSON is encoded to protoc's bytes, and protoc's bytes are written as that JSON")
  func json() throws {
    for sample in try Self.samples.get() {
      let type = sample.type.messageType
      #expect(try type.encoded(json: sample.json.text(pretty: true)) == sample.bytes, "\(sample.type)")
      #expect(try type.json(sample.bytes) == sample.json, "\(sample.type)")
    }
  }
}
