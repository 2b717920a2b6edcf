internal import ClinicDomain
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

extension AppointmentsHandlers {
  /// What this channel may book, in the configuration's order. A visit at home is asked for apart: it has an address.
  package func listServices(
    _ request: Wire.ListServicesRequest, context: CallContext
  ) throws(RPCError) -> Wire.ListServicesResponse {
    let channel = Channel(role: context.role)
    return Wire.ListServicesResponse(
      services: counter.rules.clinic.services.filter { $0.bookableBy.contains(channel) && $0.code != counter.rules.clinic.homeVisits?.service }.map { service in
        Wire.Service(
          code: service.code.rawValue, name: service.spokenName, slotMinutes: Int32(service.slotMinutes),
          homoclave: service.homoclave ?? "", requirements: service.requirements)
      })
  }
}
