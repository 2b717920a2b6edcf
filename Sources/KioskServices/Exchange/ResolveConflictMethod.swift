internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

extension ExchangeHandlers {
  /// One booking that did not fit is accepted beside others, dismissed, or moved.
  package func resolveConflict(
    _ request: Wire.ResolveConflictRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.ResolveConflictResponse> {
    let source = try Self.source(request.source)
    guard (1...64).contains(request.reference.count) else { throw .field("reference", "de 1 a 64 caracteres") }
    let how = try Self.how(request)
    let resolve = ResolveConflict(
      actor: try counter.staff(request.reason, context), source: source, reference: request.reference, how: how, folioSeed: Counter.folioSeed())
    let (counter, rules) = (counter, counter.rules)
    return try await counter.write(
      .resolve(resolve), context,
      encode: { outcome in
        guard case .resolved(let booking, let appointment) = outcome else { preconditionFailure("settled without a booking") }
        let folio = booking.state == .appointment ? appointment?.folio ?? booking.folio : nil
        return Encoded(Wire.ResolveConflictResponse(folio: folio?.description ?? "", text: rules.settledText(booking, appointment))).bytes
      },
      refused: { refusal, wish in
        if refusal == .notAllowed { return Self.nobody }
        return counter.refused(refusal, wish: wish, text: Self.text(of: refusal, how))
      })
  }

  private static func how(_ request: Wire.ResolveConflictRequest) throws(RPCError) -> ResolveConflict.How {
    switch request.resolution {
    case .accept: return .accept
    case .dismiss: return .dismiss
    case .move:
      return .move(
        SlotChoice(
          resource: try FieldReader.resource(request.resource, field: "resource"), date: try FieldReader.date(request.date, field: "date"),
          start: try FieldReader.minute(request.startMinute, field: "start_minute")))
    case .unspecified, .unrecognized: throw .field("resolution", "diga cómo se resuelve: aceptar, descartar o mover")
    }
  }

  private static let nobody = RPCError(
    .failedPrecondition, "Nadie del padrón coincide con esa cita: no hay a quién darle otro lugar. Acéptela, o descártela.")

  /// Where a refusal's own sentence does not fit.
  private static func text(of refusal: CommandRefusal, _ how: ResolveConflict.How) -> String? {
    switch (refusal, how) {
    case (.appointmentNotFound, _): "No hay ninguna cita de ese sistema con ese identificador. Véalas con la lista de conflictos."
    case (.closed, .accept): "Ese consultorio no trabaja a esa hora: no se puede aceptar. Muévala a otro lugar, o descártela y avise al otro sistema."
    case (.resourceNotOffered, .accept):
      "La clínica no tiene esa agenda, o ahí no se da ese servicio: no se puede aceptar. Muévala a otro lugar, o descártela y avise al otro sistema."
    default: nil
    }
  }
}

extension ClinicRules {
  /// How it stands, whatever was asked: of one that was settled before too.
  fileprivate func settledText(_ booking: ExternalBooking, _ appointment: Appointment?) -> String {
    switch (booking.state, appointment) {
    case (.dismissed, _): "Quedó descartada: aquí no se da. El siguiente export se lo dice al otro sistema."
    case (.appointment, let it?) where it.status == .cancelled: "Ya estaba resuelta, y después esa cita se canceló: \(displayText(of: it.slot))."
    case (.appointment, let it?) where it.slot != booking.slot:
      "Quedó en \(placeText(of: it.slot.resource)), \(it.slot.date.spanishDayText), \(it.slot.start). El siguiente export se lo dice al otro sistema."
    case (.appointment, let it?) where it.lane != 0: "Quedó en su hora, \(displayText(of: it.slot)), además de quien ya la tenía."
    case (.appointment, _): "Quedó en su hora, \(displayText(of: booking.slot))."
    case (.busy, _): "La hora queda ocupada, sin persona: \(displayText(of: booking.slot))."
    case (.conflict, _), (.cancelled, _): "Esa cita ya no es un conflicto."
    }
  }
}
