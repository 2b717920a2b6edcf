package import ClinicStore
package import TTRPCNIO

/// Why a server does not start; the sentence is for the technician.
package enum StartFault: Error, Sendable, CustomStringConvertible {
  case zone(ZoneFault)
  case folder(String, reason: String)
  case store(OpeningFault)
  case key(String, reason: String)
  case listen(ListenFault)

  package var description: String {
    switch self {
    case .zone(let fault): fault.mensaje
    case .folder(let path, let reason):
      "No se puede usar la carpeta de datos \(path): \(reason). Créela con permiso de escritura o indique otra con --datos."
    case .store(let fault): fault.spanishText
    case .key(let path, let reason): "No se puede usar la llave \(path): \(reason)."
    case .listen(let fault): fault.mensaje
    }
  }
}

extension ListenFault {
  /// What happened and what to do, for the technician.
  package var mensaje: String {
    switch self {
    case .portTaken(let host, let port):
      "El puerto \(port) de \(host) está ocupado: otro programa escucha ahí. Ciérrelo o elija otro puerto en server.yaml."
    case .pathTooLong(let path, let bytes):
      "La ruta del socket mide \(bytes) bytes y el sistema admite \(TTRPCAddress.maxPathLength): \(path). Use una ruta más corta."
    case .socketInUse(let path):
      "Ya hay un servidor en \(path). Deténgalo antes de iniciar otro."
    case .notASocket(let path):
      "\(path) existe y no es un socket; se dejó como está. Bórrelo o elija otra ruta."
    case .refused(let address, let reason):
      "No se puede escuchar en \(address): \(reason)."
    }
  }
}
