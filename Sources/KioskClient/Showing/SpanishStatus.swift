package import TTRPCCore

/// What a status says to whoever looks after the kiosk: what is the matter, and what to do next, in Spanish whatever words the wire has.
package struct SpanishStatus: Hashable, Sendable {
  /// A whole sentence.
  package let sentence: String
  /// Another; `nil` where the server's own sentence says that too.
  package let next: String?

  package init(_ sentence: String, next: String?) {
    self.sentence = sentence
    self.next = next
  }

  /// The sentence as part of another: without its capital and its full stop.
  var phrase: String { sentence.prefix(1).lowercased() + sentence.dropFirst().trimmedStop }
}

extension Substring {
  fileprivate var trimmedStop: Substring { last == "." ? dropLast() : self }
}

extension RPCError {
  /// The server's own sentence where it has written one for people; else what its limit, its words or its code mean.
  ///
  /// The protocol's words are English and for programmers: they stay in ``RPCError/message`` and are never part of this.
  package var spanish: SpanishStatus {
    if isForPeople { return SpanishStatus(message, next: nil) }
    if let limit = reachedLimit { return limit.spanish(wait: retryDelay) }
    return spanishOfWords ?? code.spanish
  }

  /// Whether the message is one of ours for people: a whole sentence, or a field's name and what to write in it.
  ///
  /// What ttrpc's servers say, ours among them, begins without a capital or ends without a stop.
  private var isForPeople: Bool {
    guard let first = message.first, let last = message.last else { return false }
    if (first.isUppercase || "¿¡«".contains(first)) && ".?!»".contains(last) { return true }
    return [.invalidArgument, .alreadyExists].contains(code) && message.prefixMatch(of: /[a-z][a-z0-9_.\-\[\]]*: \S/) != nil && !isEncodingFault
  }

  /// What our own client says of a message that cannot be sent, or a server of one that cannot be read.
  private var isEncodingFault: Bool { message.prefixMatch(of: /(request|reply)(\.[A-Za-z0-9_.\[\]]+)?:\s/) != nil }

  private var spanishOfWords: SpanishStatus? {
    switch self {
    case .connectionClosed:
      SpanishStatus("Se perdió la conexión con el servidor.", next: "Revise la red y que el servidor siga iniciado; después repita.")
    case .notSent:
      SpanishStatus("Se perdió la conexión con el servidor.", next: "Nada se mandó: repita cuando el servidor conteste.")
    case .serverSilent:
      SpanishStatus("El servidor dejó de responder.", next: "Revise la red y que el equipo del servidor esté encendido.")
    case .notBegun, .streamsUsedUp:
      SpanishStatus("El servidor se está cerrando.", next: "Repita en un momento: nada se hizo.")
    default: spanishOfRefusedCaller ?? spanishOfUnreadableMessage
    }
  }

  /// Who calls may not, or not here.
  private var spanishOfRefusedCaller: SpanishStatus? {
    guard code == .permissionDenied else { return nil }
    if message.hasPrefix("this caller's role") {
      return SpanishStatus(
        "Por esta entrada del servidor no se permite esa llamada.",
        next: "El personal usa su socket, los kioscos el puerto TCP: vea `papel` de cada escucha en server.yaml.")
    }
    if let match = message.wholeMatch(of: /system user ([0-9]+) may not call here/) {
      return SpanishStatus(
        "El usuario \(match.1) de este equipo no puede llamar por esa escucha.",
        next: "Agréguelo a `usuarios` de la escucha en server.yaml, o llame con uno que ya esté.")
    }
    if let reason = message.trimmingPrefix("certificate refused: ").nonEmpty, reason.count < message.count {
      return SpanishStatus(
        "El servidor no acepta el certificado de este equipo\(CertificateWords.spanish(String(reason)).map { ": \($0)" } ?? "").",
        next: "Pida otro certificado a quien los expide, o revise la fecha de este equipo.")
    }
    if message.hasPrefix("the server refuses this client's certificate") {
      return SpanishStatus(
        "El servidor no acepta el certificado de este equipo.",
        next: "Revise que sea de la misma autoridad que el del servidor y que no haya vencido.")
    }
    return nil
  }

  private var spanishOfUnreadableMessage: SpanishStatus? {
    if code == .invalidArgument, let match = message.prefixMatch(of: /request\.([A-Za-z0-9_.\[\]]+):\s/) {
      return SpanishStatus("El campo \(match.1) no se puede mandar.", next: "Quítele el carácter nulo, o acórtelo.")
    }
    if code == .internal, let match = message.prefixMatch(of: /ttrpc: error unmarshalling payload: request\.([A-Za-z0-9_.\[\]]+):\s/) {
      return SpanishStatus(
        "El servidor no pudo leer el campo \(match.1) del mensaje.",
        next: "Compare la versión de este programa con la del servidor.")
    }
    return nil
  }
}

extension Substring {
  fileprivate var nonEmpty: Substring? { isEmpty ? nil : self }
}
