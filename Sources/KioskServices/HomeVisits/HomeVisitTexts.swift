internal import ClinicDomain
internal import Scheduling

/// What is said of visits at home. Never where: a screen and a voice can be overheard.
extension ClinicRules {
  func isHomeVisit(_ appointment: Appointment) -> Bool { appointment.service == clinic.homeVisits?.service }

  /// Whether an agenda gives nothing but visits at home.
  func visitsHomes(_ id: ResourceID) -> Bool {
    guard let service = clinic.homeVisits?.service else { return false }
    return clinic.resource(id)?.services == [service]
  }

  func homeVisitAdvice(for appointment: Appointment) -> String {
    var text = "El personal de la clínica va a su domicilio el \(dayAndHour(of: appointment.slot)). No hace falta que venga."
    if let service = clinic.service(appointment.service), !service.requirements.isEmpty {
      text += " Tenga a la mano: \(service.requirements.joined(separator: "; "))."
    }
    return text
  }

  func homeVisitText(of appointment: Appointment) -> String {
    "Su visita quedó registrada con el folio \(appointment.folio.spoken). " + adviceText(for: appointment)
  }

  func homeVisitText(_ refusal: HomeVisitRefusal, offersSlots: Bool) -> String {
    let others = offersSlots ? " Le ofrecemos las primeras horas en que sí." : ""
    switch refusal {
    case .missing(let field): return "Falta \(field.spanishName): no está en su registro. Dígalo en la solicitud."
    case .unknown(let field): return "Esta clínica no tiene ese dato: \(field.spanishName). Revíselo, o déjelo en blanco y se toma de su registro."
    case .noZone: return "A ese código postal no llegan las visitas de esta clínica. Revise los cinco dígitos, o pregunte en la ventanilla."
    case .outsideHours: return "Las visitas a domicilio son de 08:00 a 20:00." + others
    case .notVisited(let code):
      let name = clinic.homeVisits?.zone(code)?.name ?? code
      return "Ese día, o ese profesional, no visita su zona: \(name)." + others
    case .zoneFull: return "Ese día su zona ya tiene todas las visitas que se pueden hacer." + others
    }
  }
}
