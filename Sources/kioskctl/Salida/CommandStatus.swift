internal import TTRPCCore

/// What a script learns from kioskctl's exit. Source of 64 and above: sysexits.h.
enum CommandStatus: Int32, Error, CaseIterable {
  case ok = 0
  case refused = 1
  case partly = 2
  case usage = 64
  case badData = 65
  case noInput = 66
  case unreachable = 69
  case fault = 70
  case cannotCreate = 73
  case tryLater = 75

  var meaning: String {
    switch self {
    case .ok: "hecho"
    case .refused: "la clínica dijo que no, no se encontró, o la revisión halló problemas"
    case .partly: "hecho en parte: hay filas que no se tomaron; el informe o la lista dice cuáles"
    case .usage: "la orden está mal escrita o el servidor no entiende un dato"
    case .badData: "el archivo no es lo que se espera"
    case .noInput: "no se puede leer el archivo"
    case .unreachable: "no hay servidor en esa dirección"
    case .fault: "falla del servidor o de este programa"
    case .cannotCreate: "no se puede escribir el archivo de salida"
    case .tryLater: "el servidor está ocupado o no contestó a tiempo; intente luego"
    }
  }

  /// The list for `--help`.
  static var help: String {
    let lines = allCases.map { status in
      let number = "\(status.rawValue)"
      return "  " + String(repeating: " ", count: 2 - number.count) + "\(number)  \(status.meaning)"
    }
    return (["Al terminar, el estado de salida dice:"] + lines).joined(separator: "\n")
  }

  /// What a server's status means to a script.
  init(_ code: StatusCode) {
    self = switch code {
    case .ok: .ok
    case .notFound, .alreadyExists, .permissionDenied, .failedPrecondition, .outOfRange, .unauthenticated: .refused
    case .invalidArgument: .usage
    case .unavailable: .unreachable
    case .deadlineExceeded, .resourceExhausted, .aborted, .cancelled: .tryLater
    case .unknown, .unimplemented, .internal, .dataLoss: .fault
    }
  }
}
