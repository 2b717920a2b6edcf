/// What is wrong, or doubtful, in one place of a padrón file. It never repeats what the file says: reports are shown and kept.
package struct PadronProblem: Hashable, Sendable, CustomStringConvertible {
  /// Counted from 1, the header included.
  package let line: Int
  /// `nil` when it is about the whole row.
  package let column: PadronColumn?
  /// What is wrong and what to do, in Spanish.
  package let mensaje: String

  package init(line: Int, column: PadronColumn?, mensaje: String) {
    self.line = line
    self.column = column
    self.mensaje = mensaje
  }

  /// "línea 17, columna curp: La CURP no es correcta: …".
  package var description: String {
    "línea \(line)\(column.map { ", columna \($0.rawValue)" } ?? ""): \(mensaje)"
  }
}
