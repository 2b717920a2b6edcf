package import ClinicDomain
package import TTRPCCore

extension Wire.StartSeriesRequest {
  /// - Throws: INVALID_ARGUMENT for the first field that cannot be read.
  package func checked(today: CivilDate) throws(RPCError) -> (program: SeriesCode, anchor: CivilDate, chair: StandingPlace?) {
    guard !program.isEmpty, program.utf8.count <= 64 else { throw .field("program", "escriba el código de la serie, como está en clinic.yaml") }
    let anchor = try FieldReader.optionalDate(date, field: "date") ?? today
    return (SeriesCode(program), anchor, try chair?.checked())
  }
}

extension Wire.StandingChair {
  fileprivate func checked() throws(RPCError) -> StandingPlace {
    let resource = try FieldReader.resource(resource, field: "chair.resource")
    let start = try FieldReader.minute(startMinute, field: "chair.start_minute")
    var days: [Weekday] = []
    for number in weekdays {
      guard let day = Weekday(rawValue: Int(number)), !days.contains(day) else {
        throw .field("chair.weekdays", "escriba cada día una vez: lunes es 1 y domingo 7")
      }
      days.append(day)
    }
    return StandingPlace(resource: resource, start: start, weekdays: days.sorted())
  }
}

extension CareSeries.EndReason {
  /// - Throws: INVALID_ARGUMENT for none, or one of a newer contract.
  package init(_ wire: Wire.SeriesEndReason) throws(RPCError) {
    switch wire {
    case .stable: self = .stable
    case .finished: self = .finished
    case .transferred: self = .transferred
    case .requested: self = .requested
    case .error: self = .error
    case .unspecified, .unrecognized: throw .field("end", "diga por qué termina: estable, terminada, traslado, la persona lo pidió o error")
    }
  }
}

extension Wire.SeriesStatus {
  package init(_ status: CareSeries.Status) {
    switch status {
    case .active: self = .active
    case .completed: self = .completed
    case .revoked: self = .revoked
    }
  }
}

extension Wire.SeriesActivityKind {
  package init(_ kind: SeriesActivity.Kind) {
    switch kind {
    case .appointment: self = .appointment
    case .medicationRequest: self = .medicationRequest
    }
  }
}

extension Wire.SeriesActivityStatus {
  package init(_ status: SeriesActivity.Status) {
    switch status {
    case .notStarted: self = .notStarted
    case .scheduled: self = .scheduled
    case .onHold: self = .onHold
    case .completed: self = .completed
    case .cancelled: self = .cancelled
    case .stopped: self = .stopped
    }
  }
}
