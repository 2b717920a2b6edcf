internal import ClinicDomain
internal import Scheduling
internal import VentanillaMessages

/// What is said of series: it is overheard, so that no sentence names a service.
extension ClinicRules {
  /// - Parameter appointments: what each activity has now, by its number.
  func wireSeries(
    _ series: CareSeries, _ activities: [SeriesActivity], _ appointments: [Int: Appointment] = [:], of patient: Patient, on today: CivilDate
  ) -> Wire.CareSeries {
    Wire.CareSeries(
      id: series.id, program: series.program.rawValue, status: Wire.SeriesStatus(series.status),
      activities: activities.map { wireActivity($0, appointments[$0.number], in: series, of: patient, on: today) },
      text: seriesText(series, activities, appointments, on: today))
  }

  func wireActivity(
    _ activity: SeriesActivity, _ appointment: Appointment?, in series: CareSeries, of patient: Patient, on today: CivilDate
  ) -> Wire.SeriesActivity {
    let status = activity.standing(with: appointment, on: today)
    let shown = status == .scheduled ? appointment : nil
    return Wire.SeriesActivity(
      number: Int32(activity.number), kind: Wire.SeriesActivityKind(activity.kind), status: Wire.SeriesActivityStatus(status),
      dueDate: activity.due.description, firstDate: activity.window.lowerBound.description,
      lastDate: activity.window.upperBound.description, folio: shown?.folio.description ?? "",
      slot: shown.map {
        wireSlot(
          $0.slot, service: $0.service, turno: $0.turno,
          ownDoctor: $0.slot.resource == patient.consultorio && $0.turno == patient.turno)
      },
      reminderDates: reminders(of: activity, status, in: series).map(\.description),
      text: activityText(activity, status, shown, on: today))
  }

  private func reminders(of activity: SeriesActivity, _ status: SeriesActivity.Status, in series: CareSeries) -> [CivilDate] {
    guard activity.kind == .medicationRequest, status == .notStarted,
      case .periodic(let rule)? = clinic.series.program(series.program)?.plan
    else { return [] }
    return rule.prescriptions?.reminders(of: activity.window, clinic.businessDays) ?? []
  }

  private func seriesText(
    _ series: CareSeries, _ activities: [SeriesActivity], _ appointments: [Int: Appointment], on today: CivilDate
  ) -> String {
    guard series.status == .active else { return "Esta serie ya terminó. Sus lugares quedaron libres para otras personas." }
    let open = activities.map { ($0, $0.standing(with: appointments[$0.number], on: today)) }
      .filter { [.notStarted, .scheduled, .onHold].contains($0.1) }
    // What has an appointment first by its day; the days of the rest begin with their windows.
    let next = open.min { left, right in
      (left.0.window.lowerBound, left.0.number) < (right.0.window.lowerBound, right.0.number)
    }
    guard let (activity, status) = next else { return "Por ahora no tiene nada pendiente en esta serie." }
    return "Lo que sigue: " + activityText(activity, status, appointments[activity.number], on: today)
  }

  private func activityText(
    _ activity: SeriesActivity, _ status: SeriesActivity.Status, _ appointment: Appointment?, on today: CivilDate
  ) -> String {
    let (first, last) = (activity.window.lowerBound, activity.window.upperBound)
    let days = first == last ? "el \(first.spanishDayText)" : "del \(first.spanishDayText) al \(last.spanishDayText)"
    switch (activity.kind, status) {
    case (.medicationRequest, .notStarted): return "Puede recoger lo suyo \(days). También puede mandar a un familiar."
    case (.medicationRequest, .completed): return "Ya se recogió."
    case (.medicationRequest, .stopped): return "No se recogió a tiempo: el último día fue el \(last.spanishDayText). Venga a consulta para renovarlo."
    case (.medicationRequest, _): return "Ya no es válido. Venga a consulta para renovarlo."
    case (.appointment, .notStarted): return "Le toca \(days). Le daremos lugar en cuanto se abra esa agenda."
    case (.appointment, .scheduled):
      guard let appointment else { return "Ya tiene lugar." }
      return "Le esperan el \(dayAndHour(of: appointment.slot)), \(placeText(of: appointment.slot.resource))."
    case (.appointment, .onHold):
      return "Le toca el \(activity.due.spanishDayText) y todavía no tiene lugar. El personal ya está avisado y le buscará uno; pregunte en la ventanilla."
    case (.appointment, .completed): return "Ya se dio."
    case (.appointment, .cancelled): return "Se canceló. Si la necesita, pida otra en la ventanilla."
    case (.appointment, .stopped): return "No se dio ese día. Pregunte en la ventanilla qué sigue."
    }
  }

  /// Why a command about a series was refused.
  func seriesText(_ refusal: SeriesRefusal) -> String {
    switch refusal {
    case .unknownProgram: "Esta clínica no tiene esa serie, o no es de las que se renuevan. Revise su código en clinic.yaml."
    case .notFound: "No hay ninguna serie con ese número, o nada pendiente con ese número en ella."
    case .over: "Esa serie ya terminó. Empiece otra si hace falta."
    case .alreadyActive(let id): "La persona ya tiene esa serie: es la número \(id). Termínela antes de empezar otra."
    case .dateOutOfRange: "Con esa fecha no se puede contar: es de después, o de hace demasiado tiempo. Revísela."
    case .noSuchChair:
      "Para las series con silla hay que decir una silla de ese servicio, una hora de su agenda y tantos días como sesiones por semana; las demás series no llevan silla."
    case .chairTaken: "Esa silla ya es de otra persona a esa hora en uno de esos días. Elija otra silla, hora o días."
    case .notYet(let date): "Todavía no: se puede recoger desde el \(date.spanishDayText)."
    case .missed(let last): "No se recogió a tiempo: el último día fue el \(last.spanishDayText). La persona tiene que venir a consulta."
    case .notDue: "Ya no hay nada que hacer con eso. Revise cómo va la serie."
    }
  }
}

extension SeriesActivity {
  /// As it stands with its appointment: one that took place is completed, one whose person did not come is stopped; a prescription whose
  /// days are over is stopped, whether or not anybody wrote that down yet.
  func standing(with appointment: Appointment?, on today: CivilDate) -> Status {
    if kind == .medicationRequest { return status == .notStarted && window.upperBound < today ? .stopped : status }
    guard status == .scheduled, let appointment else { return status }
    switch appointment.status {
    case .fulfilled: return .completed
    case .noshow: return .stopped
    case .cancelled, .enteredInError: return .cancelled
    case .proposed, .pending, .booked, .arrived, .checkedIn, .waitlist: return .scheduled
    }
  }
}
