package import TTRPCCore
package import TTRPCNIO

extension CertificateRefusal {
  /// Why a certificate is not taken, for a technician; lower case, no full stop.
  package var mensaje: String {
    switch self {
    case .denied: "su número de serie está negado"
    case .notYetValid: "todavía no vale"
    case .expired: "ya venció"
    case .noIdentity: "no nombra ninguna identidad (URI spiffe)"
    case .severalIdentities(let count): "nombra \(count) identidades y debe nombrar una"
    case .identity(.unknownRole): "su papel no es de aquí"
    case .identity(let fault): "su identidad está mal escrita (\(fault))"
    case .otherClinic(let clinic): "es de la unidad \(clinic)"
    case .roleNotAdmitted(let role): "el papel \(role) no entra por esta puerta"
    }
  }
}

extension HandshakeFailure {
  /// Why nobody got to talk; lower case, no full stop.
  package var mensaje: String {
    switch self {
    case .noCertificate: "no presentó certificado"
    case .expired: "su certificado no vale en esta fecha"
    case .untrusted: "su certificado no es de la autoridad"
    case .oldProtocol: "no habla TLS 1.3"
    case .notTLS: "no habla TLS"
    case .refusedByPeer(let alert): "no acepta nuestro certificado (\(alert))"
    case .gone: "se fue antes de terminar el saludo"
    case .tooSlow: "no terminó el saludo a tiempo"
    case .other(let words): words
    }
  }
}
