internal import ClinicConfiguration
internal import ClinicDomain
internal import Foundation
internal import Guidance
internal import KioskServer
internal import TerminalText
internal import VentanillaMessages

/// The files that a clinic edits.
enum ConfigurationFolder {
  /// Every .yaml below `folder`, by path.
  ///
  /// - Throws: ``Failure`` when there is none.
  static func files(in folder: String) throws(Failure) -> [String] {
    let found = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    let files = found.filter { $0.hasSuffix(".yaml") }.sorted().map { "\(folder)/\($0)" }
    guard !files.isEmpty else {
      throw Failure(.noInput, "No hay archivos .yaml en \(folder).", next: "Diga cuáles: kioskctl config check ARCHIVO…")
    }
    return files
  }

  /// What is wrong with one file, and what should be looked at.
  static func problems(of path: String) -> [ConfigurationProblem] {
    do {
      if path.split(separator: "/").dropLast().last == "guidance" {
        return try GuidanceConfiguration.load(path: path, profile: .production, digest: GuideFolder.sha256).warnings
      }
      if path.split(separator: "/").dropLast().last == "dialogues" { return try problems(ofDialogue: path) }
      if path.split(separator: "/").dropLast().last == "importacion" { return try BookingMapConfiguration.load(path: path).warnings }
      if path.split(separator: "/").dropLast().last == "directorio" { return try DirectoryConfiguration.load(path: path).warnings }
      if path.split(separator: "/").last == "ivr-bridge.yaml" { return try BridgeConfiguration.load(path: path).warnings }
      return path.hasSuffix("server.yaml") ? try problems(ofServer: path) : try ClinicConfiguration.load(path: path).warnings
    } catch {
      return error.problems
    }
  }

  /// A dialogue is proven with all the others, and with the guides beside them; what is told is what stands in this file.
  private static func problems(ofDialogue path: String) throws(ConfigurationProblems) -> [ConfigurationProblem] {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    let guides = try GuidanceConfiguration.load(folder: "\(folder)/../guidance", profile: .production, digest: GuideFolder.sha256)
    do throws(ConfigurationProblems) {
      return try DialogueConfiguration.load(folder: folder, guides: guides.value).warnings.filter { $0.file == path }
    } catch {
      throw ConfigurationProblems(error.problems.filter { $0.file == path })
    }
  }

  /// The certificates and the users that it names are looked at too; clinic.yaml is a file of its own.
  private static func problems(ofServer path: String) throws(ConfigurationProblems) -> [ConfigurationProblem] {
    let configured = try ServerConfiguration.load(path: path)
    let clinic = try? ClinicConfiguration.load(path: configured.value.clinicFile).value
    return configured.warnings + configured.value.machineProblems(file: path, clues: clinic?.identity.clues.description)
  }

  static func summary(files: Int, errors: Int, warnings: Int) -> String {
    "Archivos: \(files). Errores: \(errors). Avisos: \(warnings)." + (errors == 0 ? " Se pueden usar." : "")
  }
}

extension ConfigurationProblem {
  /// Its place stands out, so that the eye goes from file to file.
  func line(_ style: TerminalStyle) -> String {
    let text = description.printable
    let place = "\(file):\(position.line):\(position.column):"
    guard text.hasPrefix(place) else { return text }
    return style.bold(place) + text.dropFirst(place.count)
  }

  var json: JSONValue {
    .object([
      .init("file", .string(file)), .init("line", .number("\(position.line)")),
      .init("column", .number("\(position.column)")),
      .init("severity", .string(severity == .error ? "error" : "warning")),
      .init("message", .string(message)), .init("fix", .string(fix)),
    ])
  }
}
