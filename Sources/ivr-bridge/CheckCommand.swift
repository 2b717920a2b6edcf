internal import ArgumentParser
internal import ClinicConfiguration
internal import Foundation
internal import IVRBridge

struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Revisa los archivos, cada sonido en cada lengua, los dígitos y los meses, y si el servidor contesta.",
    discussion: "Salida: 0 si todo está bien; 1 si algo falta; 78 si un archivo tiene errores.")

  @OptionGroup var place: ConfigurationOption

  func run() async throws {
    let material = try Terminal.load(place.config)
    let check = await BridgeCheck.run(material)
    for finding in check.findings { print("\(finding.holds ? "✓" : "✗") \(finding.text)") }
    if !check.holds { throw ExitCode.failure }
  }
}

enum Terminal {
  /// - Throws: 78, after every problem has been shown.
  static func load(_ path: String) throws -> BridgeMaterial {
    do throws(ConfigurationProblems) {
      let material = try BridgeMaterial.load(path: path)
      for warning in material.warnings { complain("\(warning)") }
      return material
    } catch {
      complain("\(error)")
      throw ExitCode(78)
    }
  }

  static func complain(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8)) }
}
