internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
internal import TTRPCCore
internal import VentanillaMessages

extension Counter {
  /// Who acts in a call that a person makes in their session and somebody of the clinic without one.
  ///
  /// - Throws: INVALID_ARGUMENT when staff does not say why; UNAUTHENTICATED for anybody else without a session.
  func actor(
    _ token: String, _ reason: Wire.StaffReason, _ context: CallContext
  ) throws(RPCError) -> (actor: Actor, channel: Channel) {
    if token.isEmpty, context.role.contains(.staff) { return (try staff(reason, context, field: "staff_reason"), .desk) }
    let session = try session(token, context)
    return (.person(session.actor.id), session.channel)
  }

  /// Somebody of the clinic: by what their connection has proved, or as whoever the desk's own door lets in.
  func staff(_ reason: Wire.StaffReason, _ context: CallContext, field: String = "reason") throws(RPCError) -> Actor {
    guard let why = StaffReason(reason) else {
      throw .field(field, "diga por qué: rutina, lo pidió en persona o por teléfono, prioridad médica, urgencia, falta de personal, falla de equipo, cierre, corrección o se retiró")
    }
    return staff(context, why)
  }

  /// The same, where the reason is known: one name for one caller, so that what they did in one service they can take back in another.
  func staff(_ context: CallContext, _ reason: StaffReason) -> Actor {
    .staff(StaffName(context.caller.provedName) ?? Self.someoneAtTheDesk, reason)
  }

  private static let someoneAtTheDesk = StaffName("desk")!

  /// Has something happen to an appointment.
  ///
  /// - Parameters:
  ///   - visits: for a visit at home, where else it could take place; another appointment's are looked for after the refusal.
  ///   - reply: of the appointment as it is then, and the person that it is for.
  func live<Reply>(
    _ step: LifeCommand.Step, _ folio: Folio, as who: (actor: Actor, channel: Channel), _ context: CallContext,
    visits: ((Patient?) async throws(RPCError) -> [FoundSlot]?)? = nil, reply: @escaping @Sendable (Appointment, Patient) -> Reply
  ) async throws(RPCError) -> Encoded<Reply> {
    let patient = try await holder(of: folio)
    let others = try await visits?(patient)
    return try await reserve(
      .life(LifeCommand(actor: who.actor, folio: folio, step: step, channel: who.channel)), context,
      refused: { refusal, wish in
        guard let others else { return refused(refusal, wish: wish, text: step.refusalText(refusal)) }
        return refused(refusal, offering: refusal.isOfTime ? others : [], text: step.refusalText(refusal))
      },
      reply: { appointment in
        guard let patient else { preconditionFailure("an appointment without a person was granted") }
        return reply(appointment, patient)
      })
  }

  /// Whose appointment it is; `nil` for a folio that is nobody's.
  func holder(of folio: Folio) async throws(RPCError) -> Patient? {
    try await reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in
        guard let appointment = try reader.appointment(folio: folio) else { return nil }
        return try reader.patient(id: appointment.patient)
      }
    }
  }
}

extension StaffReason {
  /// `nil` when none is given, or one of a newer contract: a reason that nobody here can read is none.
  init?(_ wire: Wire.StaffReason) {
    switch wire {
    case .routine: self = .routine
    case .askedInPerson: self = .askedInPerson
    case .askedByPhone: self = .askedByPhone
    case .medicalPriority: self = .medicalPriority
    case .emergency: self = .emergency
    case .staffAbsent: self = .staffAbsent
    case .equipmentDown: self = .equipmentDown
    case .closure: self = .closure
    case .correction: self = .correction
    case .personLeft: self = .personLeft
    case .unspecified, .unrecognized: return nil
    }
  }
}

extension LifeCommand.Step {
  /// Where a refusal's own sentence does not fit what was asked.
  func refusalText(_ refusal: CommandRefusal) -> String? {
    switch (self, refusal) {
    case (.checkIn, .slotInThePast): "Esa cita era de otro día. Pregunte en la ventanilla qué se puede hacer hoy."
    case (.confirm, .slotInThePast), (.reschedule, .slotInThePast):
      "La hora de esa cita ya llegó, o la que pide ya pasó. Si no alcanzó a venir, pregunte en la ventanilla."
    case (.free, .slotInThePast): "La hora de esa cita ya terminó: no queda lugar que dar. Márquela como falta."
    case (.miss, .wrongState(.arrived)), (.miss, .wrongState(.checkedIn)):
      "Esa persona ya llegó. Si se fue sin que la atendieran, márquela como falta con el motivo «se retiró»."
    case (.undo, .turnoFull): "Mientras tanto ese turno se llenó: no se puede devolver. Ofrezca otro lugar, o un espacio en la fila de hoy."
    case (.undo, .slotTaken): "Ese lugar ya se dio a otra persona: no se puede devolver. Ofrezca otro lugar, o un espacio en la fila de hoy."
    case (.undo, .personBusy):
      "A esa hora la persona ya tiene otra cita: no se puede devolver. Ofrezca otra hora, o cancele la otra cita y deshaga otra vez."
    default: nil
    }
  }
}
