package import IVRDialogue
internal import Foundation
internal import Guidance

/// Reads the files of kiosk-config/dialogues: a telephone line that keeps every rule, or everything that is wrong with it.
///
/// `linea.yaml` is what is the same everywhere, every other .yaml one dialogue. Each file is read as ``ClinicConfiguration`` reads
/// clinic.yaml; then the proofs of ``IVRDialogue/PhoneLine/problems()`` are held against all of them together, and what they find stands
/// at its step's or option's line, with a way that breaks the rule.
package enum DialogueConfiguration {
  package static let lineFile = "linea.yaml"

  /// A file of the folder, before it is read.
  package struct File: Sendable {
    package let path: String
    package let bytes: [UInt8]

    package init(path: String, bytes: [UInt8]) {
      self.path = path
      self.bytes = bytes
    }

    var name: String { path.split(separator: "/").last.map(String.init) ?? path }
  }

  /// - Parameter guides: those of kiosk-config/guidance, which dialogues lead to.
  package static func load(
    folder: String, guides: [GuidanceConfiguration.Loaded]
  ) throws(ConfigurationProblems) -> Configured<PhoneLine> {
    var files: [File] = []
    for name in ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted() where name.hasSuffix(".yaml") {
      let path = "\(folder)/\(name)"
      files.append(File(path: path, bytes: try ConfigurationFile.bytes(path)))
    }
    return try read(files, folder: folder, guides: guides)
  }

  /// - Throws: the problems of all files when one has an error.
  package static func read(
    _ files: [File], folder: String, guides: [GuidanceConfiguration.Loaded]
  ) throws(ConfigurationProblems) -> Configured<PhoneLine> {
    var dialogues = files.filter { $0.name != lineFile }.map { DialogueReader(findings: Findings(file: $0.path)) }
    var unreadable: [ConfigurationProblem] = []
    var read: [Dialogue] = []
    for (index, file) in files.filter({ $0.name != lineFile }).enumerated() {
      do throws(ConfigurationProblems) {
        if let dialogue = dialogues[index].read(try Tree.root(of: file.bytes, file: file.path)) { read.append(dialogue) }
      } catch {
        unreadable += error.problems
      }
    }
    guard let lineFile = files.first(where: { $0.name == lineFile }) else {
      throw ConfigurationProblems(
        unreadable + [
          ConfigurationProblem(
            severity: .error, file: folder, position: .start, message: "la carpeta no tiene \(lineFile)",
            fix: "copie los archivos de muestra de kiosk-config/dialogues")
        ])
    }
    var reader = LineReader(findings: Findings(file: lineFile.path))
    let line = reader.read(try Tree.root(of: lineFile.bytes, file: lineFile.path), dialogues: read, guides: guides)
    let found = unreadable + reader.findings.inFileOrder + dialogues.flatMap(\.findings.inFileOrder)
    guard let line, !found.contains(where: { $0.severity == .error }) else { throw ConfigurationProblems(found) }
    let broken = line.problems().map { problem in
      let place = dialogues.first { $0.dialogue == problem.dialogue }
      let complaint = problem.complaint
      return ConfigurationProblem(
        severity: .error, file: place?.findings.file ?? lineFile.path, position: place?.position(of: problem) ?? .start,
        message: complaint.message, fix: complaint.fix)
    }
    guard broken.isEmpty else { throw ConfigurationProblems(broken) }
    return Configured(line, warnings: found)
  }
}
