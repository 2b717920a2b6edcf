internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

/// Answers ventanilla.v1.Measures: what a director asks of the clinic.
package struct MeasuresHandlers: MeasuresService {
  let counter: Counter

  package init(_ counter: Counter) { self.counter = counter }

  /// Three years and what is left of the fourth's first quarter: beyond that a reply of 30 agendas nears a hundred kilobytes and says nothing
  /// that years side by side do not.
  static let greatestPeriod = 1100
  /// Without a first day: four weeks.
  static let usualPeriod = 28

  package func report(
    _ request: Wire.MeasuresRequest, context: CallContext
  ) async throws(RPCError) -> Wire.MeasuresReport {
    let now = counter.now
    let last = try FieldReader.optionalDate(request.lastDate, field: "last_date") ?? counter.today
    let first = try FieldReader.optionalDate(request.firstDate, field: "first_date") ?? last.advanced(by: 1 - Self.usualPeriod)
    guard first <= last, first.distance(to: last) < Self.greatestPeriod else {
      throw .field("first_date", "una fecha que no esté después de last_date, ni más de \(Self.greatestPeriod) días antes")
    }
    let measures = try await counter.reading { store throws(StoreFault) in try await store.measures(of: first...last, at: now) }
    let period = measures.period
    let survey = try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in try reader.survey(on: period) }
    }
    return Wire.MeasuresReport(
      firstDate: measures.period.lowerBound.description, lastDate: measures.period.upperBound.description,
      rows: measures.rows.map(Wire.MeasureRow.init),
      survey: SurveyRow.rows(survey).map { row in
        Wire.SurveyRow(channel: row.channel.rawValue, dialogue: row.dialogue, resolved: row.resolved.map(Wire.MeasuredShare.init))
      })
  }
}

extension Wire.MeasureRow {
  init(_ row: Scheduling.MeasureRow) {
    let (kind, subject): (Wire.MeasureSubject, String) = switch row.subject {
    case .clinic: (.clinic, "")
    case .resource(let resource): (.resource, resource.description)
    case .channel(let channel): (.channel, channel.rawValue)
    case .age(let band): (.age, band.rawValue)
    case .language(let language): (.language, language)
    }
    self.init(
      kind: kind, subject: subject, withinFiveDays: row.withinFiveDays.map(Wire.MeasuredShare.init),
      noShows: row.noShows.map(Wire.MeasuredShare.init), waits: row.waits.map(Wire.MeasuredWaits.init),
      freedAndReused: row.freedAndReused.map(Wire.MeasuredShare.init), thirdNextDays: row.thirdNext.map { Int32($0 ?? -1) })
  }
}

extension Wire.MeasuredShare {
  init(_ share: Proportion) {
    func millionths(_ part: Double?) -> Int32 { Int32(((part ?? 0) * 1_000_000).rounded()) }
    self.init(
      count: Int64(share.count), total: Int64(share.total), lowPpm: millionths(share.interval?.lowerBound),
      highPpm: millionths(share.interval?.upperBound))
  }
}

extension Wire.MeasuredWaits {
  init(_ waits: Waits) {
    self.init(
      count: Int64(waits.count), days: Int64(waits.days.enumerated().reduce(0) { $0 + $1.offset * $1.element }),
      medianDays: Int32(waits.percentile(50) ?? 0), p90Days: Int32(waits.percentile(90) ?? 0),
      medianInterval: waits.medianInterval.map { Wire.MedianInterval(lowDays: Int32($0.lowerBound), highDays: Int32($0.upperBound)) })
  }
}
