package import ClinicDomain
package import Scheduling

extension ServiceCode {
  package static let homeVisit = ServiceCode("visita_domiciliaria")
}

extension HomeVisitPolicy {
  /// North: Mondays and Tuesdays, P1 and P2, three a day. South: Wednesdays and Fridays, P2 and P3, two a day.
  package static let fixture = HomeVisitPolicy(
    service: .homeVisit,
    zones: [
      HomeZone(
        code: "norte", name: "Zona norte", postalCodes: [PostalCode("07300")!...PostalCode("07399")!], weekdays: [.monday, .tuesday],
        professionals: [.p(1), .p(2)], visitsPerDay: 3),
      HomeZone(
        code: "sur", name: "Zona sur", postalCodes: [PostalCode("14000")!...PostalCode("14000")!], weekdays: [.wednesday, .friday],
        professionals: [.p(2), .p(3)], visitsPerDay: 2),
    ])
}

extension ClinicRules {
  /// The small clinic with visits at home of an hour: P1 and P2 by day, P3 in Friday's night turno too, which is no time for them.
  package static func homeVisits(_ change: (inout Clinic) -> Void = { _ in }) -> ClinicRules {
    .fixture { clinic in
      clinic.services.append(
        Service(
          code: .homeVisit, name: "Visita domiciliaria", slotMinutes: 60, bookableBy: [.kiosk, .desk], requiresRights: true,
          maxActivePerPatient: 1, homoclave: "IMSS-03-019", requirements: ["Identificación oficial", "Cartilla Nacional de Salud"]))
      let days = clinic.resources[0].rules
      for number in 1...3 {
        let rules = number < 3 ? days : days + [WeeklyRule(turno: .nocturno, weekdays: [.friday])]
        clinic.resources.append(AgendaResource(id: .p(number), services: [.homeVisit], floor: 0, tags: [], rules: rules))
      }
      clinic.homeVisits = .fixture
      change(&clinic)
    }
  }
}

extension HomeVisitForm {
  /// Asked for by a daughter; consultorio, turno and telephone are left to the record but for the telephone.
  package static func fixture(
    street: String = "Norte 72 4315", postalCode: String = "07300", phone: String? = "5512345678", consultorio: ResourceID? = nil,
    turno: TurnoCode? = nil
  ) -> HomeVisitForm {
    try! HomeVisitForm(
      address: HomeAddress(street: street, neighbourhood: "La Joya", postalCode: postalCode, references: "portón verde"),
      applicant: "Hija De Ejemplo", kinship: "hija", phone: phone.flatMap { PhoneNumber($0) }, consultorio: consultorio, turno: turno)
  }
}
