internal import Foundation

/// A program run to its end.
struct ProgramRun: Sendable {
  let status: Int32
  /// What it wrote, errors among it.
  let text: String

  var lines: [String] { text.split(separator: "\n").map(String.init) }

  /// - Throws: when the program cannot be started; its own failure is its ``status``.
  static func of(_ program: String, _ arguments: [String]) async throws -> ProgramRun {
    let folder = try CampaignFolder()
    try folder.write("", to: "output")
    let child = try await ChildProcess.start(program, arguments, log: folder.path("output"))
    let status = await child.exitStatus()
    return ProgramRun(status: status, text: try String(contentsOfFile: folder.path("output"), encoding: .utf8))
  }
}

/// The programs that are built together.
enum BuiltPrograms {
  /// Beside this very program, or the test that runs.
  static let folder: String = {
    let this = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    return URL(fileURLWithPath: this).deletingLastPathComponent().path
  }()

  static func path(_ name: String) throws(CampaignFault) -> String {
    let path = "\(folder)/\(name)"
    guard FileManager.default.isExecutableFile(atPath: path) else {
      throw CampaignFault("\(path) is missing: run `swift build --product \(name)` first")
    }
    return path
  }
}
