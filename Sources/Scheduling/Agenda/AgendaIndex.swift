package import ClinicDomain

package struct AgendaIndex: Hashable, Sendable {
  package let rules: ClinicRules
  package private(set) var today: CivilDate

  package init(rules: ClinicRules, appointments: some Sequence<Appointment>, today: CivilDate) {
    self.rules = rules
    self.today = today
    for appointment in appointments { apply([.insert(appointment)]) }
  }
  package mutating func apply(_ changes: [AgendaChange]) {}
  package mutating func roll(to today: CivilDate) { self.today = max(today, self.today) }
}
