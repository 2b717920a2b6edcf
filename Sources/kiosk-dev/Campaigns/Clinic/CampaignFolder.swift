internal import Foundation

/// Why a campaign could not be run to its end; what it checks is then neither shown nor refuted.
struct CampaignFault: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// A folder of a campaign's own, gone with the campaign; its name is short, for sockets stand in it.
final class CampaignFolder: Sendable {
  let path: String

  init() throws(CampaignFault) {
    var template = Array("/tmp/ventanilla-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else {
      throw CampaignFault("no folder under /tmp: \(String(cString: strerror(errno)))")
    }
    path = String(cString: made)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func path(_ name: String) -> String { "\(path)/\(name)" }

  func write(_ text: String, to name: String) throws(CampaignFault) {
    do { try text.write(toFile: path(name), atomically: false, encoding: .utf8) } catch {
      throw CampaignFault("cannot write \(path(name)): \(error.localizedDescription)")
    }
  }
}

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

/// A store's file as it looks from outside: the shell reads, never writes and never checkpoints.
enum StoreFileReader {
  private static let shell = "/usr/bin/sqlite3"

  /// The rows of a query, their columns as text.
  static func rows(_ sql: String, in path: String) async throws -> [[String]] {
    guard FileManager.default.isExecutableFile(atPath: shell) else {
      throw CampaignFault("\(shell) is missing: apt-get install sqlite3")
    }
    let run = try await ProgramRun.of(shell, ["-readonly", "-batch", "-separator", "|", path, sql])
    guard run.status == 0 else { throw CampaignFault("sqlite3 -readonly \(path): \(run.text)") }
    return run.lines.map { $0.split(separator: "|", omittingEmptySubsequences: false).map(String.init) }
  }

  /// Slots that two people have; none, unless the store is broken.
  static let doubleBookings = """
    SELECT a.folio, b.folio FROM appointment a JOIN appointment b
      ON a.resource = b.resource AND a.day = b.day AND a.lane = b.lane AND a.folio < b.folio
      AND a.start_minute < b.end_minute AND b.start_minute < a.end_minute
    WHERE a.status IN ('pending', 'booked', 'arrived', 'checked-in', 'fulfilled')
      AND b.status IN ('pending', 'booked', 'arrived', 'checked-in', 'fulfilled')
    """
}
