internal import TTRPCCore

extension StatusCode {
  /// What the code alone says, where nothing more is known.
  var spanish: SpanishStatus {
    switch self {
    case .ok: SpanishStatus("La llamada terminó bien.", next: nil)
    case .cancelled: SpanishStatus("La llamada se canceló antes de terminar.", next: "Repítala si todavía hace falta.")
    case .unknown, .dataLoss, .internal:
      SpanishStatus("El servidor tuvo una falla.", next: "Revise su registro: journalctl -u kiosk-server.")
    case .invalidArgument:
      SpanishStatus("El servidor no entiende la solicitud.", next: "Compare la versión de este programa con la del servidor.")
    case .deadlineExceeded: SpanishStatus("El servidor no contestó a tiempo.", next: "Dé más tiempo, o revise cómo está el servidor.")
    case .notFound: SpanishStatus("El servidor no encontró lo que se le pidió.", next: "Revise cómo está escrito.")
    case .alreadyExists:
      SpanishStatus("Esa solicitud ya se había hecho con otro contenido.", next: "Mándela de nuevo con otro identificador.")
    case .permissionDenied:
      SpanishStatus("El servidor no permite esa llamada a este equipo.", next: "Revise el certificado o el usuario con que llama, y `papel` de la escucha.")
    case .resourceExhausted: SpanishStatus("El servidor no tiene lugar para esto ahora.", next: "Espere un momento y repita.")
    case .failedPrecondition:
      SpanishStatus("Así como está ahora, eso no se puede hacer.", next: "Consulte de nuevo cómo quedó y decida con eso.")
    case .aborted: SpanishStatus("Otro cambio llegó al mismo tiempo.", next: "Repita la solicitud.")
    case .outOfRange: SpanishStatus("Un dato de la solicitud está fuera de lo permitido.", next: "Corríjalo y repita.")
    case .unimplemented:
      SpanishStatus("El servidor no tiene ese método.", next: "Quizá es de otra versión: compare la de este programa con la del servidor.")
    case .unavailable:
      SpanishStatus("El servidor no está disponible o se está cerrando.", next: "Revise que esté iniciado y repita en un momento.")
    case .unauthenticated: SpanishStatus("El servidor no reconoce a la persona de esta sesión.", next: "Identifíquela de nuevo.")
    }
  }
}

extension ReachedLimit {
  /// The limit in words, its name, and the key of server.yaml that moves it, where there is one.
  ///
  /// - Parameter wait: what the server asks for.
  func spanish(wait: Duration?) -> SpanishStatus {
    let named = maximum.map { "(\(name.rawValue), \($0))" } ?? "(\(name.rawValue))"
    let (what, next) = words(wait: wait)
    return SpanishStatus("\(what) \(named).", next: next)
  }

  private func words(wait: Duration?) -> (what: String, next: String) {
    let slower = "Revise la red de este equipo y repita."
    switch name {
    case .maxFrameLength, .maxRequestBytes:
      return ("El mensaje es más largo de lo que el servidor toma", "Mándelo en partes, o con menos texto.")
    case .maxMetadataPairs: return ("La solicitud lleva demasiados metadatos", "Mándela con menos.")
    case .maxConnections:
      return ("El servidor ya tiene todas las conexiones que admite", "Cierre los programas que sobren, o suba limites: conexiones en server.yaml.")
    case .maxConnectionsPerAddress:
      return (
        "Este equipo ya tiene todas las conexiones que el servidor le admite",
        "Cierre los programas que sobren en este equipo, o suba limites: conexiones_por_direccion en server.yaml."
      )
    case .maxCallsInFlight:
      return (
        "Esta conexión ya tiene todas las llamadas sin contestar que el servidor admite",
        "Espere a que terminen, o suba limites: llamadas_en_curso en server.yaml."
      )
    case .maxStreamsPerConnection:
      return (
        "Esta conexión ya sigue todo lo que el servidor le admite",
        "Deje de seguir algo, o suba limites: flujos_por_conexion en server.yaml."
      )
    case .callsPerSecond:
      return (
        "Este equipo pidió más llamadas por segundo de las que el servidor le admite",
        "Espere \(Self.seconds(wait)) y repita; si es su trabajo de siempre, suba limites: llamadas en server.yaml."
      )
    case .maxBytesQueuedPerStream:
      return ("Llegaron más mensajes de los que se han leído", "Repita, y lea o mande más despacio.")
    case .maxBytesBufferedIn:
      return ("El servidor tiene demasiados mensajes a medias de todos los equipos", "Espere un momento y repita; vea quién los manda con kioskctl top.")
    case .maxBytesBufferedInPerAddress:
      return ("El servidor tiene demasiados mensajes a medias de este equipo", "Cierre los programas que sobren en este equipo y repita.")
    case .handshakeDeadline: return ("El saludo TLS tardó demasiado", slower)
    case .headerDeadline, .bodyDeadline: return ("El mensaje llegó demasiado despacio al servidor", slower)
    case .idleTime: return ("La conexión pasó demasiado tiempo sin usarse", "Conéctese de nuevo.")
    case .writeStall: return ("Este equipo no leyó a tiempo lo que el servidor le contestó", slower)
    }
  }

  /// "un momento", "1 s", "12 s".
  private static func seconds(_ wait: Duration?) -> String {
    guard let wait else { return "un momento" }
    let (whole, rest) = wait.components
    return "\(max(1, whole + (rest > 0 ? 1 : 0))) s"
  }
}
