internal import ClinicDomain
internal import ClinicStore
internal import KioskServices
internal import KioskTestSupport
internal import Scheduling

/// A clinic to let a year pass in: consultorios of family medicine, 48 slots of 15 minutes each from Monday to Friday, four weeks ahead,
/// and a population that believes in it.
struct YearClinic: Sendable {
  let rules: ClinicRules
  /// The `number`-th has the store's id `number + 1`.
  let people: [Patient]

  static let firstDay = CivilDate(iso: "2026-01-01")!
  static let holidays = [
    "2026-01-01", "2026-02-02", "2026-03-16", "2026-05-01", "2026-09-16", "2026-11-16", "2026-12-25", "2027-01-01",
  ].map { CivilDate(iso: $0)! }

  init(consultorios: Int, people count: Int, seed: UInt64) {
    var clinic = BenchClinic.clinic
    let weekdays = Weekday.allCases.filter { $0 != .saturday && $0 != .sunday }
    clinic.resources = (1...consultorios).map { number in
      AgendaResource(
        id: ResourceID(.consultorio, number)!, services: [BenchClinic.service], floor: number.isMultiple(of: 3) ? 1 : 0, tags: [],
        rules: clinic.turnos.map { WeeklyRule(turno: $0.code, weekdays: weekdays) })
    }
    clinic.nonWorkingDays = Self.holidays
    clinic.services[0].maxActivePerPatient = 2
    clinic.policy.maxActivePerPatient = 3
    clinic.waitlist = WaitlistPolicy(
      sources: FreedPlace.Source.allCases, offersAtOnce: 3, answerMinutes: 20, closesMinutes: 60, maxAsks: 5, maxDays: 30, maxPerPatient: 2)
    rules = ClinicRules(clinic: clinic, zone: BenchClinic.rules.zone)
    var population = Population(seed: seed, today: Self.firstDay, consultorios: consultorios)
    var people: [Patient] = []
    people.reserveCapacity(count)
    population.forEachPerson(people: count) { people.append(Patient($0, id: people.count + 1)) }
    self.people = people
  }

  /// Takes everybody into a new store.
  func makeStore(at path: String) throws -> StoreCore {
    let now = rules.zone.instant(of: Self.firstDay, minute: .midnight)
    let core = try StoreCore.open(.file(path), rules: rules, at: now)
    for first in stride(from: 0, to: people.count, by: ImportPatients.maximumRows) {
      let rows = people[first..<min(first + ImportPatients.maximumRows, people.count)].map {
        PatientImport(identityKey: "year \($0.id.rawValue)", patient: $0, numberIsGiven: true, numberSeed: 0)
      }
      let command = StoreCommand(requestID: nil, digest: [], command: .importPatients(ImportPatients(rows: rows)), encodeReply: { _ in [] })
      guard case .granted(.imported(let counts), _) = try core.apply([command], at: now)[0], counts.added == rows.count else {
        throw BenchFault("the made-up people were not taken")
      }
    }
    return core
  }
}

extension Patient {
  /// Of the made-up population, with rights without an end: what a year is about is the agenda.
  fileprivate init(_ person: SyntheticPerson, id: Int) {
    self.init(
      id: PatientID(rawValue: Int64(id)), nss: person.nss, agregado: AgregadoMedico(person.agregado), curp: person.curp,
      number: person.number ?? PatientNumber(random: UInt64(id)),
      name: PersonName(
        given: person.given, firstSurname: person.firstSurname, secondSurname: person.secondSurname, chosen: person.chosenName,
        pronoun: person.pronoun),
      birthDate: person.birthDate, phone: nil, language: person.language, needs: person.needs,
      consultorio: ResourceID(.consultorio, person.consultorio), turno: TurnoCode(person.turno), rights: Rights(state: .vigente, date: nil))
  }
}
