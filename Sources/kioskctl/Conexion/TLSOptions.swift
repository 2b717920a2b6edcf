internal import ArgumentParser
internal import Foundation
internal import KioskServer
internal import TTRPCCore
internal import TTRPCNIO
internal import VentanillaMessages

/// This end's certificate, for a server that asks for one.
struct TLSOptions: ParsableArguments {
  @Option(help: ArgumentHelp("El certificado de este equipo, PEM. También: VENTANILLA_CERTIFICADO.", valueName: "archivo"))
  var certificado: String?

  @Option(help: ArgumentHelp("La llave de ese certificado. También: VENTANILLA_LLAVE.", valueName: "archivo"))
  var llave: String?

  @Option(help: ArgumentHelp("La autoridad que respalda al servidor. También: VENTANILLA_AUTORIDAD.", valueName: "archivo"))
  var autoridad: String?

  /// What to speak TLS with to those of the addresses that are TCP; `nil` when no file is named, and for sockets alone, which need none.
  ///
  /// - Throws: ``Failure`` for files that are wrong, `ValidationError` when one of the three is missing.
  func tls(for addresses: [TTRPCAddress], environment: [String: String] = ProcessInfo.processInfo.environment) throws -> ClientTLS? {
    guard addresses.contains(where: { if case .tcp = $0 { true } else { false } }) else {
      if certificado == nil, llave == nil, autoridad == nil { return nil }
      throw ValidationError("--certificado, --llave y --autoridad son para equipo:puerto, no para un socket.")
    }
    func path(_ option: String?, _ variable: String) -> String? { option ?? environment[variable].flatMap { $0.isEmpty ? nil : $0 } }
    let paths = [
      path(certificado, "VENTANILLA_CERTIFICADO"), path(llave, "VENTANILLA_LLAVE"), path(autoridad, "VENTANILLA_AUTORIDAD"),
    ].compactMap { $0 }
    if paths.isEmpty { return nil }
    guard paths.count == 3 else { throw ValidationError("--certificado, --llave y --autoridad van juntas: falta alguna.") }
    let files = TLSFiles(certificate: paths[0], key: paths[1], trustRoot: paths[2])
    do throws(TLSFaults) { return try ClientTLS(files: files, roles: RoleSet.named.map(\.name)) } catch {
      throw Failure(.noInput, error.faults.map { Self.sentence($0, files) }.joined(separator: "\n"))
    }
  }

  private static func sentence(_ fault: TLSFault, _ files: TLSFiles) -> String {
    let (message, fix) = fault.mensaje(path: files.path(of: fault.file) ?? "", identity: TLSFault.deviceIdentity)
    return "TLS: \(message); \(fix)"
  }
}
