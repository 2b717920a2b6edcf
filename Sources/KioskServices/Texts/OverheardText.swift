package import ClinicDomain
package import Scheduling

/// Everything that is said of an appointment where others can read or hear it: a screen in a hall, a voice in a room, a message on a
/// telephone that is passed around.
///
/// All of it in one place, so that one test holds all of it: none names a service, and none names a person. A reminder of a confidential
/// appointment, and any reminder for a minor, leaves the room out too, for a door may say what is done behind it.
package enum OverheardText: CaseIterable, Sendable {
  /// On a screen that several people see, or by a voice: which slot.
  case slot
  /// What to do next about it.
  case advice
  /// Some days before, on the person's next screen or in a message.
  case reminder
  /// The clinic moved an appointment: of the one that there is now.
  case moved
  /// The clinic cannot keep an appointment: of the one that was.
  case withdrawn
  /// Another unit gives the appointment now: of the one that was.
  case handedOver
  /// Another unit is to give the appointment: of the one that stands here until it does.
  case keptUntilHandedOver
  /// In the waiting hall.
  case callUp

  package func text(of appointment: Appointment, for patient: Patient, _ rules: ClinicRules, today: CivilDate) -> String {
    switch self {
    case .slot: rules.displayText(of: appointment.slot)
    case .advice: rules.adviceText(for: appointment, byEye: patient.isDeaf)
    case .reminder:
      "Le recordamos que le esperan \(Self.whenAndWhere(appointment, patient, rules, today)). Si no puede venir, cancele y otra persona tendrá su lugar."
    case .moved: "Su cita cambió: ahora le esperan \(Self.whenAndWhere(appointment, patient, rules, today))."
    case .withdrawn:
      "Su cita del \(rules.dayAndHour(of: appointment.slot)) ya no se puede dar. La clínica le busca otro lugar; también puede pedir uno ahora."
    case .handedOver:
      "Su cita del \(rules.dayAndHour(of: appointment.slot)) ya no se da aquí. \(patient.elsewhere?.spanishText ?? "Le atiende otra unidad.") Pida ahí su cita."
    case .keptUntilHandedOver:
      "\(patient.elsewhere?.spanishText ?? "Le atiende otra unidad.") Su cita del \(rules.dayAndHour(of: appointment.slot)) se le conserva aquí hasta que esa unidad se la dé. Pregunte ahí por ella."
    case .callUp where patient.isDeaf: Self.callByEye(appointment, rules)
    case .callUp: "Folio terminado en \(appointment.folio.spoken.suffix(4)): pase, por favor, a \(rules.placeText(of: appointment.slot.resource))."
    }
  }

  /// Who does not hear is not called aloud: somebody goes to where they can be seen, and the folio is shown.
  private static func callByEye(_ appointment: Appointment, _ rules: ClinicRules) -> String {
    let folio = appointment.folio.spoken.suffix(4)
    return "No llame en voz alta. Salga con la mano en alto y muestre en la pantalla el folio terminado en \(folio), para \(rules.placeText(of: appointment.slot.resource))."
  }

  private static func whenAndWhere(_ appointment: Appointment, _ patient: Patient, _ rules: ClinicRules, _ today: CivilDate) -> String {
    let clinic = rules.clinic
    let isPrivate = rules.isConfidential(appointment.service) || patient.isMinor(on: today, adultAge: clinic.policy.adultAge)
    let place = isPrivate ? clinic.identity.name : "\(clinic.identity.name), \(rules.placeText(of: appointment.slot.resource))"
    return "el \(rules.dayAndHour(of: appointment.slot)), en \(place)"
  }
}
