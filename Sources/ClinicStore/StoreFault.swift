/// Something outside broke while the store worked: the request was neither granted nor refused.
///
/// Every kind says whether repeating the same request, with its request id, can help and can hurt.
package struct StoreFault: Error, Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// The schema refused what the decision allowed, or a row that it needs cannot be read. Nothing was written; a repeat fails
    /// the same way.
    case conflict
    /// Nothing was written; repeat.
    case busy
    /// The disk is full. Nothing was written; repeat when there is room.
    case full
    /// File or file system cannot be written. Nothing was written.
    case readOnly
    /// The file or the disk failed. Nothing of the batch is to be relied on; the store opens its file anew.
    case broken
    /// The commit failed on its way to the disk: it may be there or not. Repeat with the same request id.
    case unknownOutcome
    /// As many commands wait as ``StoreOptions/queueBound`` allows. Nothing was written; repeat later.
    case queueFull
    /// The store is closing. Nothing was written; repeat elsewhere or later.
    case closed
    /// The caller's task was cancelled before its command's turn came, or before its read was done. Nothing was written.
    case cancelled
  }

  package var kind: Kind
  /// What was being done: "commit".
  package var operation: String
  /// SQLite's extended result code; 0 when SQLite was not asked.
  package var code: Int32
  /// For the log: SQLite's own words. Never contains a person's data: SQLite names columns, not values.
  package var detail: String

  package init(_ kind: Kind, operation: String, code: Int32 = 0, detail: String = "") {
    self.kind = kind
    self.operation = operation
    self.code = code
    self.detail = detail
  }

  /// What the technician does about it.
  package var spanishHint: String {
    switch kind {
    case .conflict: "La base rechazó un cambio que las reglas permitían. Guarde este registro y avise a soporte."
    case .busy: "La base está ocupada; la solicitud se puede repetir."
    case .full: "El disco está lleno. Libere espacio; el servidor vuelve a aceptar citas sin reiniciarse."
    case .readOnly:
      "La base no se puede escribir. Revise los permisos de su carpeta y que el disco no esté montado en solo lectura."
    case .broken: "El disco o la base fallaron. Si se repite, revise el disco y restaure el último respaldo."
    case .unknownOutcome: "No se sabe si el último cambio quedó guardado. Repita la solicitud con el mismo identificador."
    case .queueFull: "Hay demasiadas solicitudes en espera. Se puede repetir en unos segundos."
    case .closed: "El servidor se está cerrando. Repita la solicitud cuando haya vuelto."
    case .cancelled: "Quien hizo la solicitud ya no espera la respuesta; nada se guardó."
    }
  }
}

extension StoreFault: CustomStringConvertible {
  package var description: String {
    let words = code == 0 ? detail : "SQLite \(code): \(detail)"
    return words.isEmpty ? "\(operation): \(kind.rawValue)" : "\(operation): \(kind.rawValue) (\(words))"
  }
}
