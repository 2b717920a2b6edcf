internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

extension ReferralsHandlers {
  /// A child with any alarm sign has a slot in time when this is answered, or somebody owns the case.
  package func screenChild(
    _ request: Wire.ScreenChildRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.ScreenChildResponse> {
    let isPositive = try request.checkedIsPositive()
    let number = try FieldReader.person(request.person)
    let session = try counter.session(request.sessionToken, context)
    let patient = try counter.person(number, in: session)
    guard isPositive else { return Encoded(Wire.ScreenChildResponse(text: Self.withoutSign)) }
    let (rules, now, today, seed) = (counter.rules, counter.now, counter.today, Counter.folioSeed())
    guard let service = rules.clinic.childService else { preconditionFailure("a clinic without services") }
    let due = rules.childDue(at: now)
    let slots = counter.owedSlots(
      service, for: patient, active: try await counter.standing(of: patient), on: today...due, soonest: true)
    return try await counter.writeOwed(
      slots, context,
      command: { slot in
        .duty(.screen(
          ScreenChild(
            actor: .person(session.actor.id), patient: patient.id, service: service, choice: slot, channel: session.channel,
            folioSeed: seed)))
      },
      encode: { outcome in
        let duty = outcome.duty
        return Encoded(
          Wire.ScreenChildResponse(
            positive: true, dueDate: due.description, appointment: duty.appointment.map { rules.wireAppointment($0, of: patient) },
            alert: duty.alert.map { rules.wireAlert($0, of: patient) }, text: rules.screenText(duty))
        ).bytes
      },
      refused: { refusal in
        counter.refused(refusal, wish: nil, text: refusal == .serviceNotOffered ? Self.notForAdults : nil)
      })
  }

  private static let withoutSign =
    "No encontramos señales que no puedan esperar. Si algo le preocupa, pida una cita con su médico; si empeora, vaya a Urgencias o llame al 911."
  private static let notForAdults =
    "Estas preguntas son para niñas, niños y adolescentes. Pida una cita con su médico, o hable con una persona en la ventanilla."
}

extension ClinicRules {
  fileprivate func screenText(_ duty: DutyOutcome) -> String {
    if let slot = duty.appointment?.slot {
      return "Su médico debe verle pronto: tiene cita el \(displayText(of: slot)). Si empeora antes, vaya a Urgencias o llame al 911."
    }
    let due = duty.alert.map { dayAndHour(at: $0.dueAt) } ?? ""
    return "Su médico debe verle pronto y no hay lugar a tiempo. Una persona de la clínica ya tiene el caso y se encarga a más tardar el \(due). Si empeora, vaya a Urgencias o llame al 911."
  }
}
