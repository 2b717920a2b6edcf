internal import KioskServices

extension IdentificationGate.Notice {
  /// For the log; staff read it, and no person is in it.
  var spanishText: String {
    switch self {
    case .locked(let device):
      "\(device) ya no identifica a nadie: demasiados intentos fallidos. Vea quién está ahí y desbloquéelo: kioskctl identificacion desbloquear --equipo \(device)"
    case .alarm: "alarma: demasiadas identificaciones fallidas en una hora; alguien puede estar probando números. Véalo con: kioskctl identificacion estado"
    case .unrecorded: "una identificación fallida no se pudo guardar; se recuerda hasta que el servidor se apague"
    }
  }
}
