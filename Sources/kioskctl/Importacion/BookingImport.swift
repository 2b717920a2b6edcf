internal import ClinicDomain
internal import KioskClient
internal import TTRPCCore
internal import VentanillaMessages

/// One run of an import of another system's bookings: the file's rows out in pieces, what became of each in.
struct BookingImport {
  let client: ExchangeClient
  let options: CallOptions
  let map: BookingMap
  let isApplied: Bool

  /// Rows in one call: as many as the server takes.
  private static let pieceLength = 256
  /// Dates between the first and the last booking of a file.
  static let longestStretch = 366

  /// - Throws: ``Failure`` when the file spans too many dates, a piece was refused as a whole, or the server stayed away.
  func run(_ file: BookingFile) async throws -> BookingSummary {
    var summary = BookingSummary(file: file, isApplied: isApplied)
    summary.gone = try await gone(from: file)
    // A row that cannot be read may be any of those that seem to be gone.
    summary.cancelsGone = map.missing == .cancel && file.problems.allSatisfy { $0.reference != nil }
    // Those of one day go together: who gives way to whom is among them.
    let rows = file.rows.sorted { ($0.date, $0.resource, $0.start, $0.line) < ($1.date, $1.resource, $1.start, $1.line) }
    let ended = summary.cancelsGone ? summary.gone.map(Wire.ExternalRow.init(ending:)) : []
    let results = try await send(ended + rows.map(Wire.ExternalRow.init))
    summary.ended = zip(summary.gone, results.prefix(ended.count)).filter { $0.1.kind == .cancelled }.map(\.0)
    summary.results = zip(rows, results.dropFirst(ended.count)).map { BookingSummary.Result(row: $0, result: $1) }
    try await sendAgain(&summary)
    summary.results.sort { $0.row.line < $1.row.line }
    return summary
  }

  /// What did not fit because of a row of a later piece fits now.
  private func sendAgain(_ summary: inout BookingSummary) async throws {
    let waiting = summary.results.indices.filter { summary.results[$0].result.kind == .conflict }
    guard isApplied, summary.results.count > Self.pieceLength, !waiting.isEmpty else { return }
    let again = try await send(waiting.map { Wire.ExternalRow(summary.results[$0].row) })
    for (place, result) in zip(waiting, again) { summary.results[place].result = result }
  }

  private func send(_ rows: [Wire.ExternalRow]) async throws -> [Wire.ExternalResult] {
    var results: [Wire.ExternalResult] = []
    for start in stride(from: 0, to: rows.count, by: Self.pieceLength) {
      let piece = Array(rows[start..<min(start + Self.pieceLength, rows.count)])
      let request = Wire.ImportBookingsRequest(source: map.source, rows: piece, dryRun: !isApplied)
      let reply = try await Failure.of(repeating: "la misma orden; lo que ya se tomó queda sin cambios") { () throws(RPCError) in
        try await client.importBookings(request, options: options.writing(RequestIdentifier().description))
      }
      guard reply.results.count == piece.count else {
        throw Failure(.fault, "El servidor no dijo qué pasó con cada fila.", next: "Quizá es de otra versión. Repita la orden.")
      }
      results += reply.results
    }
    return results
  }

  /// What was taken for the file's dates and is in the file no more.
  private func gone(from file: BookingFile) async throws -> [Wire.ExportedBooking] {
    guard let first = file.rows.map(\.date).min(), let last = file.rows.map(\.date).max() else { return [] }
    guard first.distance(to: last) < Self.longestStretch else {
      throw Failure(.badData, "El archivo va del \(first) al \(last): más de un año.", next: "Revise formatos.fecha del mapa, o exporte menos fechas.")
    }
    let known = Set(file.rows.map(\.reference)).union(file.problems.compactMap(\.reference))
    var gone: [Wire.ExportedBooking] = []
    for date in first...last {
      let text = date.description
      let reply = try await Failure.of { () throws(RPCError) in
        try await client.listBookings(.init(source: map.source, date: text), options: options)
      }
      gone += reply.bookings.filter { $0.sourceDate == text && !$0.cancelled && !known.contains($0.reference) }
    }
    return gone
  }
}

extension Wire.ExternalRow {
  init(_ row: BookingRow) {
    self.init(
      line: Int32(clamping: row.line), reference: row.reference, resource: row.resource.description, date: row.date.description,
      startMinute: Int32(row.start.minutes), minutes: Int32(row.minutes ?? 0), service: row.service?.rawValue ?? "", cancelled: row.isCancelled,
      patientNumber: row.patientNumber?.description ?? "", curp: row.curp?.description ?? "", nss: row.nss?.description ?? "",
      birthDate: row.birthDate?.description ?? "")
  }

  /// The other system does not have it any more.
  init(ending booking: Wire.ExportedBooking) {
    self.init(
      reference: booking.reference, resource: booking.resource, date: booking.date, startMinute: booking.startMinute, cancelled: true)
  }
}

extension BookingRow {
  /// `nil` for what no file can say: never seen.
  init?(_ booking: Wire.ExportedBooking) {
    guard let resource = ResourceID(text: booking.resource), let date = CivilDate(iso: booking.date),
      let start = AgendaMinute(minutes: Int(booking.startMinute))
    else { return nil }
    let nss = NSS(booking.nss)
    self.init(
      reference: booking.reference, resource: resource, date: date, start: start, minutes: Int(booking.endMinute - booking.startMinute),
      service: booking.service.isEmpty ? nil : ServiceCode(booking.service), isCancelled: booking.cancelled,
      patientNumber: PatientNumber(booking.patientNumber), curp: CURP(booking.curp), nss: nss,
      birthDate: nss == nil ? nil : CivilDate(iso: booking.birthDate))
  }
}
