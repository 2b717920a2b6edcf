internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

/// Answers ventanilla.v1.Paper: sheets, and what was written on them.
package struct PaperHandlers: PaperService {
  let counter: Counter

  package init(_ counter: Counter) { self.counter = counter }
}

extension PaperHandlers {
  package func listSheets(
    _ request: Wire.ListSheetsRequest, context: CallContext
  ) async throws(RPCError) -> Wire.ListSheetsResponse {
    let date = try FieldReader.optionalDate(request.date, field: "date") ?? counter.today
    return Wire.ListSheetsResponse(
      date: date.description,
      sheets: counter.rules.sheets(on: date).map {
        Wire.SheetName(
          resource: $0.resource.description, turno: $0.turno.rawValue, startMinute: Int32($0.hours.lowerBound.minutes),
          endMinute: Int32($0.hours.upperBound.minutes))
      })
  }

  package func reserveRows(
    _ request: Wire.ReserveRowsRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.ReserveRowsResponse> {
    let resource = try FieldReader.resource(request.resource, field: "resource")
    let date = try FieldReader.optionalDate(request.date, field: "date") ?? counter.today
    guard !request.turno.isEmpty else { throw .field("turno", "escriba el código del turno, por ejemplo matutino") }
    guard (1...ReservePaper.maximumBlank).contains(Int(request.count)) else {
      throw .field("count", "de 1 a \(ReservePaper.maximumBlank) renglones")
    }
    let reserve = ReservePaper(
      actor: try counter.staff(.routine, context), resource: resource, date: date, turno: TurnoCode(request.turno), count: Int(request.count),
      folioSeed: Counter.folioSeed())
    let rules = counter.rules
    return try await counter.write(
      .paper(.reserve(reserve)), context,
      encode: { outcome in
        guard case .paper(let paper) = outcome else { return [] }
        return Encoded(Wire.ReserveRowsResponse(rows: paper.rows.map(rules.wirePaperRow))).bytes
      },
      refused: { refusal, _ in counter.refused(refusal, wish: nil, text: Self.text(of: refusal)) })
  }

  package func getSheet(_ request: Wire.GetSheetRequest, context: CallContext) async throws(RPCError) -> Wire.GetSheetResponse {
    let resource = try FieldReader.resource(request.resource, field: "resource")
    let date = try FieldReader.optionalDate(request.date, field: "date") ?? counter.today
    guard let sheet = try await counter.reading({ store throws(StoreFault) in
      try await counter.sheet(of: resource, on: date, TurnoCode(request.turno), in: store)
    }) else { throw RPCError(.notFound, "Ese consultorio o ventanilla no trabaja ese turno en esa fecha. Revise la agenda y el turno.") }
    return Wire.GetSheetResponse(
      text: sheet.text, svgPages: sheet.svgPages, appointments: Int32(sheet.expected.count), blank: Int32(sheet.blank.count))
  }

  package func enter(_ request: Wire.EnterRequest, context: CallContext) async throws(RPCError) -> Encoded<Wire.EnterResponse> {
    let folio = try FieldReader.folio(request.folio, field: "folio")
    let start = try FieldReader.minute(request.startMinute, field: "start_minute")
    let service = request.service.isEmpty ? nil : try FieldReader.service(request.service, field: "service")
    guard !(request.attended && request.left) else { throw .field("left", "la consulta se dio o la persona se fue sin ella: diga una") }
    let number = try FieldReader.person(request.person)
    let session = try counter.session(request.sessionToken, context)
    let patient = try counter.person(number, in: session)
    let enter = EnterPaper(
      actor: try counter.staff(.routine, context), folio: folio, patient: patient.id, service: service, start: start,
      visit: request.attended ? .attended : request.left ? .left : .ahead)
    let rules = counter.rules
    return try await counter.write(
      .paper(.enter(enter)), context,
      encode: { outcome in
        guard case .paper(let paper) = outcome, let appointment = paper.appointment, let row = paper.rows.first else { return [] }
        return Encoded(
          Wire.EnterResponse(appointment: rules.wireAppointment(appointment, of: patient), row: rules.wirePaperRow(row))
        ).bytes
      },
      refused: { refusal, _ in
        counter.refused(refusal, wish: nil, text: refusal == .slotInThePast ? Self.outcomeMissing : Self.text(of: refusal))
      })
  }

  private static let outcomeMissing =
    "El día de esa hoja ya pasó: diga si la consulta se dio o si la persona se fue sin ella. Nadie queda esperando en un día que ya terminó."

  package func listRows(_ request: Wire.ListRowsRequest, context: CallContext) async throws(RPCError) -> Wire.ListRowsResponse {
    let date = try FieldReader.optionalDate(request.date, field: "date") ?? counter.today
    let resource = request.resource.isEmpty ? nil : try FieldReader.resource(request.resource, field: "resource")
    let rows = try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in try reader.paperRows(on: date, of: resource) }
    }
    return Wire.ListRowsResponse(rows: rows.map(counter.rules.wirePaperRow))
  }

  /// Where a refusal's own sentence does not fit.
  private static func text(of refusal: CommandRefusal) -> String? {
    switch refusal {
    case .appointmentNotFound: "Ese folio no es de ningún renglón de las hojas. Revise los 12 dígitos en la hoja."
    case .wrongState: "Ese renglón ya se capturó para otra persona. Revise el folio en la hoja; nadie pierde su lugar."
    case .closed: "Esa hora no es del turno de la hoja, o ese día no se trabaja. Revise la hora y la hoja."
    case .limitReached(let allowed): "Esa hoja ya tiene \(allowed) renglones, que es lo más que se puede. Capture los que se usaron."
    case .beyondHorizon(let last): "Las hojas se imprimen hasta para el \(last.spanishDayText)."
    case .slotInThePast: "Ese día ya pasó: no se le reservan más renglones."
    default: nil
    }
  }
}

extension ClinicRules {
  /// Every turno that an agenda works on a date, closed ones left out; by agenda, then start.
  func sheets(on date: CivilDate) -> [TurnoAgenda] {
    clinic.resources.flatMap { turnoAgendas(of: $0.id, on: date) }.filter { $0.closed == nil }
  }

  func wirePaperRow(_ row: PaperRow) -> Wire.PaperRow {
    let outcome: Wire.PaperOutcome = switch row.outcome {
    case nil: .unspecified
    case .slot: .slot
    case .todaysLine: .todaysLine
    case .sameAppointment: .sameAppointment
    }
    return Wire.PaperRow(
      folio: row.folio.description, folioDisplay: row.folio.spoken, resource: row.resource.description, date: row.date.description,
      turno: row.turno.rawValue, number: Int32(row.number), outcome: outcome, appointmentFolio: row.appointment?.description ?? "",
      conflictFolio: row.conflict?.description ?? "", text: Self.text(of: row))
  }

  private static func text(of row: PaperRow) -> String {
    switch row.outcome {
    case nil: "En blanco: si se usó, falta capturarlo."
    case .slot: "Capturado: el lugar es suyo."
    case .todaysLine:
      row.conflict.map { "Capturado en la fila de hoy: su lugar lo tiene la cita \($0.spoken)." }
        ?? "Capturado en la fila de hoy: ese lugar no se podía dar."
    case .sameAppointment: "Capturado: ya tenía cita ese día y es la misma."
    }
  }
}

extension Counter {
  /// A sheet as it would be printed now; `nil` when the agenda does not work that turno.
  func sheet(
    of resource: ResourceID, on date: CivilDate, _ turno: TurnoCode, in store: ClinicStore
  ) async throws(StoreFault) -> PaperSheet? {
    let (appointments, rows) = try await store.read { reader throws(StoreFault) in
      (try reader.appointments(of: resource, on: date), try reader.paperRows(on: date, of: resource))
    }
    return rules.sheet(of: resource, on: date, turno, appointments: appointments, rows: rows, index: store.snapshot, at: now)
  }
}
