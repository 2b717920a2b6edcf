internal import ClinicStore
internal import TTRPCCore

extension RPCError {
  /// The status of a fault of the store. The sentence is for the person or program outside; what SQLite said goes to the log.
  init(_ fault: StoreFault) {
    switch fault.kind {
    case .busy, .closed:
      self.init(.unavailable, "El servidor está ocupado o se está cerrando. Repita la solicitud con el mismo request-id.")
    case .broken:
      self.init(.unavailable, "El servidor no puede guardar en este momento. Repita la solicitud con el mismo request-id, o avise a la ventanilla.")
    case .unknownOutcome:
      self.init(.unavailable, "No se sabe si quedó guardado. Repita la solicitud con el mismo request-id: no se hará dos veces.")
    case .queueFull:
      self.init(.resourceExhausted, "Hay demasiadas solicitudes en espera (queueBound). Repita en unos segundos con el mismo request-id.")
    case .full:
      self.init(.resourceExhausted, "El disco del servidor está lleno: nada se guardó. Avise al personal; se puede repetir cuando haya espacio.")
    case .readOnly:
      self.init(.failedPrecondition, "El servidor no puede escribir en su base: nada se guardó. Avise al personal técnico.")
    case .cancelled:
      self.init(.cancelled, "La solicitud se canceló antes de su turno: nada se guardó.")
    case .conflict:
      self.init(.internal, "La base rechazó el cambio: nada se guardó. Avise al personal técnico.")
    }
  }
}
