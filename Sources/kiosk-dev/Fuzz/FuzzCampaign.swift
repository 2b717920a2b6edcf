internal import Foundation
internal import FuzzTargets

/// The planted bug, and then each target for its time.
struct FuzzCampaign: Sendable {
  /// Runs within which the planted bug must be found; a tenth of it is usual.
  static let canaryRuns = 20_000_000
  private static let canarySeconds = 300

  let root: URL
  var targets = FuzzTarget.all
  var seconds = 60
  var runs: Int?
  var distils = false
  var address = false

  init(root: URL) { self.root = root }

  func run(onLine: @Sendable (String) -> Void) async throws -> FuzzReport {
    let build = try await FuzzBuild.make(in: root, address: address)
    onLine("kiosk-fuzz built in \(build.seconds) s")
    var report = FuzzReport()
    let canary = try await run(.canary, at: build, seconds: Self.canarySeconds, runs: Self.canaryRuns)
    guard canary.findings.contains(where: { $0.sentence.hasSuffix("the planted bug") }) else {
      throw CampaignFault("the planted bug was not found in \(canary.runs) runs: this campaign looks at nothing")
    }
    onLine("the planted bug was found after \(canary.runs) runs")
    onLine(FuzzRun.heading)
    for target in targets where target.name != FuzzTarget.canary.name {
      let run = try await run(target, at: build, seconds: seconds, runs: runs)
      report.runs.append(run)
      onLine(run.row)
      for finding in run.findings {
        try keep(finding, of: target)
        onLine("  found: \(finding.sentence)\n  input: \(FuzzCorpus.text(finding.input))")
      }
      if distils { onLine("  \(try await distil(target, at: build)) inputs reach all of it") }
    }
    return report
  }

  private var corpus: FuzzCorpus { FuzzCorpus(root: root) }

  private func folder(_ name: String) -> URL { root.appending(path: "\(FuzzBuild.scratch)/corpus/\(name)", directoryHint: .isDirectory) }

  private func run(_ target: FuzzTarget, at build: FuzzBuild, seconds: Int, runs: Int?) async throws -> FuzzRun {
    let folder = folder(target.name)
    // The planted bug is found by the work of each run, not by what an earlier one kept.
    if target.name == FuzzTarget.canary.name { try? FileManager.default.removeItem(at: folder) }
    let inputs = try target.seeds + fixtures(of: target) + corpus.inputs(of: target.name)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (number, input) in inputs.enumerated() { try Data(input).write(to: folder.appending(path: "kept-\(number)")) }
    return try await FuzzRun.of(target, at: build, corpus: folder, seconds: seconds, runs: runs)
  }

  /// What Go, Rust and our extensions write: a file of frames in hex, or the two sides of a stream's transcript, each for itself.
  func fixtures(of target: FuzzTarget) throws -> [[UInt8]] {
    let fixtures = root.appending(path: "Tests/ConformanceTests/Fixtures", directoryHint: .isDirectory)
    return try ["", "Streams"].flatMap { folder in
      try FileManager.default.contentsOfDirectory(at: fixtures.appending(path: folder), includingPropertiesForKeys: nil)
        .filter { ["hex", "transcript"].contains($0.pathExtension) }.sorted { $0.path < $1.path }
        .flatMap { try Self.frames(of: String(contentsOf: $0, encoding: .utf8)) }
    }.compactMap { target.ofFrames($0) }
  }

  /// What stands in a fixture, in hex: all of it, or in a transcript what the client sends (">") and what the server does ("<").
  private static func frames(of text: String) -> [[UInt8]] {
    let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
    let sides = ["<", ">"].map { side in lines.filter { $0.hasPrefix(side) }.map { String($0.dropFirst(2)) } }
    return (sides.allSatisfy(\.isEmpty) ? [lines.map(String.init)] : sides).map { lines in
      let digits = lines.joined().compactMap(\.hexDigitValue)
      return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }.filter { !$0.isEmpty }
  }

  private func keep(_ finding: FuzzRun.Finding, of target: FuzzTarget) throws {
    try corpus.write([finding.input], remark: finding.sentence, to: "found-\(finding.name)", of: target.name)
  }

  /// - Returns: how many inputs were written.
  private func distil(_ target: FuzzTarget, at build: FuzzBuild) async throws -> Int {
    let inputs = try await FuzzRun.distilled(target, at: build, corpus: folder(target.name))
    try corpus.write(
      inputs, remark: "What libFuzzer has reached, each input with something of its own; written by kiosk-dev fuzz --distil.",
      to: "reached", of: target.name)
    return inputs.count
  }
}

/// What became of a campaign.
struct FuzzReport: Sendable {
  var runs: [FuzzRun] = []

  private var findings: Int { runs.reduce(0) { $0 + $1.findings.count } }
  var holds: Bool { findings == 0 }

  var summary: String {
    "fuzz: \(runs.count) targets, \(runs.reduce(0) { $0 + $1.runs }) runs, \(findings) findings: \(holds ? "ok" : "FAILED")"
  }
}
