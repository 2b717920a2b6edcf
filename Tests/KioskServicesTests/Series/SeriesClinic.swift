import ClinicDomain
import ClinicStore
import KioskServices
import KioskTestSupport
import Scheduling
import TTRPCCore
import VentanillaMessages

extension ClinicRules {
  /// The small clinic with a waitlist, two chairs (C6, C7: sessions of three hours, Monday to Saturday), a room for prevention (C8) and every
  /// kind of series. Fourteen days ahead, unless `change` says otherwise.
  static func series(_ change: (inout Clinic) -> Void = { _ in }) -> ClinicRules {
    .fixture { clinic in
      clinic.waitlist = .fixture
      clinic.policy.horizonDays = 14
      clinic.nonWorkingDays = ["2026-12-25", "2027-01-01", "2027-02-01"].map { CivilDate(iso: $0)! }
      clinic.services += [
        .discreet,
        Service(
          code: ServiceCode("hemodialisis"), name: "Hemodiálisis", slotMinutes: 180, bookableBy: [.desk], requiresRights: true,
          maxActivePerPatient: 1),
        Service(
          code: ServiceCode("medicina_preventiva"), name: "Medicina preventiva", slotMinutes: 15, bookableBy: Channel.allCases,
          requiresRights: false, maxActivePerPatient: 1),
      ]
      clinic.resources[1].services.append(Service.discreet.code)
      let week: [Weekday] = [.monday, .tuesday, .wednesday, .thursday, .friday, .saturday]
      let days = [WeeklyRule(turno: .matutino, weekdays: week), WeeklyRule(turno: .vespertino, weekdays: week)]
      clinic.resources.insert(
        contentsOf: [
          AgendaResource(id: .c(6), services: [ServiceCode("hemodialisis")], floor: 0, tags: [], rules: days),
          AgendaResource(id: .c(7), services: [ServiceCode("hemodialisis")], floor: 0, tags: [], rules: days),
          AgendaResource(id: .c(8), services: [ServiceCode("medicina_preventiva")], floor: 0, tags: [], rules: days),
        ], at: 5)
      clinic.series = SeriesPolicy(
        programs: [
          SeriesProgram(
            code: SeriesCode("prenatal"), service: .familyMedicine, toleranceDays: 5,
            plan: .prenatal(weeks: [8, 12, 16, 20, 24, 28, 32, 36, 38, 40])),
          SeriesProgram(
            code: SeriesCode("cronicos"), service: .familyMedicine, toleranceDays: 7,
            plan: .periodic(
              PeriodicRule(everyMonths: 3, prescriptions: PrescriptionRule(count: 3, everyDays: 30, businessDays: 5, lapses: true)))),
          SeriesProgram(
            code: SeriesCode("continuo"), service: Service.discreet.code, toleranceDays: 7,
            plan: .periodic(PeriodicRule(everyMonths: 3, firstWithinDays: 7))),
          SeriesProgram(
            code: SeriesCode("sesiones"), service: ServiceCode("hemodialisis"), toleranceDays: 1,
            plan: .chairs(ChairRule(perWeek: 3, withinHours: 24, restHours: 20))),
        ],
        check: PreventiveCheck(service: ServiceCode("medicina_preventiva"), everyMonths: 12),
        doses: [
          VaccineDose(code: "srp_1", name: "Sarampión, primera dosis", fromMonths: 12, throughMonths: 71),
          VaccineDose(code: "srp_2", name: "Sarampión, segunda dosis", fromMonths: 18, throughMonths: 119),
        ],
        vaccination: ServiceCode("medicina_preventiva"))
      change(&clinic)
    }
  }
}

extension TestClinic {
  func series(_ role: RoleSet = .staff) -> SeriesClient { SeriesClient(doors[role]) }

  /// Begins a series at the desk.
  @discardableResult
  func start(
    _ program: String, for person: Patient, on date: String = "", chair: Wire.StandingChair? = nil, id: String? = nil
  ) async throws -> Wire.CareSeries {
    let token = try await session(person, at: .staff)
    let request = Wire.StartSeriesRequest(sessionToken: token, program: program, date: date, chair: chair, reason: .routine)
    return try await series().start(request, options: .write(id)).series!
  }

  /// A person's only series, as they see it themselves.
  func series(of person: Patient) async throws -> Wire.CareSeries? {
    let token = try await session(person)
    return try await series(.kiosk).list(.init(sessionToken: token)).series.first
  }

  func alerts() async throws -> [Wire.SeriesAlert] { try await series().listAlerts(.init()).alerts }

  /// Goes to a date's time on the clinic's wall, "2026-12-24 09:00", and lets the server do what there is to do.
  func goTo(_ text: String) async throws {
    let parts = text.split(separator: " ")
    let instant = rules.zone.instant(of: CivilDate(iso: parts[0])!, minute: AgendaMinute(text: parts[1])!)
    clock.advance(instant - clock.now)
    try await settle()
  }
}

extension Wire.SeriesActivity {
  /// Minutes since 1970 on the wall, of a session's own hour.
  func due(at minute: Int32) -> Int { CivilDate(iso: dueDate)!.daysSinceEpoch * 1440 + Int(minute) }

  /// The same of its place; `nil` when it has none.
  var start: Int? { slot.map { CivilDate(iso: $0.date)!.daysSinceEpoch * 1440 + Int($0.startMinute) } }
}
