package import ClinicDomain

extension OnDuty {
  private static let week: [Weekday] = [.monday, .tuesday, .wednesday, .thursday, .friday]

  package static let morning = OnDuty(
    name: "Enf. María Muestra", post: "enfermera materno infantil", phone: PhoneNumber("5550109011")!, weekdays: week, hours: .hours(8, 14))
  package static let night = OnDuty(
    name: "Dr. Luis Muestra", post: "médico de guardia nocturna", phone: PhoneNumber("5550109012")!, weekdays: [.friday, .saturday],
    hours: .hours(20, 32))
  package static let always = OnDuty(
    name: "Dra. Luz Inventada", post: "médica de guardia de la zona", phone: PhoneNumber("5550109013")!, weekdays: Weekday.allCases,
    hours: .hours(0, 24))
}

extension MaternityPolicy {
  /// A date within seven days, or an answer within 30 minutes: mornings of the week, Friday's and Saturday's nights, and the zone's doctor.
  package static let fixture = MaternityPolicy(
    service: .familyMedicine, days: 7, answerMinutes: 30, roster: [.morning, .night, .always])
}
