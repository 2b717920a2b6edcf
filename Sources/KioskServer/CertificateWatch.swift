internal import Logging
internal import TTRPCNIO

/// Looks whether the files of the TLS listeners have changed, and applies what is new to handshakes from then on and to the
/// connections that are open: those with a denied serial end, all others go on.
struct CertificateWatch: Sendable {
  let server: TTRPCServer
  let sides: [ServerTLS]
  let logger: Logger

  init(_ server: TTRPCServer, _ listeners: [Listener], _ logger: Logger) {
    self.server = server
    sides = listeners.compactMap(\.tls)
    self.logger = logger
  }

  /// - Parameter isAsked: somebody waits for an answer, also when there is nothing new.
  func look(isAsked: Bool = false) async {
    for tls in sides {
      let reload = tls.reload()
      switch reload {
      case .unchanged:
        if isAsked { logger.notice("certificados sin cambios", metadata: ["certificado": "\(tls.files.certificate)"]) }
      case .renewed:
        logger.notice("certificados renovados", metadata: ["certificado": "\(tls.files.certificate)"])
      case .refused(let faults):
        for fault in faults.faults {
          let (message, fix) = fault.mensaje(path: tls.files.path(of: fault.file) ?? "", identity: TLSFault.serverIdentity(tls.clinic))
          logger.error("siguen los certificados de antes: \(message); \(fix)")
        }
      }
      // Also without news: a certificate that is over ends its connection.
      if reload == .renewed || tls.mayBeOver { await server.endDenied(of: tls) }
    }
  }
}

/// Writes refused connections to the log, whose own budget bounds what whoever knocks without end can fill.
struct RefusalLog: Sendable {
  private let logger: Logger

  init(_ logger: Logger) { self.logger = logger }

  func write(_ refusal: TLSRefusal) {
    var metadata: Logger.Metadata = ["motivo": "\(refusal.reason.mensaje)"]
    if let address = refusal.address { metadata["direccion"] = "\(address)" }
    if let serial = refusal.serial { metadata["serie"] = "\(serial)" }
    // What a stranger's certificate says is anybody's text.
    if refusal.reason.isOfOurAuthority, !refusal.uris.isEmpty { metadata["dice_ser"] = "\(refusal.uris.joined(separator: " "))" }
    logger.warning("conexión rechazada", metadata: metadata)
  }
}

extension TLSRefusal.Reason {
  fileprivate var isOfOurAuthority: Bool { if case .handshake = self { false } else { true } }

  fileprivate var mensaje: String {
    switch self {
    case .handshake(let failure): failure.mensaje
    case .certificate(let refusal): refusal.mensaje
    case .ended(let refusal): "se cerró: \(refusal.mensaje)"
    }
  }
}
