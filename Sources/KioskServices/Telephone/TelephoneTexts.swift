internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
internal import VentanillaMessages

extension ClinicRules {
  func wireAlarm(_ entry: AlarmEntry, at now: Instant) -> Wire.StaffAlarm {
    let (alarm, report) = (entry.alarm, entry.alarm.report)
    return Wire.StaffAlarm(
      alarm: alarm.id, sign: report.sign, code: report.code?.rawValue ?? "", guide: Wire.GuideEdition(report.guide), device: report.device,
      toldAtUnixMs: report.toldAt.milliseconds, raisedAtUnixMs: alarm.raisedAt.milliseconds,
      escalatedAtUnixMs: alarm.escalatedAt?.milliseconds ?? 0, acknowledgedAtUnixMs: alarm.acknowledgement?.at.milliseconds ?? 0,
      acknowledgedBy: alarm.acknowledgement?.by ?? "", onsetEarliestUnixMs: entry.onset?.lowerBound.milliseconds ?? 0,
      onsetLatestUnixMs: entry.onset?.upperBound.milliseconds ?? 0, text: alarmText(entry, at: now),
      units: report.code == .infarto ? clinic.infarctionUnits.map(Wire.CapableUnit.init) : [])
  }

  /// "Código cerebro: cara_brazo_habla, por teléfono, 08:31. Empezó entre las 07:31 y las 08:31: la ventana de 4 horas y media …"
  private func alarmText(_ entry: AlarmEntry, at now: Instant) -> String {
    let report = entry.alarm.report
    let name = report.code.map { "Código \($0.rawValue)" } ?? "Señal de alarma"
    let place = report.channel == .phone ? "por teléfono" : "en \(report.device)"
    var text = "\(name): \(report.sign), \(place), \(hour(report.toldAt))."
    if let onset = entry.onset { text += " Empezó entre las \(hour(onset.lowerBound)) y las \(hour(onset.upperBound))." }
    if report.code == .cerebro, let onset = entry.onset {
      let (first, last) = (onset.lowerBound.adding(seconds: 16_200), onset.upperBound.adding(seconds: 16_200))
      text += now < first ? " La ventana de 4 horas y media está abierta hasta las \(hour(first))."
        : now < last ? " La ventana de 4 horas y media puede estar abierta hasta las \(hour(last))." : " La ventana de 4 horas y media ya pasó."
    }
    if report.code == .infarto, let unit = clinic.infarctionUnits.first {
      text += " Unidad más cercana: \(unit.name), a \(unit.minutes) min\(unit.doesHemodynamics ? ", con hemodinamia" : "")"
        + ", tel. \(unit.phone.national ?? "")\(unit.phoneExtension.map { " ext. \($0)" } ?? "")."
    }
    if let acknowledgement = entry.alarm.acknowledgement {
      text += " Acude \(acknowledgement.by) desde las \(hour(acknowledgement.at))."
    } else if entry.alarm.escalatedAt != nil {
      text += " NADIE HA ACUDIDO."
    }
    return text
  }

  private func hour(_ instant: Instant) -> String { "\(zone.local(of: instant).minute)" }

  func wireCallback(_ entry: CallbackEntry) -> Wire.StaffCallback {
    let callback = entry.callback
    return Wire.StaffCallback(
      folio: callback.folio.description, phone: callback.phone?.description ?? "", reason: callback.reason.wire,
      state: callback.state.wire, owner: callback.owner.spanishText, requestedAtUnixMs: callback.requestedAt.milliseconds,
      dueAtUnixMs: callback.dueAt.milliseconds,
      attempts: entry.attempts.map { attempt in
        Wire.CallbackAttempt(
          number: Int32(attempt.number), atUnixMs: attempt.at.milliseconds, by: attempt.by, result: attempt.result.wire)
      },
      escalatedAtUnixMs: callback.escalation?.at.milliseconds ?? 0, escalation: callback.escalation?.reason.wire ?? .unspecified,
      outcome: callback.closing?.outcome.wire ?? .unspecified, patientNumber: entry.patient?.description ?? "",
      text: callbackText(callback) + (callback.closing == nil ? entry.guidance?.callbackText ?? "" : ""))
  }

  private func callbackText(_ callback: Callback) -> String {
    if let closing = callback.closing { return "Cerrada el \(dayAndHour(at: closing.at)): \(closing.outcome.spanishText)." }
    let what = callback.reason == .pregnancy ? "Atender" : "Llamar"
    var text = "\(what) a más tardar el \(dayAndHour(at: callback.dueAt)): \(callback.reason.spanishText). Le toca a \(callback.owner.spanishText)."
    if callback.attempts > 0 { text += " \(callback.attempts == 1 ? "Va 1 intento" : "Van \(callback.attempts) intentos")." }
    switch callback.escalation?.reason {
    case .late: text += " SE PASÓ EL PLAZO."
    case .unreached: text += " NO CONTESTA: la jefatura decide."
    case nil: break
    }
    return text
  }
}

extension GuidanceRecord.Kind {
  /// What whoever calls back has to do besides, behind the other sentences; empty for nothing.
  var callbackText: String {
    self == .homeVisit ? " La guía terminó en visita a domicilio: pida los datos de la visita." : ""
  }
}

extension Callback.Owner {
  /// Whose it is, for a person.
  var spanishText: String {
    switch self {
    case .post(.clinician): "médico de guardia"
    case .post(.desk): "ventanilla"
    case .post(.supervisor): "jefatura"
    case .onDuty(let title): title
    case .staff(let name): name
    }
  }
}

extension Callback.Reason {
  fileprivate var spanishText: String {
    switch self {
    case .guidance: "por su salud"
    case .appointment: "por una cita"
    case .tramite: "por un trámite"
    case .other: "por otra cosa"
    case .pregnancy: "por un embarazo"
    case .palliative: "por cuidados paliativos"
    case .adec: "por atención en casa después del hospital (ADEC)"
    }
  }
}

extension Callback.Outcome {
  fileprivate var spanishText: String {
    switch self {
    case .attended: "se le atendió"
    case .appointment: "tiene cita"
    case .emergency: "se le mandó a urgencias"
    case .notNeeded: "ya no la necesita"
    case .unreached: "no se le localizó"
    }
  }
}

extension Wire.CapableUnit {
  fileprivate init(_ unit: CapableUnit) {
    self.init(
      name: unit.name, address: unit.address, phone: unit.phone.national ?? "", extension: unit.phoneExtension ?? "",
      minutes: Int32(clamping: unit.minutes), hemodynamics: unit.doesHemodynamics)
  }
}

extension TelephoneRefusal {
  /// For who asked.
  var spanishText: String {
    switch self {
    case .alarmNotFound: "No hay ninguna alarma con ese número. Vea la lista otra vez."
    case .callbackNotFound: "No hay ninguna llamada por hacer con ese folio. Revíselo: son 12 dígitos."
    case .noNumber: "Falta a qué número llamar, y la clínica no tiene ninguno de esta persona. Escriba los diez dígitos."
    case .tooManyWaiting: "Hay tantas llamadas por hacer que no se puede prometer otra a tiempo. Llame más tarde, o venga a la ventanilla."
    case .callbackClosed: "Esa llamada ya se cerró."
    case .takenByAnother: "Otra persona del personal ya tomó esa llamada."
    case .notYours: "Primero tome la llamada; si la tiene otra persona, ella anota."
    case .attemptsSpent: "Ya se hicieron todos los intentos. Cierre la llamada con su resultado."
    case .notSpokenYet: "Nadie ha hablado todavía con la persona: anote el intento en que contestó, o siga intentando."
    case .nothingToResume: "Con ese folio no hay nada que seguir por teléfono: revíselo, o busque otro lugar."
    case .noFreeCode: "En este momento no hay códigos libres. Intente otra vez."
    case .callNotFound: "No hay ninguna llamada con ese nombre."
    case .noticeNotFound: "No hay ningún aviso pendiente de esa cita. Revise el folio: son 12 dígitos."
    case .notUnreachedYet: "Todavía quedan intentos: sólo después de tres sin respuesta se cierra como no localizada."
    }
  }
}

extension Wire.GuideEdition {
  init(_ guide: PlayedGuide) {
    self.init(guide: guide.code, version: Int32(guide.version), hash: Hexadecimal.text(of: guide.hash))
  }
}

extension Wire.GuidanceRecord {
  init(_ record: GuidanceRecord) {
    self.init(
      record: record.id,
      what: Wire.KeepGuidanceRequest(
        session: Hexadecimal.text(of: record.session), guide: Wire.GuideEdition(record.guide), language: record.language,
        trail: record.trail.map { Wire.GuidanceKey(step: $0.step, key: Int32($0.key)) }, signs: record.signs,
        promptSigns: record.promptSigns, pregnant: record.isPregnant,
        onsetEarliestUnixMs: record.onset?.lowerBound.milliseconds ?? 0, onsetLatestUnixMs: record.onset?.upperBound.milliseconds ?? 0,
        endingStep: record.ending?.step ?? "", ending: record.ending?.kind.rawValue ?? ""),
      keptAtUnixMs: record.keptAt.milliseconds, channel: record.channel.rawValue)
  }
}
