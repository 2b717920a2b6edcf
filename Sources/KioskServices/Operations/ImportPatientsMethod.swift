import ClinicDomain
import ClinicStore
import Scheduling
package import TTRPCCore
package import VentanillaMessages

extension OperationsHandlers {
  /// Takes a piece of a padrón: rows that cannot be read are answered with line and reason, the others are taken.
  package func importPatients(
    _ request: Wire.ImportPatientsRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.ImportPatientsResponse> {
    guard request.firstLine >= 1 else { throw .field("first_line", "el número de la primera línea, desde 1") }
    let piece: PadronPiece
    do {
      piece = try PadronPiece(
        header: request.header, rows: request.rows, firstLine: Int(request.firstLine),
        today: counter.today)
    } catch { throw .field(error.field, error.mensaje) }
    guard piece.people.count <= ImportPatients.maximumRows else {
      throw .field("rows", "mande a lo más \(ImportPatients.maximumRows) personas en cada parte")
    }
    let problems = piece.problems.map { problem in
      Wire.RowProblem(line: Int32(problem.line), column: problem.column, text: problem.text)
    }
    return try await counter.write(
      .importPatients(ImportPatients(rows: piece.people)), context,
      content: "import|\(request.header)|\(request.firstLine)|" + String(decoding: request.rows, as: UTF8.self),
      encode: { outcome in
        guard case .imported(let counts) = outcome else { return [] }
        return Wire.ImportPatientsResponse(
          added: Int32(counts.added), updated: Int32(counts.updated), unchanged: Int32(counts.unchanged),
          problems: problems
        ).encoded()
      },
      refused: { RPCError($0) })
  }
}
