internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

/// Answers ventanilla.v1.Contact: who lets the clinic call, what a person is to be told, and whom nobody could tell.
package struct ContactHandlers: ContactService {
  let counter: Counter

  package init(_ counter: Counter) { self.counter = counter }

  /// Who acts in a session, and for whom.
  private func subject(
    _ token: String, _ person: Int32, _ context: CallContext
  ) async throws(RPCError) -> (session: SessionRegistry.Session, patient: Patient) {
    let number = try FieldReader.person(person)
    let session = try counter.session(token, context)
    let patient = try counter.person(number, in: session)
    guard try await counter.mayAct(session.actor, for: patient) else { throw Counter.notForThisPerson }
    return (session, patient)
  }

  package func chooseCalls(
    _ request: Wire.ChooseCallsRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.ChooseCallsResponse> {
    let (session, patient) = try await subject(request.sessionToken, request.person, context)
    let consent = CallConsent(
      patient: patient.id, isGiven: request.calls, isOwn: patient.id == session.actor.id, channel: session.channel, changedAt: counter.now)
    let text = Self.text(ofChoice: request.calls, of: patient)
    return try await counter.telephone(.chooseCalls(ChooseCalls(actor: .person(session.actor.id), consent: consent)), context) { _ in
      Encoded(Wire.ChooseCallsResponse(text: text)).bytes
    }
  }

  package func listNotices(
    _ request: Wire.ListNoticesRequest, context: CallContext
  ) async throws(RPCError) -> Wire.ListNoticesResponse {
    let (session, patient) = try await subject(request.sessionToken, request.person, context)
    let now = counter.now
    let calls = try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in try reader.callConsent(of: patient.id)?.isGiven ?? false }
    }
    var notices = try await counter.changes(of: patient, seenBy: session.actor.id)
    let coming = try await counter.reading { store throws(StoreFault) in try await store.appointments(of: patient.id, includePast: false, now: now) }
    for appointment in coming where counter.rules.isReminded(appointment, at: now) && counter.rules.maySee(appointment, session.actor.id) {
      notices.append(counter.rules.wireNotice(.reminder(appointment), of: appointment.folio, for: patient, today: counter.today))
    }
    return Wire.ListNoticesResponse(calls: calls, notices: notices.sorted { ($0.date, $0.startMinute) < ($1.date, $1.startMinute) })
  }

  package func seeNotice(_ request: Wire.SeeNoticeRequest, context: CallContext) async throws(RPCError) -> Encoded<Wire.SeeNoticeResponse> {
    let folio = try FieldReader.folio(request.folio, field: "folio")
    let (session, patient) = try await subject(request.sessionToken, request.person, context)
    let notice = try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in try reader.notice(.change, of: folio) }
    }
    guard let notice, notice.notice.patient == patient.id, counter.rules.maySee(notice.appointment, session.actor.id) else {
      throw RPCError(.notFound, TelephoneRefusal.noticeNotFound.spanishText)
    }
    let tell = TellNotice(actor: .person(session.actor.id), appointment: folio, kind: .change, channel: session.channel)
    return try await counter.telephone(.tellNotice(tell), context) { _ in Encoded(Wire.SeeNoticeResponse()).bytes }
  }
}

// MARK: - The desk

extension ContactHandlers {
  package func listUntold(_ request: Wire.ListUntoldRequest, context: CallContext) async throws(RPCError) -> Wire.ListUntoldResponse {
    let (rules, now, today) = (counter.rules, counter.now, counter.today)
    let found = try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in try reader.untold() }
    }
    let people = found.compactMap { candidate -> Wire.UntoldPerson? in
      guard let reason = rules.untold(candidate, at: now), request.all || reason != .calling,
        let content = rules.content(of: candidate, at: now)
      else { return nil }
      let notice = rules.wireNotice(content, of: candidate.notice.appointment, for: candidate.patient, today: today)
      return Wire.UntoldPerson(
        folio: notice.folio, reason: Wire.UntoldReason(reason), reasonText: reason.spanishText, newFolio: notice.newFolio, text: notice.text,
        calls: Int32(candidate.notice.calls))
    }
    return Wire.ListUntoldResponse(people: people)
  }

  package func tellPerson(_ request: Wire.TellPersonRequest, context: CallContext) async throws(RPCError) -> Encoded<Wire.TellPersonResponse> {
    let folio = try FieldReader.folio(request.folio, field: "folio")
    let actor = try counter.staff(request.reason, context)
    let tell = TellNotice(actor: actor, appointment: folio, kind: .change, channel: .desk)
    return try await counter.telephone(.tellNotice(tell), context) { _ in
      Encoded(Wire.TellPersonResponse(text: "Quedó anotado: la persona ya sabe que su cita cambió.")).bytes
    }
  }

  private static func text(ofChoice calls: Bool, of patient: Patient) -> String {
    guard calls else { return "La clínica ya no le llama por sus citas. Si una cambia, se lo decimos aquí o en la ventanilla." }
    if patient.isDeaf { return "A quien no oye no se le llama. Si una cita cambia, se lo decimos aquí o en la ventanilla." }
    guard patient.phone?.national != nil else {
      return "No tenemos un teléfono suyo al que se pueda llamar: dígalo en la ventanilla."
    }
    return "La clínica le llama antes de su cita, y si una cambia. No dice para qué es, y no le pide ningún dato."
  }
}

extension Counter {
  /// What the clinic changed of a person's appointments and nobody has told them, as far as who asks may see it.
  func changes(of patient: Patient, seenBy actor: PatientID) async throws(RPCError) -> [Wire.PersonNotice] {
    let (rules, now, today) = (rules, now, today)
    let found = try await reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in try reader.untold(of: patient.id) }
    }
    return found.compactMap { candidate in
      guard rules.maySee(candidate.appointment, actor), let content = rules.content(of: candidate, at: now) else { return nil }
      return rules.wireNotice(content, of: candidate.notice.appointment, for: candidate.patient, today: today)
    }
  }
}

extension ClinicRules {
  func wireNotice(_ content: NoticeContent, of folio: Folio, for patient: Patient, today: CivilDate) -> Wire.PersonNotice {
    let appointment = content.appointment
    return Wire.PersonNotice(
      folio: folio.description, kind: Wire.NoticeKind(content),
      text: OverheardText(content).text(of: appointment, for: patient, self, today: today),
      newFolio: appointment.folio == folio ? "" : appointment.folio.description, date: appointment.slot.date.description,
      startMinute: Int32(appointment.slot.start.minutes), unitCLUES: content.unit?.unit.clues.description ?? "",
      unitFrom: content.unit?.from.description ?? "")
  }
}

extension Wire.NoticeKind {
  init(_ content: NoticeContent) {
    switch content {
    case .reminder: self = .reminder
    case .moved: self = .moved
    case .withdrawn: self = .withdrawn
    case .handedOver: self = .handedOver
    case .keptUntilHandedOver: self = .keptUntilHandedOver
    }
  }
}

extension OverheardText {
  fileprivate init(_ content: NoticeContent) {
    switch content {
    case .reminder: self = .reminder
    case .moved: self = .moved
    case .withdrawn: self = .withdrawn
    case .handedOver: self = .handedOver
    case .keptUntilHandedOver: self = .keptUntilHandedOver
    }
  }
}

extension Wire.UntoldReason {
  fileprivate init(_ reason: UntoldReason) {
    switch reason {
    case .neverCalled: self = .neverCalled
    case .noConsent: self = .noConsent
    case .noNumber: self = .noNumber
    case .notOwnNumber: self = .notOwnNumber
    case .notReached: self = .notReached
    case .noCalls: self = .noCalls
    case .calling: self = .calling
    case .byStaff: self = .byStaff
    }
  }
}

extension UntoldReason {
  fileprivate var spanishText: String {
    switch self {
    case .neverCalled: "No oye: no se le llama."
    case .noConsent: "No ha dicho que se le puede llamar."
    case .noNumber: "No hay un teléfono al que se pueda llamar."
    case .notOwnNumber: "El teléfono no es solo suyo."
    case .notReached: "Se le llamó y no contestó."
    case .noCalls: "Esta clínica no llama: active avisos en clinic.yaml, o dígaselo en la ventanilla."
    case .calling: "Se le está llamando."
    case .byStaff: "Le llama alguien de la clínica, con nombre y domicilio de la unidad: anótelo aquí cuando le haya avisado."
    }
  }
}
