internal import ClinicDomain
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

extension WaitlistHandlers {
  /// Has a person who is in the clinic seen now, as a walk-in or in an emergency.
  package func admit(_ request: Wire.AdmitRequest, context: CallContext) async throws(RPCError) -> Encoded<Wire.AdmitResponse> {
    let service = try FieldReader.service(request.service, field: "service")
    let resource = try FieldReader.resource(request.resource, field: "resource")
    guard !request.overCap || request.reason != .unspecified else {
      throw .field("reason", "diga por qué se pasa del tope: queda en la bitácora con su nombre")
    }
    let number = try FieldReader.person(request.person)
    let session = try counter.session(request.sessionToken, context)
    let patient = try counter.person(number, in: session)
    let rules = counter.rules
    return try await counter.reserve(
      .admit(
        AdmitPatient(
          actor: counter.staff(context, StaffReason(request.reason)), patient: patient.id, service: service,
          at: rules.place(of: resource, at: counter.now), kind: request.emergency ? .emergency : .walkIn, isOverCap: request.overCap,
          channel: session.channel, folioSeed: Counter.folioSeed())),
      context,
      refused: { refusal, wish in
        let isFull = if case .turnoFull = refusal { true } else { false }
        return counter.refused(refusal, wish: wish, text: isFull ? Self.full : nil)
      },
      reply: { Wire.AdmitResponse(appointment: rules.wireAppointment($0, of: patient)) })
  }

  private static let full =
    "Ese turno ya tiene a todas las personas que puede atender. Elija otro consultorio; si no puede esperar, páselo del tope y diga por qué."
}

extension ClinicRules {
  /// Where an agenda stands now: in the small hours that may be yesterday's night turno.
  fileprivate func place(of resource: ResourceID, at now: Instant) -> SlotChoice {
    let (today, minute) = zone.local(of: now)
    if let late = minute.adding(minutes: AgendaMinute.endOfDay.minutes) {
      let yesterday = today.advanced(by: -1)
      if turnoAgendas(of: resource, on: yesterday).contains(where: { $0.hours.contains(late) }) {
        return SlotChoice(resource: resource, date: yesterday, start: late)
      }
    }
    return SlotChoice(resource: resource, date: today, start: minute)
  }
}

extension StaffReason {
  fileprivate init(_ wire: Wire.AdmissionReason) {
    switch wire {
    case .medicalPriority: self = .medicalPriority
    case .emergency: self = .emergency
    case .askedInPerson: self = .askedInPerson
    default: self = .routine
    }
  }
}
