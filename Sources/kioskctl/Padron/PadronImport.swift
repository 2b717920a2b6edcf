internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// One run of an import: the file's pieces out, what became of them in.
struct PadronImport {
  private let client: OperationsClient
  private let options: CallOptions
  private let report: PadronReport
  private let output: Output
  private var meter: ProgressMeter
  private var summary = PadronSummary()
  private var header: String?
  private var sentBytes = 0
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  /// Makes this run's request ids its own. The store answers a repeated id with what it answered the first time: right for a lost
  /// reply, wrong for somebody who imports an old file again to restore it. That importing twice adds nobody twice is the
  /// store's own promise, so a run after a crash needs no ids of the one before.
  private let run = RequestIdentifier().description

  init(client: OperationsClient, options: CallOptions, report: PadronReport, meter: ProgressMeter, output: Output) {
    self.client = client
    self.options = options
    self.report = report
    self.meter = meter
    self.output = output
    start = clock.now
  }

  /// Sends the whole file, piece after piece.
  ///
  /// - Throws: ``Failure`` when a piece was refused as a whole, or the server stayed away.
  mutating func run(_ source: PadronSource) async throws -> PadronSummary {
    var pieces = PadronPieces()
    var elements: [PadronPieces.Element] = []
    while let data = try source.next() {
      pieces.read(data) { elements.append($0) }
      try await take(&elements)
    }
    pieces.finish { elements.append($0) }
    try await take(&elements)
    tell(source.byteCount)
    output.errorPiece(meter.closing)
    guard header != nil else {
      throw Failure(.badData, "El archivo está vacío.", next: "Debe empezar con los nombres de las columnas: kioskctl help padron")
    }
    summary.elapsed = clock.now - start
    return summary
  }

  private mutating func take(_ elements: inout [PadronPieces.Element]) async throws {
    for element in elements {
      switch element {
      case .header(let bytes): header = try Self.text(ofHeader: bytes)
      case .rows(let rows): try await send(rows)
      case .unclosedQuote(let line):
        summary.rejected += 1
        summary.rows += 1
        try report.add([
          Wire.RowProblem(line: Int32(line), column: "", text: "Hay comillas que se abren y no se cierran. Ciérrelas o quítelas.")
        ])
      }
    }
    elements.removeAll(keepingCapacity: true)
  }

  private mutating func send(_ rows: PadronRows) async throws {
    let request = Wire.ImportPatientsRequest(header: header ?? "", rows: rows.bytes, firstLine: Int32(rows.firstLine))
    let options = options.writing(Self.identifier(of: request, run: run))
    let reply: Wire.ImportPatientsResponse
    do { reply = try await client.importPatients(request, options: options) } catch {
      output.errorPiece(meter.closing)
      throw Failure(error, repeating: "la misma orden; nadie se duplica", as: error.code == .invalidArgument ? .badData : nil)
    }
    summary.add(reply, rows: rows.count)
    try report.add(reply.problems)
    sentBytes += rows.bytes.count
    tell(sentBytes)
  }

  private mutating func tell(_ bytes: Int) {
    let text = meter.advanced(bytes: bytes, people: summary.taken, elapsed: clock.now - start)
    if let text { output.errorPiece(text) }
  }

  /// The same rows on the same lines in the same run have the same id.
  static func identifier(of request: Wire.ImportPatientsRequest, run: String) -> String {
    var digest = ContentDigest()
    digest.add("\(run)|\(request.firstLine)|\(request.header)|".utf8)
    digest.add(request.rows)
    return digest.description
  }

  private static func text(ofHeader bytes: [UInt8]) throws(Failure) -> String {
    guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
      throw Failure(
        .badData, "La primera fila no está en UTF-8.",
        next: "Guarde el archivo como «CSV UTF-8» para no perder acentos ni eñes.")
    }
    return text
  }
}

/// What became of a file's rows.
struct PadronSummary: Equatable {
  var rows = 0
  var added = 0
  var updated = 0
  var unchanged = 0
  var rejected = 0
  var elapsed = Duration.zero

  var taken: Int { added + updated + unchanged }

  mutating func add(_ reply: Wire.ImportPatientsResponse, rows: Int) {
    self.rows += rows
    added += Int(reply.added)
    updated += Int(reply.updated)
    unchanged += Int(reply.unchanged)
    rejected += Set(reply.problems.map(\.line)).count
  }

  func lines(report: String?, _ style: TerminalStyle) -> [String] {
    let seconds = Double(Int(elapsed / .milliseconds(100))) / 10
    var lines = [
      "\(style.green("\(taken.grouped) personas")) en \(seconds) s: \(added.grouped) nuevas, "
        + "\(updated.grouped) con cambios, \(unchanged.grouped) sin cambios."
    ]
    if rejected > 0 {
      let next = report.map { " Corríjalas según \($0) e importe otra vez." } ?? ""
      lines.append(style.yellow("\(rejected.grouped) filas no se tomaron.") + next)
    }
    return lines
  }

  func json(report: String?) -> JSONValue {
    .object([
      .init("rows", .number("\(rows)")), .init("added", .number("\(added)")), .init("updated", .number("\(updated)")),
      .init("unchanged", .number("\(unchanged)")), .init("rejected", .number("\(rejected)")),
      .init("report", report.map { .string($0) } ?? .null), .init("seconds", .number("\(elapsed / .seconds(1))")),
    ])
  }
}
