import Foundation
import Testing

/// What a writer of the contract reads who uses more of protobuf than all of us can carry.
@Suite("The generator refuses", .enabled(if: Protoc.isInstalled && Protoc.pluginIsBuilt))
struct ContractRefusalTests {
  @Test("with a sentence that says what to write instead", arguments: [
    ("message A { optional int32 count = 1; }",
      "t.A.count: Debian's protoc-c refuses proto3 `optional`; write `oneof count_opt { … count = 1; }`, the same bytes"),
    ("message A { map<string, int32> counts = 1; }",
      "t.A.counts: maps are not generated; write a repeated message with a key and a value"),
    ("message A { B b = 1; } message B { A a = 1; }",
      "t.A.b: a Swift value cannot hold itself; make the field repeated"),
    ("message A { string self = 1; }",
      "t.A.self: a Swift value has no room for a field of this name; choose another"),
    ("message A { google.protobuf.Any any = 1; }",
      "t.A.any: google.protobuf.Any is of another package; declare a message in t"),
    ("enum E { E_UNSPECIFIED = 0; E_LOW = -1; }", "t.E_LOW: numbers below 0 are not generated"),
    ("enum E { option allow_alias = true; E_UNSPECIFIED = 0; E_NONE = 0; }",
      "t.E_NONE: two names for one number are not generated"),
    ("message A {} service S { rpc M(A) returns (A) { option (ventanilla.v1.policy) = { writes: true immediate: true }; } }",
      "t.S.M: a method that writes waits for the disk; it cannot be `immediate` too"),
    ("message A {} service S { rpc M(stream A) returns (A) { option (ventanilla.v1.policy) = { immediate: true }; } }",
      "t.S.M: a stream is never answered at once; drop `immediate`"),
    ("message A {} service S { rpc M(A) returns (A) { option (ventanilla.v1.policy) = { negotiates: true }; } }",
      "t.S.M: what it grants is in force from the next frame on; a method that `negotiates` is `immediate` too"),
  ])
  func refused(declarations: String, sentence: String) throws {
    let output = try Self.generate(declarations)
    #expect(output.contains(sentence), "\(output)")
  }

  @Test("nothing of what the shapes show")
  func accepted() throws {
    #expect(try Self.generate("message A { oneof count_opt { int32 count = 1; } repeated A more = 2; }") == "")
  }

  /// What protoc says.
  private static func generate(_ declarations: String) throws -> String {
    let scratch = FileManager.default.temporaryDirectory.appending(path: "refusal-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: scratch) }
    let imports = ["google/protobuf/any.proto", "ventanilla/v1/options.proto"].map { "import \"\($0)\"; " }.joined()
    try Data("syntax = \"proto3\"; package t; \(imports)\(declarations)".utf8).write(to: scratch.appending(path: "t.proto"))
    let arguments = [
      "-c", "protoc \"$@\" 2>&1 | grep -v 'is unused'", "sh", "-I", scratch.path, "-I", Protoc.root.appending(path: "Protos").path,
      "-I", "/usr/include", "--plugin=\(Protoc.plugin)", "--ventanilla_out=\(scratch.path)",
      "--ventanilla_opt=cmodule=C,table=Table", "t.proto",
    ]
    return String(decoding: try Protoc.run("/bin/sh", arguments, input: Data()).output, as: UTF8.self)
  }
}
