/// Why a store cannot be opened. Whatever the file was, it is what it was.
package enum OpeningFault: Error, Hashable, Sendable {
  /// Another process has it open; `nil` when it did not say which.
  case inUse(path: String, pid: Int?)
  /// There is a file, and it is not a store of ours.
  case foreign(path: String, detail: String)
  /// A later version of the server wrote it.
  case newer(path: String, version: Int, known: Int)
  /// It belongs to another clinic.
  case otherClinic(path: String, found: String, expected: String)
  /// It is ours, and its content is damaged.
  case damaged(path: String, findings: [String])
  /// Folder or file cannot be written.
  case readOnly(path: String)
  /// No room on the disk.
  case full(path: String)
  /// Anything else; SQLite's or the system's words.
  case cannotOpen(path: String, detail: String)

  package var path: String {
    switch self {
    case .inUse(let path, _), .foreign(let path, _), .newer(let path, _, _), .otherClinic(let path, _, _),
      .damaged(let path, _), .readOnly(let path), .full(let path), .cannotOpen(let path, _):
      path
    }
  }

  /// What happened and what to do about it, for the technician.
  package var spanishText: String {
    switch self {
    case .inUse(let path, let pid):
      """
      Otro proceso\(pid.map { " (PID \($0))" } ?? "") ya tiene abierta la base \(path). \
      Cierre ese servidor antes de iniciar este, o use otra base.
      """
    case .foreign(let path, let detail):
      """
      \(path) no es una base de Ventanilla (\(detail)). No se tocó. \
      Revise la ruta; si quiere una base nueva, indique un archivo que no exista.
      """
    case .newer(let path, let version, let known):
      """
      La base \(path) es de una versión más nueva (\(version)) que este servidor (\(known)). No se tocó. \
      Instale la versión nueva de Ventanilla.
      """
    case .otherClinic(let path, let found, let expected):
      """
      La base \(path) es de otra clínica (\(found)) y la configuración dice \(expected). No se tocó. \
      Revise la ruta o el archivo clinic.yaml.
      """
    case .damaged(let path, let findings):
      """
      La base \(path) está dañada: \(findings.prefix(3).joined(separator: "; ")). No se tocó. \
      Guarde una copia del archivo y restaure el último respaldo.
      """
    case .readOnly(let path):
      """
      No se puede escribir en \(path). \
      Revise los permisos de la carpeta y que el disco no esté montado en solo lectura.
      """
    case .full(let path):
      "No queda espacio en el disco de \(path). Libere espacio y vuelva a iniciar el servidor."
    case .cannotOpen(let path, let detail):
      "No se pudo abrir la base \(path): \(detail). Revise que la carpeta exista y sus permisos."
    }
  }

  /// What a failure of SQLite means while opening.
  init(_ fault: StoreFault, path: String) {
    self = switch fault.kind {
    case .full: .full(path: path)
    case .readOnly: .readOnly(path: path)
    case .broken where fault.isNotADatabase: .foreign(path: path, detail: "no es una base de datos SQLite")
    case .broken where fault.isCorruption: .damaged(path: path, findings: [fault.detail])
    case .broken where fault.isOutOfRoom: .full(path: path)
    case .broken where fault.isUnreadableRow: .damaged(path: path, findings: ["una fila no se puede leer (\(fault.detail))"])
    default: .cannotOpen(path: path, detail: fault.description)
    }
  }
}
