internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

extension OperationsHandlers {
  /// Takes a piece of a padrón: rows that cannot be read are answered with line and reason, the others are taken.
  package func importPatients(
    _ request: Wire.ImportPatientsRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.ImportPatientsResponse> {
    guard request.firstLine >= 1 else { throw .field("first_line", "el número de la primera línea, desde 1") }
    guard !request.header.contains(where: \.isNewline) else {
      throw .field("header", "mande solo la primera fila del archivo, sin salto de línea")
    }
    let piece: PadronPiece
    do {
      piece = try PadronPiece(
        header: request.header, rows: request.rows, firstLine: Int(request.firstLine),
        rules: counter.padronRules)
    } catch { throw .field("header", error.problems.map(\.mensaje).joined(separator: " ")) }
    guard !piece.isTooLong else {
      throw .field("rows", "mande a lo más \(ImportPatients.maximumRows) filas en cada parte")
    }
    let (unread, lines) = (piece.problems, piece.lines)
    return try await counter.write(
      .importPatients(ImportPatients(rows: piece.people)), context,
      content: "import|\(request.header)|\(request.firstLine)|" + String(decoding: request.rows, as: UTF8.self),
      encode: { outcome in
        guard case .imported(let counts) = outcome else { return [] }
        let problems = unread + counts.numberTaken.map { .numberTaken(line: lines[$0]) }
        return Encoded(
          Wire.ImportPatientsResponse(
            added: Int32(counts.added), updated: Int32(counts.updated), unchanged: Int32(counts.unchanged),
            problems: problems.sorted { $0.line < $1.line }.map(Wire.RowProblem.init))
        ).bytes
      },
      refused: { refusal, _ in RPCError(refusal) })
  }
}

extension Counter {
  /// What this clinic holds a padrón's rows against.
  fileprivate var padronRules: PadronRules {
    PadronRules(
      today: today, consultorios: rules.clinic.resources.map(\.id).filter { $0.kind == .consultorio },
      turnos: rules.clinic.turnos.map(\.code))
  }
}

extension PadronProblem {
  fileprivate static func numberTaken(line: Int) -> PadronProblem {
    PadronProblem(
      line: line, column: .numeroPaciente,
      mensaje: "Otra persona ya tiene este número de paciente. Revíselo, o déjelo vacío para que la clínica dé uno.")
  }
}

extension Wire.RowProblem {
  fileprivate init(_ problem: PadronProblem) {
    self.init(line: Int32(clamping: problem.line), column: problem.column?.rawValue ?? "", text: problem.mensaje)
  }
}
