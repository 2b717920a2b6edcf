internal import Glibc
internal import TTRPCCore
internal import TTRPCNIO

extension ConnectFault {
  /// Why there is no connection; lower case, no full stop.
  var motivo: String {
    switch cause {
    case .pathTooLong: "la ruta del socket pasa de \(TTRPCAddress.maxPathLength) bytes"
    case .noAnswer: "no contesta"
    case .unknownHost: "nadie conoce un equipo con ese nombre"
    case .system(let number): Self.motivo(number)
    case .server(let refusal): refusal.motivo
    case .other: "no se pudo abrir la conexión"
    }
  }

  private static func motivo(_ number: CInt) -> String {
    switch number {
    case ECONNREFUSED: "ahí no escucha ningún servidor"
    case ENOENT: "ese socket no existe"
    case EACCES, EPERM: "este usuario no puede abrir ese socket"
    case ENETUNREACH, EHOSTUNREACH, ENETDOWN, EHOSTDOWN: "la red no llega hasta ese equipo"
    case ETIMEDOUT: "no contesta"
    case ECONNRESET, EPIPE: "cortó la conexión"
    case EMFILE, ENFILE: "este equipo tiene demasiados archivos abiertos"
    case EADDRNOTAVAIL: "a este equipo no le quedan puertos libres para ese servidor"
    default: "falla \(number) del sistema"
    }
  }
}

extension ServerRefusal {
  /// Why this end does not speak to what answers; lower case, no full stop.
  var motivo: String {
    switch self {
    case .handshake(let failure): failure.motivo
    case .certificate(let refusal):
      "su certificado no es el de un servidor" + (CertificateWords.spanish(refusal.reason).map { ": \($0)" } ?? "")
    case .notAServer(let role): "lo que contesta tiene el certificado de un equipo (\(role)), no el de un servidor"
    case .otherClinic(let clinic): "es el servidor de otra unidad (\(clinic))"
    }
  }
}

extension HandshakeFailure {
  /// As a client meets it at a server.
  fileprivate var motivo: String {
    switch self {
    case .noCertificate: "el servidor no mostró certificado"
    case .expired: "el certificado del servidor no vale en esta fecha; revise también la de este equipo"
    case .untrusted: "el certificado del servidor no es de la autoridad que se dio con --autoridad"
    case .oldProtocol: "el servidor no habla TLS 1.3"
    case .notTLS: "el servidor no habla TLS en esa dirección"
    case .refusedByPeer: "el servidor no acepta el certificado de este equipo"
    case .gone: "el servidor cortó el saludo TLS"
    case .tooSlow: "el saludo TLS tardó demasiado"
    case .other: "falló el saludo TLS"
    }
  }
}

/// What the wire says of a certificate, in Spanish.
enum CertificateWords {
  /// Reasons that are the same for every certificate.
  private static let fixed: [(CertificateRefusal, String)] = [
    (.denied, "su número de serie está negado"), (.notYetValid, "todavía no vale"), (.expired, "ya venció"),
    (.noIdentity, "no nombra ninguna identidad (URI spiffe)"), (.identity(.notSPIFFE), "su URI no es spiffe"),
    (.identity(.foreignTrustDomain), "no es de \(DeviceIdentity.trustDomain)"),
    (.identity(.wrongPath), "su identidad no dice unidad, papel y equipo"),
    (.identity(.malformedClinic), "su unidad no es una CLUES"), (.identity(.unknownRole), "su papel no existe"),
    (.identity(.malformedDevice), "el nombre de su equipo no está hecho de a-z, 0-9 y guiones"), (.otherClinic(""), "es de otra unidad"),
  ]

  /// - Parameter reason: ``CertificateRefusal/reason``.
  /// - Returns: lower case, no full stop; `nil` for words that are none of ours.
  static func spanish(_ reason: String) -> String? {
    if let known = fixed.first(where: { $0.0.reason == reason }) { return known.1 }
    if let match = reason.wholeMatch(of: /it names ([0-9]+) URIs.*/) { return "nombra \(match.1) identidades y debe nombrar una" }
    if let match = reason.wholeMatch(of: /this address does not admit role (\S+)/) { return "el papel \(match.1) no entra por esta escucha" }
    return nil
  }
}
