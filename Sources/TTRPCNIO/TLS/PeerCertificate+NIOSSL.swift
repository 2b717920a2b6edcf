internal import NIOSSL
internal import TTRPCCore

extension PeerCertificate {
  /// What the library has parsed, as a value.
  init(_ certificate: NIOSSLCertificate) {
    let uris = certificate._subjectAlternativeNames().filter { $0.nameType == .uri }
      // An IA5String is ASCII; a byte that is not becomes a mark that no identity has.
      .map { String(decoding: $0.contents, as: UTF8.self) }
    self.init(
      serial: CertificateSerial(bytes: certificate.serialNumber), notBefore: Int64(certificate.notValidBefore),
      notAfter: Int64(certificate.notValidAfter), uris: uris)
  }
}
