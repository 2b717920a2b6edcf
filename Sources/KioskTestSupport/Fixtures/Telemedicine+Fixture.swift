package import ClinicDomain
package import Scheduling

extension ServiceCode {
  package static let telemedicine = ServiceCode("telemedicina")
}

extension ResourceID {
  /// Professional `number`.
  package static func p(_ number: Int) -> ResourceID { ResourceID(.profesional, number)! }
}

extension ClinicRules {
  /// The small clinic with a room for telemedicine, C6, of 30 minutes, which needs P1, a specialist at a distance in the mornings, and P2 or P3,
  /// who sit with the person.
  package static func telemedicine(_ change: (inout Clinic) -> Void = { _ in }) -> ClinicRules {
    .fixture { clinic in
      let mornings = clinic.resources[0].rules
      clinic.services.append(
        Service(
          code: .telemedicine, name: "Consulta a distancia", slotMinutes: 30, bookableBy: Channel.allCases, requiresRights: true,
          maxActivePerPatient: 1,
          companions: [
            CompanionRole(code: "especialista_remoto", name: "especialista a distancia", resources: [.p(1)]),
            CompanionRole(code: "profesional_local", name: "profesional que acompaña", resources: [.p(2), .p(3)]),
          ]))
      clinic.resources.insert(
        AgendaResource(id: .c(6), services: [.telemedicine], floor: 0, tags: [], rules: mornings), at: 5)
      clinic.resources.insert(
        AgendaResource(id: .c(7), services: [.telemedicine], floor: 0, tags: [], rules: mornings), at: 6)
      for number in 1...3 {
        clinic.resources.append(
          AgendaResource(id: .p(number), services: [], floor: 0, tags: [], rules: number == 1 ? [mornings[0]] : mornings))
      }
      change(&clinic)
    }
  }
}
