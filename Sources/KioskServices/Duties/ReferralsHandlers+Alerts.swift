internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

extension ReferralsHandlers {
  /// Alerts that nobody has dealt with, or all of the last month.
  package func listAlerts(_ request: Wire.ListAlertsRequest, context: CallContext) async throws(RPCError) -> Wire.ListAlertsResponse {
    let owner = DutyAlert.Owner(request.owner)
    let since = request.all ? counter.now.adding(seconds: -31 * 86_400) : nil
    let found = try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in
        var found: [(alert: DutyAlert, person: Patient?)] = []
        for alert in try reader.alerts(since: since) where owner == nil || alert.owner == owner {
          guard since != nil || alert.acknowledgedAt == nil else { continue }
          found.append((alert, try reader.patient(of: alert.object)))
        }
        return found
      }
    }
    return Wire.ListAlertsResponse(alerts: found.map { counter.rules.wireAlert($0.alert, of: $0.person) })
  }

  /// Somebody takes an alert on.
  package func acknowledgeAlert(
    _ request: Wire.AcknowledgeDutyRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.AcknowledgeDutyResponse> {
    let id = try FieldReader.number(request.alert, field: "alert")
    let rules = counter.rules
    return try await counter.write(
      .duty(.acknowledge(TakeOnAlert(actor: counter.staff(context, .routine), alert: id))), context,
      encode: { Encoded(Wire.AcknowledgeDutyResponse(alert: $0.duty.alert.map { rules.wireAlert($0) })).bytes },
      refused: { refusal, _ in counter.refused(refusal, wish: nil, text: "No hay ningún aviso con ese número.") })
  }
}
