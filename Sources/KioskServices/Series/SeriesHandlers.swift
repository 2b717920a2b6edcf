internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

/// Answers ventanilla.v1.Series; what reads is in a file of its own.
package struct SeriesHandlers: SeriesService {
  let counter: Counter

  package init(_ counter: Counter) { self.counter = counter }

  /// Begins a series.
  package func start(
    _ request: Wire.StartSeriesRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.StartSeriesResponse> {
    let today = counter.today
    let (program, anchor, chair) = try request.checked(today: today)
    let actor = try counter.staff(request.reason, context)
    let number = try FieldReader.person(request.person)
    let session = try counter.session(request.sessionToken, context)
    let patient = try counter.person(number, in: session)
    if let known = counter.rules.clinic.series.program(program), patient.id != session.actor.id, counter.rules.isConfidential(known.service) {
      throw Counter.notForThisPerson
    }
    let start = StartSeries(actor: actor, patient: patient.id, program: program, anchor: anchor, chair: chair, channel: session.channel)
    // The date as it was asked for: a repeat after midnight is the same request.
    return try await write(.start(start), context, content: "start|\(start.content)|\(request.date)") { rules, outcome in
      Wire.StartSeriesResponse(series: rules.wireSeries(outcome.series, outcome.activities, of: patient, on: today))
    }
  }

  /// A visit took place.
  package func renew(
    _ request: Wire.RenewSeriesRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.RenewSeriesResponse> {
    guard request.series > 0 else { throw Self.noSeries }
    let today = counter.today
    let date = try FieldReader.optionalDate(request.date, field: "date") ?? today
    let actor = try counter.staff(request.reason, context)
    let patient = try await holder(of: request.series)
    return try await write(
      .renew(RenewSeries(actor: actor, series: request.series, visit: date)), context, content: "renew|\(actor.content)|\(request.series)|\(request.date)"
    ) { rules, outcome in
      Wire.RenewSeriesResponse(series: rules.wireSeries(outcome.series, outcome.activities, of: patient, on: today))
    }
  }

  /// A prescription was collected.
  package func collect(
    _ request: Wire.CollectPrescriptionRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.CollectPrescriptionResponse> {
    guard request.series > 0 else { throw Self.noSeries }
    let today = counter.today
    let actor = try counter.staff(request.reason, context)
    let patient = try await holder(of: request.series)
    return try await write(
      .collect(CollectPrescription(actor: actor, series: request.series, number: Int(request.number))), context
    ) { rules, outcome in
      Wire.CollectPrescriptionResponse(
        activity: outcome.activities.first.map { rules.wireActivity($0, nil, in: outcome.series, of: patient, on: today) })
    }
  }

  /// Gives everything back that a series kept.
  package func end(_ request: Wire.EndSeriesRequest, context: CallContext) async throws(RPCError) -> Encoded<Wire.EndSeriesResponse> {
    guard request.series > 0 else { throw Self.noSeries }
    let today = counter.today
    let reason = try CareSeries.EndReason(request.end)
    let actor = try counter.staff(request.reason, context)
    let patient = try await holder(of: request.series)
    return try await write(.end(EndSeries(actor: actor, series: request.series, reason: reason)), context) { rules, outcome in
      Wire.EndSeriesResponse(series: rules.wireSeries(outcome.series, outcome.activities, of: patient, on: today))
    }
  }

  /// Somebody takes charge.
  package func acknowledge(
    _ request: Wire.AcknowledgeAlertRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.AcknowledgeAlertResponse> {
    guard request.series > 0 else { throw Self.noSeries }
    let actor = try counter.staff(request.reason, context)
    return try await write(
      .acknowledge(AcknowledgeAlert(actor: actor, series: request.series, number: Int(request.number))), context
    ) { _, _ in
      Wire.AcknowledgeAlertResponse(text: "Queda a su cargo. Si se libra un lugar a tiempo, el servidor lo da y el aviso se quita solo.")
    }
  }

  private static var noSeries: RPCError { .field("series", "falta el número de la serie") }

  /// Whose series it is, for the words of the answer; whether there is one the decision says.
  private func holder(of series: Int64) async throws(RPCError) -> Patient {
    let found = try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) -> Patient? in
        guard let view = try reader.series(series) else { return nil }
        return try reader.patient(id: view.series.patient)
      }
    }
    guard let found else { throw counter.refused(.series(.notFound), wish: nil) }
    return found
  }

  private func write<Reply>(
    _ command: SeriesCommand, _ context: CallContext, content: String? = nil,
    reply: @escaping @Sendable (ClinicRules, SeriesOutcome) -> Reply
  ) async throws(RPCError) -> Encoded<Reply> {
    let rules = counter.rules
    return try await counter.write(
      .series(command), context, content: content,
      encode: { outcome in
        guard case .series(let series) = outcome else { preconditionFailure("a series' command was granted without a series") }
        return Encoded(reply(rules, series)).bytes
      },
      refused: { counter.refused($0, wish: $1) })
  }
}

extension SeriesCommand {
  /// What is asked, without chance and without what time brings.
  var content: String {
    switch self {
    case .start(let start): "start|\(start.content)|\(start.anchor)"
    case .renew(let renew): "renew|\(renew.actor.content)|\(renew.series)|\(renew.visit)"
    case .collect(let collect): "collect|\(collect.actor.content)|\(collect.series)|\(collect.number)"
    case .end(let end): "end|\(end.actor.content)|\(end.series)|\(end.reason.rawValue)"
    case .acknowledge(let acknowledge): "acknowledge|\(acknowledge.actor.content)|\(acknowledge.series)|\(acknowledge.number)"
    case .extend(let extend): "extend|\(extend.series)|\(extend.through)"
    case .place(let place): "place|\(place.series)|\(place.number)"
    case .reopen(let reopen): "reopen|\(reopen.series)|\(reopen.number)"
    case .lapse(let lapse): "lapse|\(lapse.series)"
    case .replan(let replan): "replan|\(replan.program)|\(replan.dates)"
    }
  }
}

extension StartSeries {
  /// All but the date.
  fileprivate var content: String {
    let place = chair.map { "\($0.resource)|\($0.start.minutes)|\($0.weekdays.map { String($0.rawValue) }.joined())" } ?? ""
    return "\(actor.content)|\(patient.rawValue)|\(program)|\(place)"
  }
}
