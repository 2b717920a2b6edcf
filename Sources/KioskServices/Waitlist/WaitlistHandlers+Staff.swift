internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

extension WaitlistHandlers {
  /// What was left on a day and what became of it.
  package func listDay(_ request: Wire.ListDayRequest, context: CallContext) async throws(RPCError) -> Wire.ListDayResponse {
    let date = try FieldReader.optionalDate(request.date, field: "date") ?? counter.today
    let now = counter.now
    let yesterday = counter.today.advanced(by: -1)
    let found = try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in
        (
          places: try reader.freedPlaces(on: date), waiting: try reader.waiting(for: date, at: now), blocks: try reader.blocks(on: date),
          moves: try reader.toBeMoved(since: yesterday).map(\.appointment).filter { $0.slot.date == date }.map(\.folio)
        )
      }
    }
    let rules = counter.rules
    return Wire.ListDayResponse(
      places: found.places.map { place, asked in
        Wire.FreedPlace(
          id: place.id, slot: rules.wireSlot(place.slot, service: place.service, turno: place.turno, ownDoctor: false),
          state: Wire.FreedPlaceState(place.state), asked: Int32(asked), text: place.state.spanishText)
      },
      waiting: Int32(found.waiting), closures: found.blocks.map(Wire.AgendaClosure.init),
      toBeMoved: found.moves.map(\.description))
  }

  /// Closes an agenda for hours or days.
  package func close(_ request: Wire.CloseRequest, context: CallContext) async throws(RPCError) -> Encoded<Wire.CloseResponse> {
    let resource = try FieldReader.resource(request.resource, field: "resource")
    let first = try FieldReader.date(request.firstDate, field: "first_date")
    let last = try FieldReader.optionalDate(request.lastDate, field: "last_date") ?? first
    guard first <= last else { throw .field("last_date", "el cierre termina antes de empezar") }
    let start = try FieldReader.minute(request.startMinute, field: "start_minute")
    let end = request.endMinute == 0 ? .latest : try FieldReader.minute(request.endMinute, field: "end_minute")
    guard start < end else { throw .field("end_minute", "el cierre termina antes de empezar") }
    return try await counter.write(
      .closure(.close(
        CloseAgenda(
          actor: counter.staff(context, StaffReason(request.reason)), resource: resource, dates: first...last, hours: start..<end))),
      context,
      encode: { outcome in
        guard case .blocks(let blocks) = outcome else { preconditionFailure("closed without a block") }
        return Encoded(Wire.CloseResponse(closures: blocks.map(Wire.AgendaClosure.init))).bytes
      },
      refused: { counter.refused($0, wish: $1) })
  }

  /// Lifts a closure.
  package func reopen(_ request: Wire.ReopenRequest, context: CallContext) async throws(RPCError) -> Encoded<Wire.ReopenResponse> {
    guard request.closure > 0 else { throw .field("closure", "falta el número del cierre") }
    return try await counter.write(
      .closure(.reopen(ReopenAgenda(actor: counter.staff(context, .routine), block: request.closure))), context,
      encode: { _ in Encoded(Wire.ReopenResponse(text: "La agenda está abierta otra vez; sus lugares libres se ofrecen a quienes esperan.")).bytes },
      refused: { counter.refused($0, wish: $1, text: "No hay ningún cierre con ese número.") })
  }
}

extension StaffReason {
  fileprivate init(_ wire: Wire.ClosureReason) {
    switch wire {
    case .staffAbsent: self = .staffAbsent
    case .equipmentDown: self = .equipmentDown
    case .emergency: self = .emergency
    default: self = .closure
    }
  }
}

extension Wire.AgendaClosure {
  init(_ block: AgendaBlock) {
    self.init(
      id: block.id, resource: block.slot.resource.description, date: block.slot.date.description,
      startMinute: Int32(block.slot.minutes.lowerBound.minutes), endMinute: Int32(block.slot.minutes.upperBound.minutes))
  }
}

extension Wire.FreedPlaceState {
  fileprivate init(_ state: FreedPlace.State) {
    switch state {
    case .offered: self = .offered
    case .given: self = .given
    case .forWalkIns: self = .walkIns
    case .released: self = .released
    }
  }
}

extension FreedPlace.State {
  fileprivate var spanishText: String {
    switch self {
    case .offered: "Se ofrece a quienes esperan."
    case .given: "Ya es de alguien que esperaba."
    case .forWalkIns: "Para quien llegue hoy sin cita."
    case .released: "Cualquiera puede agendarlo."
    }
  }
}
