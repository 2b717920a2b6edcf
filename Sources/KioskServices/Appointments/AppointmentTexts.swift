internal import ClinicDomain
internal import Scheduling
internal import TTRPCCore

/// The sentences that a person reads or hears about a slot, an appointment or a refusal: plain Mexican Spanish.
extension ClinicRules {
  /// "martes 24 de noviembre, 08:15, consultorio 12, planta baja".
  func displayText(of slot: Slot) -> String {
    "\(dayAndHour(of: slot)), \(placeText(of: slot.resource))"
  }

  /// The local day on which the person must come: a slot after midnight belongs to the following day.
  func dayAndHour(of slot: Slot) -> String {
    let (day, hour) = wallClock(slot.date, slot.start.minutes)
    return "\(day.spanishDayText), \(hour)"
  }

  /// "martes 24 de noviembre, 07:14", on the clinic's wall.
  func dayAndHour(at instant: Instant) -> String {
    let (date, minute) = zone.local(of: instant)
    return "\(date.spanishDayText), \(minute)"
  }

  private func wallClock(_ date: CivilDate, _ minutes: Int) -> (day: CivilDate, hour: AgendaMinute) {
    let offset = minutes.floorDivided(by: 1440)
    return (date.advanced(by: offset), AgendaMinute(minutes: minutes - offset * 1440) ?? .midnight)
  }

  /// "consultorio 12, planta baja".
  func placeText(of id: ResourceID) -> String {
    if visitsHomes(id) { return "a domicilio" }
    let floor = clinic.resource(id)?.floor ?? 0
    return "\(id.kind.word) \(id.number), \(floor == 0 ? "planta baja" : "piso \(floor)")"
  }

  /// What the person should do next about an appointment.
  ///
  /// - Parameter byEye: whether the person does not hear a call.
  func adviceText(for appointment: Appointment, byEye: Bool = false) -> String {
    let wait = byEye
      ? "Espere donde vea la puerta: le llamarán con la mano en alto y con su folio a la vista" : "Espere a que le llamen"
    let slot = appointment.slot
    let service = clinic.service(appointment.service)
    switch appointment.status {
    case .pending:
      return "El lugar está apartado, todavía no es una cita. Confírmelo para quedarse con él."
    case .checkedIn where appointment.isInTodaysLine:
      return "Ya registramos su llegada, después de su hora. Tiene un lugar en la fila de hoy: le atenderán en cuanto haya un espacio. \(wait): \(placeText(of: slot.resource))."
    case .checkedIn where appointment.arrivedAt.map { toleranceEnd(of: appointment) < $0 } ?? false:
      return "Ya registramos su llegada, después de su hora. Conserva su lugar de hoy: le atenderán en cuanto pase quien llegó antes. \(wait): \(placeText(of: slot.resource))."
    case .arrived, .checkedIn: return "Ya registramos su llegada. \(wait): \(placeText(of: slot.resource))."
    case .booked where isHomeVisit(appointment): return homeVisitAdvice(for: appointment)
    case .booked:
      let start = slot.start.minutes
      let opens = wallClock(slot.date, start - clinic.policy.checkInOpensMinutes).hour
      let late = wallClock(slot.date, start + (service?.graceMinutes ?? clinic.policy.graceMinutes)).hour
      var text = "Venga el \(dayAndHour(of: slot)), \(placeText(of: slot.resource)). Puede registrar su llegada desde las \(opens); después de las \(late) su lugar puede darse a otra persona."
      if let service, !service.requirements.isEmpty {
        text += " Traiga: \(service.requirements.joined(separator: "; "))."
      }
      return text
    case .cancelled where appointment.cancellation == .holdExpired:
      return "El apartado venció. Puede buscar otro lugar."
    case .cancelled: return "La cita está cancelada. Puede hacer otra cuando quiera."
    case .fulfilled: return "La consulta ya se dio."
    case .noshow: return "No se registró su llegada. Puede hacer otra cita, o preguntar en la ventanilla."
    case .proposed, .waitlist: return "Su solicitud está en espera."
    case .enteredInError: return "Este registro se hizo por error. Pregunte en la ventanilla."
    }
  }

  /// Why it was refused; says nothing about anybody else.
  ///
  /// - Parameter offersSlots: whether free slots come with it; a sentence never promises what is not there.
  func refusalText(_ refusal: CommandRefusal, today: CivilDate, offersSlots: Bool) -> String {
    switch refusal {
    case .notAllowed: Counter.notForThisPerson.message
    case .appointmentNotFound: "No encontramos esa cita entre las suyas. Revise el folio: son 12 dígitos."
    case .holdExpired: "Se acabó el tiempo del apartado. Elija de nuevo; tal vez el lugar siga libre."
    case .wrongState(let status): wrongStateText(status)
    case .offerOver: "Ese lugar ya no está: alguien lo aceptó antes o se acabó el tiempo. Usted conserva su lugar en la lista de espera."
    case .series(let refusal): seriesText(refusal)
    case .nothingToUndo: "Eso ya no se puede deshacer: solo quien lo hizo, y durante dos minutos. Haga el cambio que corresponda, con su motivo."
    case .notLive: "En ese consultorio no se registra quién llega: su lugar solo queda libre si se cancela la cita."
    case .tooEarly(let instant): "Todavía no: se puede desde el \(dayAndHour(at: instant))."
    case .serviceNotOffered: "Aquí no se dan citas para ese servicio. Elija otro o pregunte en la ventanilla."
    case .resourceNotOffered: "Ese consultorio o ventanilla no da ese servicio. Elija otro lugar."
    case .slotInThePast: "Esa hora ya pasó. Elija una más tarde."
    case .beyondHorizon(let last): "La agenda está abierta hasta el \(last.spanishDayText). Elija una fecha antes."
    case .notReleased(let instant): "Esos lugares se abren el \(dayAndHour(at: instant)). Llame o venga desde esa hora, o elija otro lugar ahora."
    case .closed: "A esa hora no hay servicio. Elija otra fecha u hora."
    case .notOnGrid: "Las citas no empiezan a esa hora. Elija uno de los horarios de la lista."
    case .externalAgenda:
      "A esa hora las citas de ese consultorio se dan en otro sistema: pregunte en la ventanilla." + (offersSlots ? " Le ofrecemos otros lugares." : "")
    case .rightsEndBefore(let last?) where last < today:
      "Sus derechos cubrieron hasta el \(last.spanishText). Esto es lo que puede hacer hoy."
    case .rightsEndBefore(let last?): "Sus derechos cubren hasta el \(last.spanishText). Elija una fecha antes, o renueve su vigencia."
    case .rightsEndBefore(nil): "No tenemos registrado su derecho a consulta. Esto es lo que puede hacer hoy."
    case .caredElsewhere(let elsewhere):
      elsewhere.spanishText + (offersSlots ? " Antes de ese día todavía puede venir aquí: le ofrecemos estos lugares." : " Pida ahí su cita.")
    case .notAccessible: "A ese lugar se llega por escaleras." + (offersSlots ? " Le ofrecemos otros en planta baja." : "")
    case .limitReached(let allowed):
      allowed == 1
        ? "Ya tiene una cita o un lugar apartado. Cancélelo si prefiere otro."
        : "Ya tiene \(allowed) citas o lugares apartados, que es lo más que se puede. Cancele uno si prefiere otro."
    case .householdLimitReached(let allowed):
      "Entre las personas de su número de seguridad social ya hay \(allowed) citas, que es lo más que se puede. Cancele una si prefiere otra."
    case .turnoFull: "Ese consultorio ya tiene en ese turno a todas las personas que puede atender." + (offersSlots ? " Le ofrecemos otros lugares." : "")
    case .quotaSpent(let opens):
      "Los lugares que quedan ahí se guardan para quien pide su cita de otra manera. Desde el \(dayAndHour(at: opens)) son de todos."
        + (offersSlots ? " Le ofrecemos otros ahora." : "")
    case .personBusy: "A esa hora la persona ya tiene otra cita. Elija otra hora."
    case .slotOffered: "Ese lugar se está ofreciendo a quienes esperan en la lista." + (offersSlots ? " Le ofrecemos los más cercanos." : "")
    case .telephone(let refusal): refusal.spanishText
    case .notTogether:
      "Para venir juntas, de dos a ocho personas del mismo número de seguridad social toman lugares seguidos, del mismo consultorio y turno. Elija otra vez."
    case .companionTaken(let role):
      "A esa hora no está libre quien debe acompañar la cita: \(companionName(role)). No se apartó nada."
        + (offersSlots ? " Le ofrecemos las horas más cercanas en que sí." : "")
    case .slotTaken: "Alguien tomó ese lugar antes." + (offersSlots ? " Le ofrecemos los más cercanos." : "")
    case .homeVisit(let refusal): homeVisitText(refusal, offersSlots: offersSlots)
    case .promoter: "Esa persona no está en la lista, o no se le puede agendar así. Pregunte en la ventanilla."
    }
  }

  /// "especialista a distancia".
  private func companionName(_ role: String) -> String {
    clinic.services.lazy.flatMap(\.companions).first { $0.code == role }?.name ?? role
  }

  private func wrongStateText(_ status: Appointment.Status) -> String {
    switch status {
    case .cancelled: "Esa cita ya está cancelada."
    case .booked: "Ese apartado ya es una cita."
    case .fulfilled: "Esa consulta ya se dio."
    case .noshow: "Esa cita ya pasó sin que se registrara la llegada. Pregunte en la ventanilla."
    default: "Con esa cita ya no se puede hacer eso. Pregunte en la ventanilla."
    }
  }
}

extension Int {
  /// Rounded towards the past, as days before midnight need it.
  fileprivate func floorDivided(by divisor: Int) -> Int {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient - 1 : quotient
  }
}
