import Foundation
import Testing

@Suite("Generated code")
struct UpToDateTests {
  @Test("is what generate-protos would write now", .enabled(if: Protoc.isInstalled))
  func upToDate() throws {
    let products = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    let root = Protoc.root.path
    let outcome = try Protoc.run(
      products.appending(path: "kiosk-dev").path, ["generate-protos", "--check", "--root", root], input: Data())
    #expect(outcome.status == 0, "\(String(decoding: outcome.output, as: UTF8.self))")
  }
}

/// The compiler that others wrote, as a judge of ours.
enum Protoc {
  static let isInstalled = ["protoc", "protoc-c"].allSatisfy { name in
    (try? run("/usr/bin/env", [name, "--version"], input: Data()).status) == 0
  }

  /// The project's root.
  static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Our plugin; `kiosk-dev generate-protos` builds it.
  static let plugin = root.appending(path: "Sources/protoc-gen-ventanilla/.build/debug/protoc-gen-ventanilla").path
  static let pluginIsBuilt = FileManager.default.isExecutableFile(atPath: plugin)

  static func run(
    _ executable: String, _ arguments: [String], input: Data
  ) throws -> (status: Int32, output: Data) {
    let process = Process()
    let output = Pipe()
    // A file, so that neither side can wait for the other.
    let inputFile = FileManager.default.temporaryDirectory.appending(path: "protoc-input-\(UUID().uuidString)")
    try input.write(to: inputFile)
    defer { try? FileManager.default.removeItem(at: inputFile) }
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.standardInput = try FileHandle(forReadingFrom: inputFile)
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, data)
  }
}
