internal import Foundation
package import TTRPCNIO

extension TLSFault {
  /// What is wrong and what to do, in the form of a configuration problem: lower case, no full stop.
  ///
  /// - Parameters:
  ///   - path: of ``file``.
  ///   - identity: what the own certificate should say, as a pattern.
  package func mensaje(path: String, identity: String) -> (message: String, fix: String) {
    switch self {
    case .unreadable(_, let reason):
      ("no se puede leer \(path): \(Self.spanish(reason))", "revise la ruta y los permisos; el usuario del servidor debe poder leerlo")
    case .notPEM(.key):
      ("\(path) no contiene una llave privada PEM sin contraseña", "ponga ahí el archivo que empieza con -----BEGIN PRIVATE KEY-----")
    case .notPEM:
      ("\(path) no contiene un certificado en formato PEM", "ponga ahí el archivo que empieza con -----BEGIN CERTIFICATE-----")
    case .keyOpenToOthers(let mode):
      ("otros usuarios de este equipo alcanzan la llave \(path), con permisos \(String(mode, radix: 8))", "escriba: chmod 640 \(path)")
    case .keyOfAnotherCertificate:
      ("la llave \(path) no es la de su certificado", "ponga la llave con la que se pidió ese certificado")
    case .expired(_, let since):
      ("\(path) venció el \(Self.day(since))", "pida uno nuevo, o revise la fecha de este equipo")
    case .notYetValid(_, let until):
      ("\(path) vale apenas desde el \(Self.day(until))", "revise la fecha y la hora de este equipo")
    case .identity(let refusal):
      ("\(path) no es el certificado de este lado: \(refusal.mensaje)", "pida uno con la identidad \(identity)")
    case .denyList(let line):
      ("\(path), línea \(line): no es un número de serie hexadecimal", "escriba uno por línea, y lo demás después de #")
    case .refused(let reason):
      ("no se pueden usar juntos certificado, llave y autoridad: \(reason)", "pida de nuevo los tres")
    }
  }

  package static func serverIdentity(_ clues: String) -> String { "spiffe://imss/umf/\(clues)/server/NOMBRE" }
  package static let deviceIdentity = "spiffe://imss/umf/CLUES/PAPEL/EQUIPO"

  /// The system's words that a technician meets most.
  private static func spanish(_ reason: String) -> String {
    switch reason {
    case "No such file or directory": "no existe"
    case "Permission denied": "sin permiso"
    case "Not a regular file": "no es un archivo"
    case "File too large": "es demasiado grande"
    default: reason
    }
  }

  private static func day(_ seconds: Int64) -> String {
    Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601.year().month().day())
  }
}
