internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

extension SeriesHandlers {
  /// A person's series.
  package func list(_ request: Wire.ListSeriesRequest, context: CallContext) async throws(RPCError) -> Wire.ListSeriesResponse {
    let number = try FieldReader.person(request.person)
    let session = try counter.session(request.sessionToken, context)
    let patient = try counter.person(number, in: session, needing: .care)
    guard try await counter.mayAct(session.actor, for: patient, needing: .care) else { throw Counter.notForThisPerson }
    let views = try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in try reader.series(of: patient.id) }
    }
    let rules = counter.rules
    let today = counter.today
    let seen = views.filter { view in
      patient.id == session.actor.id || !(rules.clinic.series.program(view.series.program).map { rules.isConfidential($0.service) } ?? true)
    }
    let ordered = seen.filter { $0.series.status == .active } + seen.filter { $0.series.status != .active }
    return Wire.ListSeriesResponse(
      series: ordered.map { rules.wireSeries($0.series, $0.activities, $0.appointments, of: patient, on: today) })
  }

  /// What has no place.
  package func listAlerts(
    _ request: Wire.ListSeriesAlertsRequest, context: CallContext
  ) async throws(RPCError) -> Wire.ListSeriesAlertsResponse {
    let (alerts, neighbours) = try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in
        let alerts = try reader.seriesAlerts().filter { request.acknowledged || $0.activity.acknowledgedAt == nil }
        var neighbours: [Int64: SeriesView] = [:]
        for alert in alerts where neighbours[alert.series.id] == nil { neighbours[alert.series.id] = try reader.series(alert.series.id) }
        return (alerts, neighbours)
      }
    }
    let rules = counter.rules
    let today = counter.today
    return Wire.ListSeriesAlertsResponse(alerts: alerts.map { alert in
      let isSecond = neighbours[alert.series.id]?.isLost(beside: alert.activity.number, on: today) ?? false
      return Wire.SeriesAlert(
        series: alert.series.id, number: Int32(alert.activity.number), patientNumber: alert.patient.number.description,
        name: alert.patient.name.address,
        activity: rules.wireActivity(alert.activity, nil, in: alert.series, of: alert.patient, on: today),
        alertedAtUnixMs: alert.activity.alertedAt?.milliseconds ?? 0,
        acknowledgedAtUnixMs: alert.activity.acknowledgedAt?.milliseconds ?? 0, secondInARow: isSecond,
        text: alert.text(isSecond: isSecond))
    })
  }

  /// The yearly check, once in each session.
  package func offerCheck(_ request: Wire.OfferCheckRequest, context: CallContext) async throws(RPCError) -> Wire.OfferCheckResponse {
    let number = try FieldReader.person(request.person)
    let session = try counter.session(request.sessionToken, context)
    let patient = try counter.person(number, in: session)
    guard try await counter.mayAct(session.actor, for: patient) else { throw Counter.notForThisPerson }
    guard let check = counter.rules.clinic.series.check, let token = SessionToken(text: request.sessionToken) else { return Wire.OfferCheckResponse() }
    let today = counter.today
    let now = counter.now
    let last = try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in try reader.lastVisit(of: patient.id, for: check.service) }
    }
    let active = try await counter.reading { store throws(StoreFault) in
      try await store.appointments(of: patient.id, includePast: false, now: now)
    }.filter { $0.status.isActive }
    guard check.isDue(last: last, isExpected: active.contains { $0.service == check.service }, on: today),
      counter.sessions.offersCheck(to: patient.id, in: token)
    else { return Wire.OfferCheckResponse() }
    let wish = FindSlots(service: check.service, person: PersonView(patient, active: active), channel: session.channel, limit: 3)
    let slots = counter.store.snapshot.find(wish, at: now)
    let long = check.everyMonths == 12 ? "un año" : "\(check.everyMonths) meses"
    let text = "Hace \(long) o más que no se hace su revisión de PrevenIMSS. ¿Quiere una cita para eso? Es aparte de lo demás, y puede decir que no."
    return Wire.OfferCheckResponse(
      offered: true, service: check.service.rawValue, slots: slots.map(counter.rules.wireSlot), text: text)
  }

  /// The doses that are due at an age.
  package func listDueDoses(
    _ request: Wire.ListDueDosesRequest, context: CallContext
  ) async throws(RPCError) -> Wire.ListDueDosesResponse {
    let today = counter.today
    let birthDate = try FieldReader.birthDate(request.birthDate, today: today)
    guard request.received.count <= 100 else { throw .field("received", "escriba 100 dosis como máximo") }
    let policy = counter.rules.clinic.series
    let doses = policy.dueDoses(born: birthDate, received: request.received, on: today)
    let names = doses.map(\.name).joined(separator: "; ")
    let text = doses.isEmpty
      ? "Por su edad no hay ninguna dosis pendiente en la lista de esta clínica. Lleve su cartilla; ahí la revisan."
      : "Por su edad le tocan: \(names). Se ponen sin costo a cualquier persona, con o sin derechos. Lleve su cartilla; ahí la revisan."
    return Wire.ListDueDosesResponse(
      doses: doses.map { Wire.DueDose(code: $0.code, name: $0.name) }, service: policy.vaccination?.rawValue ?? "", text: text)
  }
}

extension SeriesView {
  /// Whether the activity before or after one has no place either, or was missed.
  fileprivate func isLost(beside number: Int, on today: CivilDate) -> Bool {
    activities.contains { activity in
      guard abs(activity.number - number) == 1, activity.kind == .appointment else { return false }
      let standing = activity.standing(with: appointments[activity.number], on: today)
      return standing == .onHold || standing == .stopped || (standing == .cancelled && activity.status == .scheduled)
    }
  }
}

extension DueActivity {
  /// What staff are to do.
  fileprivate func text(isSecond: Bool) -> String {
    let (due, last) = (activity.due.spanishDayText, activity.window.upperBound.spanishDayText)
    if let appointment, appointment.wasDeclined {
      let what = appointment.status == .noshow ? "No vino" : "Canceló"
      let again = isSecond ? " Es la segunda vez seguida." : ""
      return "\(what) el \(appointment.slot.date.spanishDayText).\(again) Llámele y pregúntele qué sigue: si pide otra cita a más tardar el \(last), este aviso se quita solo."
    }
    if isSecond { return "Sin lugar por segunda vez seguida: hay que llevar a la persona a otra unidad." }
    return "Sin lugar el \(due). Búsquele uno, aquí o en otra unidad, y avísele."
  }
}
