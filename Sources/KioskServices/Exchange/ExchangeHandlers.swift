internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

/// Answers ventanilla.v1.Exchange: what goes to and comes from another system.
package struct ExchangeHandlers: ExchangeService {
  let counter: Counter

  package init(_ counter: Counter) { self.counter = counter }
}

extension ExchangeHandlers {
  package func importBookings(
    _ request: Wire.ImportBookingsRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.ImportBookingsResponse> {
    let source = try Self.source(request.source)
    guard request.rows.count <= ImportBookings.maximumRows else {
      throw .field("rows", "mande a lo más \(ImportBookings.maximumRows) filas en cada parte")
    }
    var rows: [ExternalRow] = []
    for (place, row) in request.rows.enumerated() { rows.append(try ExternalRow(checking: row, field: "rows[\(place)]")) }
    guard Set(rows.map(\.reference)).count == rows.count else {
      throw .field("rows", "cada fila lleva un identificador (reference) distinto")
    }
    let bookings = ImportBookings(
      actor: try counter.staff(.routine, context), source: source, rows: rows, isDryRun: request.dryRun, folioSeed: Counter.folioSeed())
    return try await counter.write(
      .exchange(bookings), context,
      encode: { outcome in
        guard case .external(let outcomes) = outcome else { preconditionFailure("an import was granted without its rows") }
        return Encoded(Wire.ImportBookingsResponse(results: outcomes.map(\.wire))).bytes
      },
      refused: { refusal, _ in counter.refused(refusal, wish: nil) })
  }

  package func listBookings(
    _ request: Wire.ListBookingsRequest, context: CallContext
  ) async throws(RPCError) -> Wire.ListBookingsResponse {
    let source = try Self.source(request.source)
    let date = try FieldReader.optionalDate(request.date, field: "date") ?? counter.today
    let resources = counter.rules.clinic.resources.map(\.id)
    let found = try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in try reader.exportedBookings(on: date, of: resources, with: source) }
    }
    return Wire.ListBookingsResponse(bookings: found.compactMap(\.wire))
  }

  package func listConflicts(
    _ request: Wire.ListConflictsRequest, context: CallContext
  ) async throws(RPCError) -> Wire.ListConflictsResponse {
    let today = counter.today
    guard (0...1000).contains(request.limit) else { throw .field("limit", "de 1 a 1000 en cada página; 0 para 1000") }
    let limit = request.limit == 0 ? 1000 : Int(request.limit)
    let (conflicts, leftOut) = try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in
        try reader.externalConflicts(since: today, after: request.after == 0 ? nil : request.after, limit: limit)
      }
    }
    return Wire.ListConflictsResponse(
      conflicts: conflicts.map { booking in
        Wire.ExternalConflict(
          source: booking.source, reference: booking.reference, resource: booking.slot.resource.description,
          date: booking.slot.date.description, startMinute: Int32(booking.slot.minutes.lowerBound.minutes),
          endMinute: Int32(booking.slot.minutes.upperBound.minutes), line: Int32(clamping: booking.line), text: booking.conflictText)
      }, next: leftOut > 0 ? conflicts.last?.id ?? 0 : 0, leftOut: Int32(clamping: leftOut))
  }

  /// The other system's name, as the column map checks it too.
  static func source(_ text: String) throws(RPCError) -> String {
    guard text.isOfCodeLetters, text.utf8.count <= 40, let first = text.utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first) else {
      throw .field("source", "el nombre del otro sistema: minúsculas, dígitos y _, con una letra al principio, hasta 40")
    }
    return text
  }
}

extension ExternalBooking {
  /// Why it does not fit, and what to do; says nothing of anybody. Empty for one that fits.
  var conflictText: String {
    switch conflict {
    case .taken: "A esa hora ya hay una cita aquí. Mueva una de las dos, aquí o en el otro sistema, e importe otra vez."
    case .full: "Ese turno ya tiene a todas las personas que puede atender. Muévala a otro turno, o acéptela diciendo por qué."
    case .personBusy: "La persona ya tiene aquí otra cita a esa hora. Cancele la que no quiera e importe otra vez."
    case .closed: "Ese consultorio no trabaja a esa hora, o está cerrado. Revise la fecha en el otro sistema e importe otra vez."
    case .unknown: "La clínica no tiene esa agenda, o ahí no se da ese servicio. Corrija el mapa de columnas o clinic.yaml e importe otra vez."
    case nil: ""
    }
  }
}

extension ExternalOutcome {
  fileprivate var wire: Wire.ExternalResult {
    let wireKind: Wire.ExternalKind = switch kind {
    case .added: .added
    case .busy: .busy
    case .linked: .linked
    case .changed: .changed
    case .cancelled: .cancelled
    case .unchanged: .unchanged
    case .past: .past
    case .conflict, .ownDiffers: .conflict
    }
    let text = switch kind {
    case .conflict: booking?.conflictText ?? ""
    case .ownDiffers: "Esa cita es de la ventanilla y aquí está de otra manera: cámbiela aquí, con su folio, y exporte otra vez."
    case .past: "Esa hora ya pasó: no se hizo nada."
    case .busy: "Nadie del padrón coincide: la hora queda ocupada, sin persona."
    case .added where isOurs: "Se tomó, pero esa hora la da la ventanilla según clinic.yaml (duenas): revise de quién es."
    case .added, .linked, .changed, .cancelled, .unchanged: ""
    }
    let folio = booking?.state == .appointment ? booking?.folio : nil
    return Wire.ExternalResult(
      line: Int32(clamping: line), kind: wireKind, folio: folio?.description ?? "", text: text,
      before: before.map {
        Wire.ExternalPlace(
          resource: $0.resource.description, date: $0.date.description, startMinute: Int32($0.minutes.lowerBound.minutes))
      })
  }
}

extension ExternalRow {
  /// - Throws: INVALID_ARGUMENT for the first field that cannot be read, in the message's order.
  fileprivate init(checking row: Wire.ExternalRow, field: String) throws(RPCError) {
    guard (1...64).contains(row.reference.count), !row.reference.unicodeScalars.contains(where: { $0.value < 0x20 }) else {
      throw .field("\(field).reference", "de 1 a 64 caracteres")
    }
    let resource = try FieldReader.resource(row.resource, field: "\(field).resource")
    let date = try FieldReader.date(row.date, field: "\(field).date")
    let start = try FieldReader.minute(row.startMinute, field: "\(field).start_minute")
    guard (0...480).contains(row.minutes), start < .latest else {
      throw .field("\(field).minutes", "de 1 a 480 minutos; 0 para los del servicio")
    }
    var identity: Identity?
    if !row.patientNumber.isEmpty {
      do { identity = .number(try PatientNumber(parsing: row.patientNumber)) } catch { throw .field("\(field).patient_number", error.mensaje) }
    } else if !row.curp.isEmpty {
      do { identity = .curp(try CURP(parsing: row.curp)) } catch { throw .field("\(field).curp", error.mensaje) }
    } else if !row.nss.isEmpty {
      let born = try FieldReader.date(row.birthDate, field: "\(field).birth_date")
      do { identity = .nss(try NSS(parsing: row.nss), born: born) } catch { throw .field("\(field).nss", error.mensaje) }
    }
    let service = row.service.isEmpty ? nil : try FieldReader.service(row.service, field: "\(field).service")
    self.init(
      line: Int(row.line), reference: row.reference, choice: SlotChoice(resource: resource, date: date, start: start),
      minutes: row.minutes == 0 ? nil : Int(row.minutes), service: service, identity: identity, isCancelled: row.cancelled)
  }
}

extension ExportedBooking {
  /// `nil` for what is of no date: never seen.
  var wire: Wire.ExportedBooking? {
    guard let slot else { return nil }
    let isGone = imported?.state == .cancelled || imported?.state == .dismissed
    let isCancelled = isGone && appointment?.status.isActive != true || appointment?.status == .cancelled
    return Wire.ExportedBooking(
      reference: imported?.reference ?? appointment.map { ExternalRow.ownReference(of: $0.folio) } ?? "",
      sourceDate: imported?.slot.date.description ?? "", folio: appointment?.folio.description ?? "", resource: slot.resource.description,
      date: slot.date.description, startMinute: Int32(slot.minutes.lowerBound.minutes), endMinute: Int32(slot.minutes.upperBound.minutes),
      service: (isConflict ? imported?.service : appointment?.service ?? imported?.service)?.rawValue ?? "",
      cancelled: isCancelled && !isConflict, conflict: isConflict, patientNumber: patient?.number.description ?? "",
      curp: patient?.curp?.description ?? "", nss: patient?.nss?.description ?? "", birthDate: patient?.birthDate.description ?? "")
  }
}
