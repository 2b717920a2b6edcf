internal import Foundation

/// kiosk-fuzz, built with coverage in a folder of its own.
struct FuzzBuild: Sendable {
  static let scratch = ".build-fuzz"

  let program: String
  let seconds: Int

  /// Builds what has changed; the first time that is NIO and BoringSSL too.
  ///
  /// - Parameter address: with AddressSanitizer too.
  static func make(in root: URL, address: Bool) async throws -> FuzzBuild {
    let began = ContinuousClock.now
    let path = root.standardizedFileURL.path(percentEncoded: false)
    let run = try await ProgramRun.of(
      "/usr/bin/env",
      [
        "FUZZ=\(address ? "address" : "1")", "swift", "build", "-c", "release", "--product", "kiosk-fuzz", "--package-path", path, "--scratch-path",
        "\(path)/\(scratch)",
      ])
    guard run.status == 0 else {
      throw CampaignFault("kiosk-fuzz cannot be built:\n\(run.lines.filter { $0.contains("error:") }.joined(separator: "\n"))")
    }
    return FuzzBuild(
      program: "\(path)/\(scratch)/release/kiosk-fuzz", seconds: Int(began.duration(to: .now).components.seconds))
  }
}
