internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

/// Answers ventanilla.v1.Agenda: the clinic's own people at work.
package struct AgendaHandlers: AgendaService {
  let counter: Counter

  package init(_ counter: Counter) { self.counter = counter }
}

extension AgendaHandlers {
  package func markAttended(
    _ request: Wire.MarkAttendedRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.MarkAttendedResponse> {
    try await act(.attend, request.folio, request.reason, context) { Wire.MarkAttendedResponse(appointment: $0) }
  }

  package func markNoShow(
    _ request: Wire.MarkNoShowRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.MarkNoShowResponse> {
    try await act(.miss, request.folio, request.reason, context) { Wire.MarkNoShowResponse(appointment: $0) }
  }

  package func free(
    _ request: Wire.FreeRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.FreeResponse> {
    try await act(.free, request.folio, request.reason, context) { Wire.FreeResponse(appointment: $0) }
  }

  package func markEnteredInError(
    _ request: Wire.MarkEnteredInErrorRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.MarkEnteredInErrorResponse> {
    try await act(.enterInError, request.folio, request.reason, context) { Wire.MarkEnteredInErrorResponse(appointment: $0) }
  }

  package func undo(
    _ request: Wire.UndoRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.UndoResponse> {
    try await act(.undo, request.folio, request.reason, context) { Wire.UndoResponse(appointment: $0) }
  }

  private func act<Reply>(
    _ step: LifeCommand.Step, _ folio: String, _ reason: Wire.StaffReason, _ context: CallContext,
    reply: @escaping @Sendable (Wire.Appointment) -> Reply
  ) async throws(RPCError) -> Encoded<Reply> {
    let folio = try FieldReader.folio(folio, field: "folio")
    let actor = try counter.staff(reason, context)
    let rules = counter.rules
    return try await counter.live(step, folio, as: (actor, .desk), context) { appointment, patient in
      reply(rules.wireAppointment(appointment, of: patient))
    }
  }
}

// MARK: - Looking

extension AgendaHandlers {
  package func listDay(
    _ request: Wire.AgendaDayRequest, context: CallContext
  ) async throws(RPCError) -> Wire.AgendaDayResponse {
    let resource = try FieldReader.resource(request.resource, field: "resource")
    let date = try FieldReader.optionalDate(request.date, field: "date") ?? counter.today
    guard counter.rules.clinic.resource(resource) != nil else {
      throw RPCError(.notFound, "Esta clínica no tiene \(resource.kind.word) \(resource.number). Revise el número.")
    }
    let now = counter.now
    let day = try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in
        let appointments = try reader.appointments(of: resource, on: date).filter { $0.occupies(at: now) || $0.status != .pending }
        var day: [(appointment: Appointment, patient: Patient)] = []
        for appointment in appointments {
          guard let patient = try reader.patient(id: appointment.patient) else { continue }
          day.append((appointment, patient))
        }
        return day
      }
    }
    let line = day.filter(\.appointment.isInTodaysLine)
      .sorted { left, right in
        // Who is in palliative care waits in no line.
        guard left.patient.isPalliative == right.patient.isPalliative else { return left.patient.isPalliative }
        return (left.appointment.arrivedAt ?? now, left.appointment.folio) < (right.appointment.arrivedAt ?? now, right.appointment.folio)
      }
    let rules = counter.rules
    let entries = (rules.inOrder(day.filter { !$0.appointment.isInTodaysLine }) + line).map { rules.wireEntry($0.appointment, of: $0.patient, at: now) }
    return Wire.AgendaDayResponse(date: date.description, entries: entries)
  }

  package func history(
    _ request: Wire.HistoryRequest, context: CallContext
  ) async throws(RPCError) -> Wire.HistoryResponse {
    let folio = try FieldReader.folio(request.folio, field: "folio")
    let changes = try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in try reader.history(of: folio) }
    }
    guard !changes.isEmpty else { throw RPCError(.notFound, "No hay ninguna cita con ese folio. Revíselo: son 12 dígitos.") }
    return Wire.HistoryResponse(changes: changes.map(counter.rules.wireChange))
  }
}

extension ClinicRules {
  /// In the order in which they are seen: by start, but who is late behind everybody on time who was there when they came, or whose hour had
  /// come by then; of two who are late, who came first.
  ///
  /// - Parameter day: by start.
  fileprivate func inOrder(_ day: [(appointment: Appointment, patient: Patient)]) -> [(appointment: Appointment, patient: Patient)] {
    var order = day.filter { !isLate($0.appointment) }
    let late = day.filter { isLate($0.appointment) }.sorted {
      ($0.appointment.arrivedAt ?? .latest, $0.appointment.folio) < ($1.appointment.arrivedAt ?? .latest, $1.appointment.folio)
    }
    for one in late {
      let came = one.appointment.arrivedAt ?? .latest
      let place = order.lastIndex { ($0.appointment.arrivedAt ?? .latest) <= came || start(of: $0.appointment.slot) <= came }
      order.insert(one, at: place.map { $0 + 1 } ?? 0)
    }
    return order
  }

  /// Waits, came after the tolerance, and the slot is still theirs.
  fileprivate func isLate(_ appointment: Appointment) -> Bool { appointment.isHere && arrival(of: appointment) == .late }

  fileprivate func wireEntry(_ appointment: Appointment, of patient: Patient, at now: Instant) -> Wire.AgendaEntry {
    Wire.AgendaEntry(
      appointment: wireAppointment(appointment, of: patient), name: patient.name.address,
      mayBeFreed: mayBeFreed(appointment, at: now), confirmedAtUnixMs: appointment.confirmedAt?.milliseconds ?? 0,
      arrivedAtUnixMs: appointment.arrivedAt?.milliseconds ?? 0, inTodaysLine: appointment.isInTodaysLine,
      byEye: patient.isDeaf, calling: OverheardText.callUp.text(of: appointment, for: patient, self, today: today(at: now)),
      late: isLate(appointment))
  }

  fileprivate func wireChange(_ change: AuditRecord) -> Wire.HistoryChange {
    Wire.HistoryChange(
      seq: change.seq, atUnixMs: change.at.milliseconds, actor: change.actor, door: change.door,
      channel: change.channel?.rawValue ?? "", act: change.act.rawValue, reason: change.reason ?? "",
      before: change.before?.rawValue ?? "", after: change.after?.rawValue ?? "", text: sentence(of: change))
  }

  /// "martes 24 de noviembre, 08:31: se dio su lugar, por el personal, en la ventanilla."
  private func sentence(of change: AuditRecord) -> String {
    let channel = switch change.channel {
    case .kiosk: ", en el kiosco"
    case .phone: ", por teléfono"
    case .desk: ", en la ventanilla"
    case nil: ""
    }
    let who = change.actor.hasPrefix("staff:") ? ", por el personal" : change.actor.hasPrefix("person:") ? ", por la persona o quien actúa por ella" : ""
    return "\(dayAndHour(at: change.at)): \(change.act.spanishText)\(who)\(channel)."
  }
}

extension Act {
  /// As the clinic's people read it.
  var spanishText: String {
    switch self {
    case .start: "empieza la bitácora"
    case .inherit: "ya estaba cuando empezó la bitácora"
    case .hold: "se apartó el lugar"
    case .book: "se hizo la cita"
    case .cancel: "se canceló"
    case .reschedule: "se cambió a otro lugar"
    case .confirm: "se confirmó que viene"
    case .checkIn: "se registró la llegada"
    case .attend: "se atendió"
    case .miss: "se marcó la falta"
    case .enterInError: "se marcó como hecha por error"
    case .free: "se liberó el lugar porque no llegó"
    case .undo: "se deshizo lo anterior"
    case .expireHold: "se acabó el tiempo del apartado"
    case .releaseHold: "se devolvió el apartado de quien se fue"
    case .grantConsent: "se dio un permiso"
    case .revokeConsent: "se retiró un permiso"
    case .importPatient: "llegó con el padrón"
    case .admit: "se recibió a la persona en el turno de hoy"
    case .admitOverCap: "se recibió a la persona por encima del cupo"
    case .joinWaitlist: "se anotó en la lista de espera"
    case .leaveWaitlist: "salió de la lista de espera"
    case .offerPlace: "se ofreció el lugar"
    case .takePlace: "se tomó un lugar ofrecido"
    case .declineOffer: "se rechazó un lugar ofrecido"
    case .closeAgenda: "se cerró la agenda"
    case .reopenAgenda: "se volvió a abrir la agenda"
    case .displace: "se cambió de lugar por un cierre"
    case .placeDisplaced: "se le dio el lugar que la clínica le debía"
    case .startSeries: "empezó una serie"
    case .renewSeries: "se dio una visita de una serie"
    case .collectPrescription: "se recogió lo recetado"
    case .endSeries: "terminó la serie y se devolvió su lugar"
    case .acknowledgeAlert: "el personal tomó a su cargo lo que no tiene lugar"
    case .extendSeries: "se apuntaron las sesiones que siguen"
    case .placeActivity: "se dio su lugar a lo que tocaba"
    case .lapsePrescription: "venció lo que no se recogió"
    case .reopenActivity: "se quedó sin lugar lo que le toca"
    case .replanSessions: "se cambió de lugar porque una silla no funciona"
    case .countFailure: "no se pudo identificar a una persona"
    case .lockKiosk: "el kiosco espera al personal para volver a identificar"
    case .raiseAlarm: "se avisó de muchas identificaciones fallidas"
    case .unlockIdentification: "el personal volvió a permitir la identificación"
    case .overrideCap: "se dio un lugar por encima de lo que permite la agenda"
    case .refer: "se hizo una referencia"
    case .dateReferral: "la referencia recibió fecha"
    case .seeReferred: "se atendió en la otra unidad"
    case .returnReferral: "se dio de regreso de la otra unidad"
    case .cancelReferral: "se canceló la referencia"
    case .screenChild: "se dio por señales de alarma en una niña o un niño"
    case .raiseAlert: "se avisó de algo que no se hizo a tiempo"
    case .addLegado: "se registró un legado"
    case .addEvidence: "se agregó evidencia a un legado"
    case .setLegadoStatus: "cambió el estado de un legado"
    case .checkNight: "se hizo la revisión de la noche"
    case .tellAlarm: "se dijo una señal de alarma"
    case .acknowledgeAlarm: "el personal acudió a una alarma"
    case .escalateAlarm: "nadie acudió a tiempo a una alarma"
    case .requestCallback: "se pidió una llamada"
    case .takeCallback: "alguien del personal tomó una llamada por hacer"
    case .noteAttempt: "se anotó un intento de llamada"
    case .closeCallback: "se cerró una llamada por hacer"
    case .escalateCallback: "una llamada por hacer pasó a la jefatura"
    case .keepGuidance: "se guardó el registro de una orientación"
    case .makeCode: "se dio un código para seguir por teléfono"
    case .useCode: "se siguió por teléfono con el código"
    case .reservePaper: "se reservaron folios para hojas de papel"
    case .grantProxy: "se dio un permiso"
    case .revokeProxy: "se quitó un permiso"
    case .recordBirthPlan: "se anotó un plan de parto"
    case .registerNewborn: "se registró a un recién nacido"
    case .registerPerson: "se registró a una persona que no está en el padrón"
    case .mergeNewborn: "se unió a una persona registrada aquí con su renglón del padrón"
    case .enterPaper: "se capturó de una hoja de papel"
    case .importBooking: "se tomó de otro sistema"
    case .requestHomeVisit: "se pidió una visita a domicilio"
    case .grantListing: "se puso en la lista de un promotor"
    case .revokeListing: "se quitó de la lista de un promotor"
    case .bookForListed: "la agendó un promotor de la comunidad"
    case .moveToDoctor: "pasó con la persona a su consultorio nuevo"
    case .adoptPatient: "la persona cambió de consultorio"
    case .handOver: "la persona pasó a otra unidad"
    case .giveUp: "se entregó a la unidad que ahora atiende a la persona"
    case .takeBack: "volvió a esta clínica con la persona"
    case .acceptConflict: "se aceptó del otro sistema, junto a quien ya tenía la hora"
    case .dismissConflict: "se descartó lo que el otro sistema quería"
    case .moveConflict: "se pasó a otro lugar, porque el del otro sistema no cabía"
    case .overbook: "se dio el lugar también a otra persona, por el sobrecupo de la clínica"
    case .setNeeds: "se anotó qué necesita la persona"
    case .setName: "se anotó cómo se le llama"
    case .setTriage: "se puso un color de urgencia"
    case .seeTriaged: "se vio a quien esperaba con un color"
    case .breachTriage: "se pasó el tiempo de un color de urgencia"
    case .setInstitution: "se anotó a qué institución pertenece"
    case .leaseCalls: "se dio una llamada al puente telefónico"
    case .noteCall: "se supo qué pasó con una llamada de la clínica"
    case .tellNotice: "se avisó a la persona de lo que la clínica le debía decir"
    case .chooseCalls: "la persona dijo si la clínica le puede llamar"
    case .countAnswer: "alguien contestó la encuesta"
    }
  }
}
