package import ClinicDomain
internal import Foundation

/// Reads clinic.yaml: one legal ``ClinicDomain/Clinic``, or everything that is wrong with the file.
///
/// Every problem has its line, its column and its fix, and all are reported at once, in the order of the file. A text that is
/// no YAML, and keys that are written twice, are reported alone: what follows them would be guesswork. Values are taken from
/// what is written, never from what YAML makes of it; anchors, aliases and tags of YAML are refused.
package enum ClinicConfiguration {
  /// - Parameter file: the path that the problems name.
  package static func read(text: String, file: String) throws(ConfigurationProblems) -> Configured<Clinic> {
    try read(bytes: Array(text.utf8), file: file)
  }

  /// As ``read(text:file:)``, for bytes whose encoding nobody has checked.
  package static func read(bytes: [UInt8], file: String) throws(ConfigurationProblems) -> Configured<Clinic> {
    try reading(bytes, file).clinic
  }

  private static func reading(
    _ bytes: [UInt8], _ file: String
  ) throws(ConfigurationProblems) -> (clinic: Configured<Clinic>, directoryFile: String?) {
    let root = try Tree.root(of: bytes, file: file)
    var reader = ClinicReader(findings: Findings(file: file))
    let clinic = reader.read(root)
    return (try reader.findings.result(clinic), reader.directoryFile)
  }

  /// Reads a file, and the file of units that it names, whose path starts from its own folder; one that cannot be opened is a problem like
  /// the others.
  package static func load(path: String) throws(ConfigurationProblems) -> Configured<Clinic> {
    var (clinic, directoryFile) = try reading(ConfigurationFile.bytes(path), path)
    guard let directoryFile else { return clinic }
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    let units = try DirectoryConfiguration.load(path: URL(fileURLWithPath: directoryFile, relativeTo: folder).path)
    clinic.value.take(units.value)
    clinic.warnings += units.warnings
    return clinic
  }
}

extension Clinic {
  /// Knows these units; who has no rights is sent to the nearest of IMSS-Bienestar, where the clinic names none itself.
  fileprivate mutating func take(_ units: [HealthUnit]) {
    directory.units = units
    guard freeCare?.units.isEmpty == true else { return }
    freeCare?.units = directory.find(UnitDirectory.Query(institution: .imssBienestar)).map { unit in
      FreeCare.Unit(clues: unit.clues, name: unit.name, address: unit.address, hours: unit.hours)
    }
  }
}

extension Tree {
  /// The tree of a whole file.
  static func root(of bytes: [UInt8], file: String) throws(ConfigurationProblems) -> Tree {
    var findings = Findings(file: file)
    do throws(PlacedComplaint) {
      let text = try ConfigurationText.decode(bytes)
      do throws(UnreadableText) { return try Tree.parse(text) } catch {
        for complaint in error.complaints { findings.error(complaint.position, complaint.complaint) }
      }
    } catch {
      findings.error(error.position, error.complaint)
    }
    throw ConfigurationProblems(findings.inFileOrder)
  }
}

/// The bytes of a configuration file, one more than allowed at most: so a device file or a huge one ends too.
enum ConfigurationFile {
  static func bytes(_ path: String) throws(ConfigurationProblems) -> [UInt8] {
    do {
      let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      defer { try? handle.close() }
      return Array(try handle.read(upToCount: ConfigurationText.maximumBytes + 1) ?? Data())
    } catch {
      var findings = Findings(file: path)
      let exists = FileManager.default.fileExists(atPath: path)
      findings.error(
        .start, exists ? "el archivo no se puede leer" : "el archivo no existe",
        fix: exists ? "revise que sea un archivo y que el usuario del servicio tenga permiso de leerlo" : "revise la ruta")
      throw ConfigurationProblems(findings.inFileOrder)
    }
  }
}
