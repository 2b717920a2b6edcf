internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
internal import VentanillaMessages

/// The sentences about referrals, alerts and the children's screen: plain Mexican Spanish.
extension ClinicRules {
  func wireReferral(_ referral: Referral, at now: Instant) -> Wire.Referral {
    Wire.Referral(
      folio: referral.folio.description, folioDisplay: referral.folio.spoken, kind: referral.kind.wire, specialty: referral.specialty,
      destination: referral.destination, state: referral.state.wire, createdAtUnixMs: referral.createdAt.milliseconds,
      dateDueAtUnixMs: referral.dateDueAt.milliseconds, date: referral.meeting?.date.description ?? "",
      startMinute: Int32(referral.meeting?.start.minutes ?? 0), place: referral.meeting?.place ?? "",
      daysWaiting: referral.isWaiting ? Int32(clamping: daysWaiting(referral, at: now)) : 0,
      followUpFolio: referral.followUp?.description ?? "", text: text(of: referral, at: now))
  }

  /// Says nothing of the specialty: it is read aloud.
  private func text(of referral: Referral, at now: Instant) -> String {
    switch referral.state {
    case .requested: waitingText(referral, at: now)
    case .dated: meetingText(referral, at: now)
    case .seen: "Ya le atendieron en la otra unidad. Falta que manden su regreso a esta clínica."
    case .returned where referral.followUp != nil: "Ya está de regreso en esta clínica y tiene cita de seguimiento, folio \(referral.followUp!.spoken)."
    case .returned: "Ya está de regreso en esta clínica, con su médico familiar."
    case .cancelled: "Esta referencia se canceló. Pregunte a su médico familiar."
    }
  }

  private func waitingText(_ referral: Referral, at now: Instant) -> String {
    let days = daysWaiting(referral, at: now)
    let waited = days == 0 ? "Se pidió hoy." : days == 1 ? "Lleva 1 día de espera." : "Lleva \(days) días de espera."
    return referral.lacksDate(at: now)
      ? "Todavía no tiene fecha. \(waited) La ventanilla ya tiene el aviso y debe conseguirla: pregunte ahí."
      : "Todavía no tiene fecha. \(waited) Se le da a más tardar el \(dayAndHour(at: referral.dateDueAt)); después, la ventanilla recibe un aviso."
  }

  private func meetingText(_ referral: Referral, at now: Instant) -> String {
    guard let meeting = referral.meeting else { return waitingText(referral, at: now) }
    return "Le esperan el \(meeting.date.spanishDayText), \(meeting.start), en \(referral.destination): \(meeting.place). Lleve su referencia y una identificación."
  }

  func wireAlert(_ alert: DutyAlert, of person: Patient? = nil) -> Wire.DutyAlert {
    Wire.DutyAlert(
      id: alert.id, kind: alert.kind.wire, object: alert.object.text, owner: alert.owner.wire, raisedAtUnixMs: alert.raisedAt.milliseconds,
      dueAtUnixMs: alert.dueAt.milliseconds, acknowledgedAtUnixMs: alert.acknowledgedAt?.milliseconds ?? 0,
      acknowledgedBy: alert.acknowledgedBy ?? "", resolvedAtUnixMs: alert.resolvedAt?.milliseconds ?? 0, text: alert.spanishText,
      patientNumber: person?.number.description ?? "")
  }
}

extension DutyAlert {
  /// What is missing, and what whoever has it does.
  fileprivate var spanishText: String {
    switch kind {
    case .referralWithoutDate: "La referencia \(about) no tiene fecha. Consígala con la otra unidad, anótela y avise a la persona."
    case .surgeryOverLimit: "La cirugía de la referencia \(about) se espera más de lo que permite la clínica. Decida qué se hace y avise a la persona."
    case .childWithoutSlot: "Una niña o un niño con señales de alarma no tiene lugar a tiempo (caso \(about)). Llame a su familia y dé un lugar."
    case .followUpWithoutSlot: "La persona de la referencia \(about) regresó y no hay lugar para su seguimiento. Llámele y dé un lugar."
    case .legadoOverdue: "El legado \(about) pasó su fecha. Registre qué se hizo, o la fecha nueva."
    case .nightlyCheck: "La revisión de la noche encontró problemas (revisión \(about)). Léalos y llame al personal técnico."
    }
  }

  private var about: String {
    switch object {
    case .referral(let folio): folio.spoken
    case .screen(let id), .legado(let id), .nightly(let id): "\(id)"
    }
  }
}
