internal import Foundation
internal import FuzzTargets

/// libFuzzer on one target, from its start to its last line.
struct FuzzRun: Sendable {
  struct Finding: Sendable {
    /// The first digits of libFuzzer's SHA-1 of the input.
    let name: String
    let sentence: String
    let input: [UInt8]
  }

  let target: String
  var runs = 0
  var runsPerSecond = 0
  /// Edges of our code that were taken.
  var coverage = 0
  var peakMiB = 0
  var findings: [Finding] = []

  static let heading = "target              runs     runs/s   edges  peak MiB  findings"

  var row: String {
    let number = { (value: Int, width: Int) in String(repeating: " ", count: max(0, width - "\(value)".count)) + "\(value)" }
    return target + String(repeating: " ", count: max(0, 14 - target.count))
      + number(runs, 10) + number(runsPerSecond, 11) + number(coverage, 8) + number(peakMiB, 10) + number(findings.count, 10)
  }

  /// Bytes that the process may take; a run needs a few KiB, the corpus and the sanitizer's books the rest.
  private static let memoryMiB = 768
  /// A single run beyond this is a hang; a second would do on a machine with nothing else to do.
  private static let hangSeconds = 20

  static func of(_ target: FuzzTarget, at build: FuzzBuild, corpus: URL, seconds: Int, runs: Int?) async throws -> FuzzRun {
    let folder = try CampaignFolder()
    var words = [
      "-max_total_time=\(seconds)", "-max_len=\(target.maxLength)", "-print_final_stats=1", "-rss_limit_mb=\(memoryMiB)",
      "-timeout=\(hangSeconds)", "-artifact_prefix=\(folder.path)/",
    ]
    if let runs { words.append("-runs=\(runs)") }
    let output = try await fuzzer(target, at: build, words + [corpus.path], seconds: seconds + 60)
    var run = FuzzRun(target: target.name)
    run.read(output.lines)
    if output.status != 0 { run.findings = [try await finding(target, at: build, in: folder, output)] }
    return run
  }

  /// Inputs of the corpus that together reach everything that it reaches, the shortest first.
  static func distilled(_ target: FuzzTarget, at build: FuzzBuild, corpus: URL) async throws -> [[UInt8]] {
    let folder = try CampaignFolder()
    let output = try await fuzzer(target, at: build, ["-merge=1", "-max_len=\(target.maxLength)", folder.path, corpus.path], seconds: 600)
    guard output.status == 0 else { throw CampaignFault("libFuzzer cannot merge the corpus of \(target.name): \(output.text.suffix(400))") }
    return try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .compactMap { FileManager.default.contents(atPath: folder.path($0)).map(Array.init) }
      .sorted { ($0.count, $0.description) < ($1.count, $1.description) }
  }

  private mutating func read(_ lines: [String]) {
    for line in lines {
      let words = line.split(separator: " ")
      if let value = words.last.flatMap({ Int($0) }) {
        switch words[0] {
        case "stat::number_of_executed_units:": runs = value
        case "stat::average_exec_per_sec:": runsPerSecond = value
        case "stat::peak_rss_mb:": peakMiB = value
        default: break
        }
      }
      if let index = words.firstIndex(of: "cov:"), index + 1 < words.count { coverage = Int(words[index + 1]) ?? coverage }
    }
  }

  // MARK: Findings

  private static func finding(
    _ target: FuzzTarget, at build: FuzzBuild, in folder: CampaignFolder, _ output: ProgramRun
  ) async throws -> Finding {
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.contains("-") }
    guard let file = files.first, let input = FileManager.default.contents(atPath: folder.path(file)) else {
      throw CampaignFault("kiosk-fuzz \(target.name) ended with \(output.status) and no finding: \(output.text.suffix(800))")
    }
    let least = folder.path("least")
    if file.hasPrefix("crash-"), target.name != FuzzTarget.canary.name {
      _ = try await fuzzer(
        target, at: build, ["-minimize_crash=1", "-max_total_time=30", "-exact_artifact_path=\(least)", folder.path(file)], seconds: 60)
    }
    return Finding(
      name: String(file.split(separator: "-").last?.prefix(12) ?? ""), sentence: sentence(output.lines, file),
      input: Array(FileManager.default.contents(atPath: least) ?? input))
  }

  private static func sentence(_ lines: [String], _ file: String) -> String {
    if let line = lines.first(where: { $0.contains("Fatal error:") || $0.contains("ERROR: AddressSanitizer") }) {
      return String(line.suffix(300))
    }
    return lines.first { $0.contains("ERROR: libFuzzer") } ?? file
  }

  /// `timeout` has the last word: a crash that is printed with symbols has hung for minutes.
  private static func fuzzer(
    _ target: FuzzTarget, at build: FuzzBuild, _ words: [String], seconds: Int
  ) async throws -> ProgramRun {
    try await ProgramRun.of(
      "/usr/bin/env",
      [
        "SWIFT_BACKTRACE=enable=no", "ASAN_OPTIONS=symbolize=0:detect_leaks=0:quarantine_size_mb=8", "timeout", "-k", "10", "\(seconds)",
        build.program, "--\(target.name)",
      ] + words)
  }
}
