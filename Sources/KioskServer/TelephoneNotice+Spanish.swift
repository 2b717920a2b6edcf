internal import ClinicDomain
internal import ClinicStore
internal import KioskServices
internal import Logging

extension TelephoneKeeper.Notice {
  /// For the log; staff read it, and no person is in it.
  var spanishText: String {
    switch self {
    case .alarmEscalated(let alarm): "NADIE HA ACUDIDO a la alarma \(alarm.id) (\(alarm.report.sign), \(alarm.report.device)). Acuda: kioskctl alarma atender \(alarm.id)"
    case .callbackEscalated(let folio): "se pasó el plazo de la llamada \(folio), que es ahora de la jefatura. Véala con: kioskctl devolucion ver"
    case .fault: "las alarmas y las llamadas por hacer esperan a la siguiente vuelta"
    }
  }

  var level: Logger.Level {
    switch self {
    case .alarmEscalated: .error
    case .callbackEscalated, .fault: .warning
    }
  }

  var metadata: Logger.Metadata { if case .fault(let fault) = self { ["falla": "\(fault)"] } else { [:] } }
}
