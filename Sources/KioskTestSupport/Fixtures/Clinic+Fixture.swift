package import ClinicDomain

extension ServiceCode {
  package static let familyMedicine = ServiceCode("medicina_familiar")
  package static let dentist = ServiceCode("estomatologia")
  /// The desk appointment of a trámite.
  package static let clinicChange = ServiceCode("cambio_de_clinica")
}

extension TurnoCode {
  package static let matutino = TurnoCode("matutino")
  package static let vespertino = TurnoCode("vespertino")
  package static let nocturno = TurnoCode("nocturno")
}

extension ResourceID {
  /// Consultorio `number`.
  package static func c(_ number: Int) -> ResourceID { ResourceID(.consultorio, number)! }
  /// Ventanilla `number`.
  package static func v(_ number: Int) -> ResourceID { ResourceID(.ventanilla, number)! }
}

extension Range<AgendaMinute> {
  /// Whole hours.
  package static func hours(_ first: Int, _ last: Int) -> Self {
    AgendaMinute(minutes: first * 60)!..<AgendaMinute(minutes: last * 60)!
  }
}

extension Clinic {
  /// A small clinic with one of everything.
  ///
  /// C1, C2 (break 11:00–11:30) on the ground floor and C3 on floor 1: family medicine, 15 minutes, Monday to Friday in both day
  /// turnos. C4: dentist, 30 minutes, mornings. C5: family medicine, Friday and Saturday from 18:00 to 02:00. V1: a trámite's desk,
  /// 20 minutes, mornings, not for the phone, without rights. Limits: one per service, three in all, two holds. 28 days ahead.
  package static func fixture(_ change: (inout Clinic) -> Void = { _ in }) -> Clinic {
    let week: [Weekday] = [.monday, .tuesday, .wednesday, .thursday, .friday]
    let days = [WeeklyRule(turno: .matutino, weekdays: week), WeeklyRule(turno: .vespertino, weekdays: week)]
    let eleven = AgendaMinute(minutes: 660)!..<AgendaMinute(minutes: 690)!
    let pausing = [
      WeeklyRule(turno: .matutino, weekdays: week, breaks: [eleven]), WeeklyRule(turno: .vespertino, weekdays: week),
    ]
    var clinic = Clinic(
      identity: .fixture, services: [.familyMedicine, .dentist, .clinicChange],
      turnos: [
        Turno(code: .matutino, name: "matutino", hours: .hours(8, 14)),
        Turno(code: .vespertino, name: "vespertino", hours: .hours(14, 20)),
        Turno(code: .nocturno, name: "nocturno", hours: .hours(18, 26)),
      ],
      resources: [
        AgendaResource(id: .c(1), services: [.familyMedicine], floor: 0, tags: [], rules: days),
        AgendaResource(id: .c(2), services: [.familyMedicine], floor: 0, tags: [], rules: pausing),
        AgendaResource(id: .c(3), services: [.familyMedicine], floor: 1, tags: ["piso_2"], rules: days),
        AgendaResource(id: .c(4), services: [.dentist], floor: 0, tags: [], rules: [days[0]]),
        AgendaResource(
          id: .c(5), services: [.familyMedicine], floor: 0, tags: [],
          rules: [WeeklyRule(turno: .nocturno, weekdays: [.friday, .saturday])]),
        AgendaResource(id: .v(1), services: [.clinicChange], floor: 0, tags: [], rules: [days[0]]),
      ],
      closures: [], nonWorkingDays: [], policy: .fixture, guidance: .fixture)
    change(&clinic)
    return clinic
  }

  /// A clinic of `consultorios` of family medicine in two turnos, every third on floor 1: 48 slots of 15 minutes each, every day.
  package static func large(consultorios: Int = 30) -> Clinic {
    .fixture { clinic in
      let rules = [
        WeeklyRule(turno: .matutino, weekdays: Weekday.allCases), WeeklyRule(turno: .vespertino, weekdays: Weekday.allCases),
      ]
      clinic.resources = (1...consultorios).map { number in
        AgendaResource(
          id: .c(number), services: [.familyMedicine], floor: number.isMultiple(of: 3) ? 1 : 0, tags: [], rules: rules)
      }
    }
  }
}

extension ClinicIdentity {
  package static let fixture = ClinicIdentity(
    clues: CLUES("DFIMS009996")!, ooad: "Ciudad de México Norte", number: 999, name: "UMF 999 Ejemplo",
    zone: "America/Mexico_City")
}

extension Service {
  package static let familyMedicine = Service(
    code: .familyMedicine, name: "Medicina familiar", slotMinutes: 15, bookableBy: Channel.allCases, requiresRights: true,
    maxActivePerPatient: 1)
  package static let dentist = Service(
    code: .dentist, name: "Estomatología", slotMinutes: 30, bookableBy: Channel.allCases, requiresRights: true,
    maxActivePerPatient: 1)
  package static let clinicChange = Service(
    code: .clinicChange, name: "Cambio de clínica", slotMinutes: 20, bookableBy: [.kiosk, .desk], requiresRights: false,
    maxActivePerPatient: 1, homoclave: "IMSS-02-066", requirements: ["Identificación oficial vigente"])
}

extension BookingPolicy {
  package static let fixture = BookingPolicy(
    horizonDays: 28, holdSeconds: HoldSeconds(kiosk: 120, phone: 240, desk: 300), graceMinutes: 10,
    checkInOpensMinutes: 30, maxActivePerPatient: 3, maxHoldsPerPatient: 2, adultAge: 18)
}

extension [StepOccasion: [NextStep]] {
  package static var fixture: Self {
    [
      .noSlot: [NextStep(code: "unifila", text: "Pase al módulo de Unifila.")],
      .noRights: [NextStep(code: "imss_bienestar", text: "Acuda a la unidad de IMSS-Bienestar más cercana.")],
      .limitReached: [NextStep(code: "cancelar", text: "Cancele una de sus citas.")],
      .other: [NextStep(code: "asistente_medica", text: "Pregunte a la asistente médica.")],
    ]
  }
}
