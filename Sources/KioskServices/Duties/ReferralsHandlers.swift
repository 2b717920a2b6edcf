internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

/// Answers ventanilla.v1.Referrals; alerts and the children's screen are in files of their own.
package struct ReferralsHandlers: ReferralsService {
  let counter: Counter

  package init(_ counter: Counter) { self.counter = counter }
}

extension ReferralsHandlers {
  /// Refers a person.
  package func create(
    _ request: Wire.CreateReferralRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.CreateReferralResponse> {
    let (kind, specialty, destination) = try request.checked()
    let number = try FieldReader.person(request.person)
    let session = try counter.session(request.sessionToken, context)
    let patient = try counter.person(number, in: session)
    let (rules, now) = (counter.rules, counter.now)
    return try await counter.write(
      .duty(.refer(
        CreateReferral(
          actor: counter.staff(context, .routine), patient: patient.id, kind: kind, specialty: specialty, destination: destination,
          folioSeed: Counter.folioSeed()))),
      context,
      encode: { Encoded(Wire.CreateReferralResponse(referral: $0.duty.referral.map { rules.wireReferral($0, at: now) })).bytes },
      refused: { counter.refused($0, wish: $1) })
  }

  /// Notes the other unit's date.
  package func setDate(
    _ request: Wire.SetReferralDateRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.SetReferralDateResponse> {
    let folio = try FieldReader.folio(request.folio, field: "folio")
    let meeting = try request.checkedMeeting()
    return try await advance(folio, .dated(meeting), .routine, context) { Wire.SetReferralDateResponse(referral: $0) }
  }

  /// Notes that the person was seen there.
  package func markSeen(
    _ request: Wire.MarkReferralSeenRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.MarkReferralSeenResponse> {
    let folio = try FieldReader.folio(request.folio, field: "folio")
    return try await advance(folio, .seen, .routine, context) { Wire.MarkReferralSeenResponse(referral: $0) }
  }

  /// Gives a referral up.
  package func cancel(
    _ request: Wire.CancelReferralRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.CancelReferralResponse> {
    let folio = try FieldReader.folio(request.folio, field: "folio")
    guard let reason = StaffReason(request.reason) else { throw .field("reason", "diga por qué se cancela: queda en la bitácora") }
    return try await advance(folio, .cancelled, reason, context) { Wire.CancelReferralResponse(referral: $0) }
  }

  private func advance<Reply>(
    _ folio: Folio, _ step: AdvanceReferral.Step, _ reason: StaffReason, _ context: CallContext,
    reply: @escaping @Sendable (Wire.Referral?) -> Reply
  ) async throws(RPCError) -> Encoded<Reply> {
    let (rules, now) = (counter.rules, counter.now)
    return try await counter.write(
      .duty(.advance(AdvanceReferral(actor: counter.staff(context, reason), folio: folio, step: step))), context,
      encode: { outcome in Encoded(reply(outcome.duty.referral.map { rules.wireReferral($0, at: now) })).bytes },
      refused: { refusal, _ in counter.refused(refusal, wish: nil, text: Self.text(of: refusal)) })
  }

  /// Takes a person back, with the follow-up appointment or a task.
  package func returnPerson(
    _ request: Wire.ReturnReferralRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.ReturnReferralResponse> {
    let folio = try FieldReader.folio(request.folio, field: "folio")
    let service = request.service.isEmpty ? nil : try FieldReader.service(request.service, field: "service")
    let last = counter.rules.horizon(at: counter.now)
    let first = try FieldReader.optionalDate(request.earliestDate, field: "earliest_date") ?? counter.today
    let end = try FieldReader.optionalDate(request.lastDate, field: "last_date") ?? max(first, last)
    guard first <= end else { throw .field("last_date", "la última fecha es anterior a la primera") }
    let patient = try await person(of: folio)
    var slots: [SlotChoice] = []
    if let service, let patient {
      slots = counter.owedSlots(
        service, for: patient, active: try await counter.standing(of: patient), on: first...max(first, min(end, last)), soonest: false)
    }
    let (rules, now, seed) = (counter.rules, counter.now, Counter.folioSeed())
    return try await counter.writeOwed(
      slots, context,
      command: { slot in
        .duty(.takeBack(
          ReturnReferral(
            actor: counter.staff(context, .routine), folio: folio,
            followUp: service.map { ReturnReferral.FollowUp(service: $0, choice: slot) }, folioSeed: seed)))
      },
      encode: { outcome in
        let duty = outcome.duty
        return Encoded(
          Wire.ReturnReferralResponse(
            referral: duty.referral.map { rules.wireReferral($0, at: now) },
            appointment: duty.appointment.flatMap { appointment in patient.map { rules.wireAppointment(appointment, of: $0) } },
            task: duty.alert.map { rules.wireAlert($0, of: patient) })
        ).bytes
      },
      refused: { counter.refused($0, wish: nil, text: Self.text(of: $0)) })
  }

  /// Where a referral stands, for who has its folio and the person's birth date. Whatever is wrong, the answer is one.
  package func getStatus(
    _ request: Wire.GetReferralStatusRequest, context: CallContext
  ) async throws(RPCError) -> Wire.GetReferralStatusResponse {
    let folio = try FieldReader.folio(request.folio, field: "folio")
    let birthDate = try FieldReader.birthDate(request.birthDate, today: counter.today)
    let visit = try FieldReader.visit(request.visit)
    let referral = try await counter.proved(folio, visit: visit, failing: Self.notProved, context) {
      reader throws(StoreFault) -> Referral? in
      // Both are always read, so that one answer takes as long as the other.
      let referral = try reader.referral(folio)
      let patient = try reader.patient(id: referral?.patient ?? PatientID(rawValue: 0))
      return patient?.birthDate == birthDate ? referral : nil
    }
    var shown = counter.rules.wireReferral(referral, at: counter.now)
    shown.specialty = ""
    return Wire.GetReferralStatusResponse(referral: shown)
  }

  private static var notProved: RPCError {
    RPCError(.notFound, "No hay una referencia con ese folio y esa fecha de nacimiento. Revise los dos, o pida ayuda en la ventanilla.")
  }

  private func person(of folio: Folio) async throws(RPCError) -> Patient? {
    try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in try reader.patient(of: .referral(folio)) }
    }
  }

  private static func text(of refusal: CommandRefusal) -> String? {
    switch refusal {
    case .appointmentNotFound: "No hay ninguna referencia con ese folio. Revíselo: son 12 dígitos."
    case .slotInThePast: "Esa fecha ya pasó. Anote la que dio la otra unidad, de hoy en adelante."
    case .wrongState(.cancelled): "Esa referencia ya está cancelada."
    case .wrongState: "Esa referencia ya pasó por ahí: la persona ya fue atendida o ya regresó."
    default: nil
    }
  }
}
