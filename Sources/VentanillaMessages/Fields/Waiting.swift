package import ClinicDomain
package import TTRPCCore

extension Wire.JoinRequest {
  /// What the person would accept.
  ///
  /// - Parameters:
  ///   - today: stands for an empty first date.
  ///   - last: stands for an empty last date.
  /// - Throws: INVALID_ARGUMENT for the first field that cannot be read, in the message's order.
  package func checkedWish(today: CivilDate, last: CivilDate) throws(RPCError) -> WaitlistWish {
    guard (1...8).contains(services.count) else { throw .field("services", "diga de uno a ocho servicios") }
    var codes: [ServiceCode] = []
    for service in services {
      let code = try FieldReader.service(service, field: "services")
      guard !service.contains("\n"), !codes.contains(code) else { throw .field("services", "escriba cada servicio una vez") }
      codes.append(code)
    }
    let first = try FieldReader.optionalDate(firstDate, field: "first_date") ?? today
    let end = try FieldReader.optionalDate(lastDate, field: "last_date") ?? max(first, last)
    guard first <= end else { throw .field("last_date", "la última fecha es anterior a la primera") }
    let earliest = try FieldReader.minute(earliestMinute, field: "earliest_minute")
    let latest = latestMinute == 0 ? .latest : try FieldReader.minute(latestMinute, field: "latest_minute")
    guard earliest < latest else { throw .field("latest_minute", "la última hora es anterior a la primera") }
    return WaitlistWish(services: codes, dates: first...end, hours: earliest..<latest, turno: turno.isEmpty ? nil : TurnoCode(turno))
  }
}
