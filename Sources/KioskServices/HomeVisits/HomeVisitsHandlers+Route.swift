internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

extension HomeVisitsHandlers {
  package func getRoute(_ request: Wire.GetRouteRequest, context: CallContext) async throws(RPCError) -> Wire.GetRouteResponse {
    let date = try FieldReader.optionalDate(request.date, field: "date") ?? counter.today
    let only = request.resource.isEmpty ? nil : try FieldReader.resource(request.resource, field: "resource")
    let rules = counter.rules
    guard let policy = rules.clinic.homeVisits else { throw counter.refused(.serviceNotOffered, wish: nil) }
    guard date >= counter.today.advanced(by: -1) else {
      throw .field("date", "la ruta se consulta desde el día de ayer: quien ya recibió su visita sigue viviendo ahí")
    }
    guard request.zone.isEmpty || policy.zone(request.zone) != nil else {
      throw .field("zone", "las zonas de esta clínica son: \(policy.zones.map(\.code).joined(separator: ", "))")
    }
    let givers = rules.clinic.resources.filter { $0.services.contains(policy.service) && (only == nil || $0.id == only) }.map(\.id)
    let stops = try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in
        var stops: [Stop] = []
        for resource in givers {
          for appointment in try reader.appointments(of: resource, on: date) where appointment.isStop(of: policy.service) {
            guard let patient = try reader.patient(id: appointment.patient) else { continue }
            stops.append(Stop(appointment: appointment, patient: patient, visit: try reader.homeVisit(of: appointment.folio)))
          }
        }
        return stops
      }
    }
    let wanted = stops.filter { request.zone.isEmpty || $0.visit?.zone == request.zone }.sorted { $0.key(policy) < $1.key(policy) }
    return Wire.GetRouteResponse(date: date.description, stops: wanted.map { rules.wireStop($0, policy) })
  }
}

/// Somebody who is visited, and where.
private struct Stop: Sendable {
  var appointment: Appointment
  var patient: Patient
  /// `nil` when nobody wrote it down: the visit was keyed in from paper.
  var visit: HomeVisit?

  /// By the zone's place in the configuration, professional and start.
  func key(_ policy: HomeVisitPolicy) -> (Int, ResourceID, AgendaMinute) {
    (policy.zones.firstIndex { $0.code == visit?.zone } ?? policy.zones.count, appointment.slot.resource, appointment.slot.start)
  }
}

extension Appointment {
  /// Whether somebody goes there, or has gone.
  fileprivate func isStop(of service: ServiceCode) -> Bool {
    self.service == service && status.occupiesSlot && status != .pending
  }
}

extension ClinicRules {
  fileprivate func wireStop(_ stop: Stop, _ policy: HomeVisitPolicy) -> Wire.HomeVisitStop {
    let visit = stop.visit
    return Wire.HomeVisitStop(
      zone: visit?.zone ?? "", zoneName: visit.flatMap { policy.zone($0.zone)?.name } ?? "",
      appointment: wireAppointment(stop.appointment, of: stop.patient), name: stop.patient.name.address,
      nss: stop.patient.nss?.description ?? "", street: visit?.address.street ?? "", neighbourhood: visit?.address.neighbourhood ?? "",
      postalCode: visit?.address.postalCode.description ?? "", references: visit?.address.references ?? "",
      phone: visit?.phone.spoken ?? "", applicant: visit?.applicant ?? "", kinship: visit?.kinship ?? "",
      consultorio: visit?.consultorio.description ?? "", turno: visit?.turno.rawValue ?? "")
  }
}
