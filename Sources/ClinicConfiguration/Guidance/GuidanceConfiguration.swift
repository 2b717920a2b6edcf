package import Guidance
internal import Foundation

/// Reads the files of kiosk-config/guidance: guides that keep every rule, or everything that is wrong with a file.
///
/// What the file says is read as ``ClinicConfiguration`` reads clinic.yaml; then the proofs of ``Guidance/Guide/problems(under:hash:)``
/// are held against it, and what they find stands at its step's or answer's line, with a way that breaks the rule.
package enum GuidanceConfiguration {
  /// SHA-256: given by who may import cryptography.
  package typealias Digest = @Sendable ([UInt8]) -> [UInt8]

  /// A guide that may be played, and the hash that its sessions' records carry.
  package struct Loaded: Hashable, Sendable {
    package let guide: Guide
    package let hash: ContentHash
  }

  /// - Parameters:
  ///   - file: the path that the problems name; its name is the guide's code and `.yaml`, so that no folder holds a guide twice.
  ///   - profile: with ``GuidanceProfile/trial`` an end that waits for its signature is only a warning.
  package static func read(
    bytes: [UInt8], file: String, profile: GuidanceProfile, digest: Digest
  ) throws(ConfigurationProblems) -> Configured<Loaded> {
    let root = try Tree.root(of: bytes, file: file)
    var reader = GuideReader(findings: Findings(file: file))
    let guide = reader.read(root)
    var loaded: Loaded?
    if let guide, !reader.findings.hasErrors {
      let hash = ContentHash(bytes: digest(guide.canonicalForm))
      reader.prove(guide, hash: hash, profile: profile)
      loaded = Loaded(guide: guide, hash: hash)
    }
    return try reader.findings.result(loaded)
  }

  /// Reads a file; one that cannot be opened is a problem like the others.
  package static func load(
    path: String, profile: GuidanceProfile, digest: Digest
  ) throws(ConfigurationProblems) -> Configured<Loaded> {
    try read(bytes: ConfigurationFile.bytes(path), file: path, profile: profile, digest: digest)
  }

  /// Reads every .yaml of a folder, in the order of their names.
  ///
  /// - Throws: the problems of all files when one has an error.
  package static func load(
    folder: String, profile: GuidanceProfile, digest: Digest
  ) throws(ConfigurationProblems) -> Configured<[Loaded]> {
    var (guides, problems, failed): ([Loaded], [ConfigurationProblem], Bool) = ([], [], false)
    for name in ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted() where name.hasSuffix(".yaml") {
      do throws(ConfigurationProblems) {
        let read = try load(path: "\(folder)/\(name)", profile: profile, digest: digest)
        guides.append(read.value)
        problems += read.warnings
      } catch {
        problems += error.problems
        failed = true
      }
    }
    guard !failed else { throw ConfigurationProblems(problems) }
    guard !guides.isEmpty else {
      throw ConfigurationProblems([
        ConfigurationProblem(
          severity: .error, file: folder, position: .start, message: "la carpeta no tiene ninguna guía",
          fix: "copie las de muestra de kiosk-config/guidance")
      ])
    }
    return Configured(guides, warnings: problems)
  }
}
