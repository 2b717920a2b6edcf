internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

extension MeasuresHandlers {
  /// What a week's callers and kiosks asked about, counted by day; who asked is nowhere in the store.
  package func exportMotives(
    _ request: Wire.ExportMotivesRequest, context: CallContext
  ) async throws(RPCError) -> Wire.ExportMotivesResponse {
    let rules = counter.rules
    let week = (try FieldReader.optionalDate(request.week, field: "week") ?? counter.today.advanced(by: -7)).week
    let (first, end) = (rules.zone.instant(of: week.lowerBound, minute: .midnight), rules.zone.instant(of: week.upperBound, minute: .endOfDay))
    let asked = try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in try reader.motives(from: first, to: end) }
    }
    let cells = MotiveCell.cells(of: asked.map { (rules.zone.date(of: $0.at), $0.motive) })
    return Wire.ExportMotivesResponse(
      clues: rules.clinic.identity.clues.description, firstDate: week.lowerBound.description, lastDate: week.upperBound.description,
      cells: cells.map { cell in
        Wire.MotiveCell(
          date: cell.date.description, motive: cell.motive, count: Int32(clamping: cell.count ?? 0), suppressed: cell.count == nil)
      })
  }
}
