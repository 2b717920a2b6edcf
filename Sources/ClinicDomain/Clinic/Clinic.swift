/// A clinic as its configuration describes it: who it is, what it gives appointments for, where, and when.
///
/// One legal value; ``ClinicConfiguration`` makes it out of clinic.yaml or says everything that is wrong.
package struct Clinic: Hashable, Sendable {
  package var identity: ClinicIdentity
  /// In the order of the file, which is the order in which they are offered.
  package var services: [Service]
  /// By start, then code.
  package var turnos: [Turno]
  /// Ascending by id, unique.
  package var resources: [AgendaResource]
  package var closures: [Closure]
  /// The institute's calendar of days without appointments; ascending, unique.
  package var nonWorkingDays: [CivilDate]
  package var policy: BookingPolicy
  package var capacity: CapacityPolicy
  /// `nil` offers nobody what others leave: it is free at once for whoever asks.
  package var waitlist: WaitlistPolicy?
  package var series: SeriesPolicy
  /// Who gives the appointments of which hours; the first rule that names one holds, and what none names is ours.
  package var owners: [OwnershipRule]
  package var duties: DutyPolicy
  /// `nil` where nobody has said yet who cares for people without rights.
  package var freeCare: FreeCare?
  /// What a birth plan asks; `nil` where the clinic keeps none.
  package var birthPlan: BirthPlanForm?
  /// `nil` visits nobody at home.
  package var homeVisits: HomeVisitPolicy?
  /// What can be done instead, for each occasion, in the order in which it is worth trying.
  package var guidance: [StepOccasion: [NextStep]]
  /// `nil` calls nobody about their appointments.
  package var notices: NoticePolicy?
  /// For código infarto; the nearest first, equally near ones in the order of the file.
  package var infarctionUnits: [CapableUnit] = []
  /// Where people are cared for, of any institution.
  package var directory = UnitDirectory.empty
  /// `nil` where nobody has written down yet who answers a pregnant person.
  package var maternity: MaternityPolicy?

  package init(
    identity: ClinicIdentity, services: [Service], turnos: [Turno], resources: [AgendaResource],
    closures: [Closure], nonWorkingDays: [CivilDate], policy: BookingPolicy, capacity: CapacityPolicy = .open,
    waitlist: WaitlistPolicy? = nil, series: SeriesPolicy = .none, owners: [OwnershipRule] = [], duties: DutyPolicy = .standard,
    freeCare: FreeCare? = nil, birthPlan: BirthPlanForm? = nil, homeVisits: HomeVisitPolicy? = nil, guidance: [StepOccasion: [NextStep]]
  ) {
    self.identity = identity
    self.services = services
    self.turnos = turnos
    self.resources = resources
    self.closures = closures
    self.nonWorkingDays = nonWorkingDays
    self.policy = policy
    self.capacity = capacity
    self.waitlist = waitlist
    self.series = series
    self.owners = owners
    self.duties = duties
    self.freeCare = freeCare
    self.birthPlan = birthPlan
    self.homeVisits = homeVisits
    self.guidance = guidance
  }

  package func service(_ code: ServiceCode) -> Service? { services.first { $0.code == code } }
  package func turno(_ code: TurnoCode) -> Turno? { turnos.first { $0.code == code } }

  /// The resource with that id, by binary search.
  package func resource(_ id: ResourceID) -> AgendaResource? {
    resourceIndex(id).map { resources[$0] }
  }

  /// Where a resource stands in ``resources``.
  package func resourceIndex(_ id: ResourceID) -> Int? {
    var low = 0
    var high = resources.count
    while low < high {
      let middle = (low + high) / 2
      if resources[middle].id < id { low = middle + 1 } else { high = middle }
    }
    return low < resources.count && resources[low].id == id ? low : nil
  }
}

/// What distinguishes this clinic from every other.
package struct ClinicIdentity: Hashable, Sendable {
  package var clues: CLUES
  /// Órgano de Operación Administrativa Desconcentrada, one of 35: "Ciudad de México Sur".
  package var ooad: String
  /// The unit's number, unique within its OOAD only.
  package var number: Int
  /// "UMF 20 Vallejo".
  package var name: String
  /// IANA zone: "America/Mexico_City".
  package var zone: String

  package init(clues: CLUES, ooad: String, number: Int, name: String, zone: String) {
    self.clues = clues
    self.ooad = ooad
    self.number = number
    self.name = name
    self.zone = zone
  }
}

/// Something appointments are given for.
package struct Service: Hashable, Sendable {
  package var code: ServiceCode
  /// What a person reads: "Medicina familiar". Of a confidential service only staff do.
  package var name: String
  /// What a confidential service is called wherever a screen, a voice or a message can be overheard, its own person's too; `nil` for a
  /// service that is not of the sensitive class.
  package var discreetName: String?
  /// Length of a slot, 5 ... 480 minutes.
  package var slotMinutes: Int
  /// The channels that may book it, without repeats.
  package var bookableBy: [Channel]
  /// Whether the person's rights must cover the date.
  package var requiresRights: Bool
  /// How many appointments for it one person may have at once, 1 ... 50.
  package var maxActivePerPatient: Int
  /// For a trámite's desk appointment, its homoclave: "IMSS-02-066".
  package var homoclave: String?
  /// What the person should bring, one sentence each.
  package var requirements: [String]
  /// Minutes after the hour during which a late person keeps the place; `nil` for the clinic's.
  package var graceMinutes: Int?
  /// The further agendas that each of its appointments occupies, all or none.
  package var companions: [CompanionRole]
  /// What its appointments are stamped with.
  package var stamp: SlotStamp

  package init(
    code: ServiceCode, name: String, slotMinutes: Int, bookableBy: [Channel], requiresRights: Bool,
    maxActivePerPatient: Int, homoclave: String? = nil, requirements: [String] = [], graceMinutes: Int? = nil,
    discreetName: String? = nil, companions: [CompanionRole] = [], stamp: SlotStamp = .exclusive
  ) {
    self.discreetName = discreetName
    self.companions = companions
    self.stamp = stamp
    self.code = code
    self.name = name
    self.slotMinutes = slotMinutes
    self.bookableBy = bookableBy
    self.requiresRights = requiresRights
    self.maxActivePerPatient = maxActivePerPatient
    self.homoclave = homoclave
    self.requirements = requirements
    self.graceMinutes = graceMinutes
  }
}

extension Service {
  /// Whether its appointments are the person's own alone: no parent, no other adult with consent and no household's count sees them.
  package var isConfidential: Bool { discreetName != nil }

  /// From the beginning of one person's slot to that of the next person's who comes with them: whole slots, with room for what each keeps free.
  package var stepMinutes: Int {
    let needed = slotMinutes + Int(stamp.before) + Int(stamp.after)
    return (needed + slotMinutes - 1) / slotMinutes * slotMinutes
  }

  /// What everybody may read or hear.
  package var spokenName: String { discreetName ?? name }
}

/// A working shift.
package struct Turno: Hashable, Sendable {
  package var code: TurnoCode
  /// What a person reads: "matutino".
  package var name: String
  /// Half-open, on the agenda of the date it begins on; runs past 1440 when it crosses midnight.
  package var hours: Range<AgendaMinute>

  package init(code: TurnoCode, name: String, hours: Range<AgendaMinute>) {
    self.code = code
    self.name = name
    self.hours = hours
  }
}

/// A room or desk with an agenda of its own.
package struct AgendaResource: Hashable, Sendable {
  package var id: ResourceID
  /// What it gives appointments for: one or more services of one slot length.
  package var services: [ServiceCode]
  /// 0 is the ground floor (planta baja).
  package var floor: Int
  /// The clinic's words for it, such as `piso_2`, `sin_escaleras`.
  package var tags: [String]
  /// When it works; rules of one weekday do not overlap.
  package var rules: [WeeklyRule]
  /// Whether somebody writes down who comes: only then can a slot be given away because nobody was seen.
  package var attendsLive: Bool

  package init(
    id: ResourceID, services: [ServiceCode], floor: Int, tags: [String], rules: [WeeklyRule], attendsLive: Bool = true
  ) {
    self.id = id
    self.services = services
    self.floor = floor
    self.tags = tags
    self.rules = rules
    self.attendsLive = attendsLive
  }
}

/// A turno that a resource works on certain weekdays.
package struct WeeklyRule: Hashable, Sendable {
  package var turno: TurnoCode
  /// Monday first, without repeats.
  package var weekdays: [Weekday]
  /// Protected breaks inside the turno's hours, ascending, not overlapping.
  package var breaks: [Range<AgendaMinute>]

  package init(turno: TurnoCode, weekdays: [Weekday], breaks: [Range<AgendaMinute>] = []) {
    self.turno = turno
    self.weekdays = weekdays
    self.breaks = breaks
  }
}

/// A stretch of days on which the clinic, or one resource, or one turno gives no appointments.
package struct Closure: Hashable, Sendable {
  /// `nil` closes every resource.
  package var resource: ResourceID?
  /// `nil` closes every turno.
  package var turno: TurnoCode?
  package var dates: ClosedRange<CivilDate>
  /// Why, for staff: never shown to patients.
  package var reason: String

  package init(
    resource: ResourceID?, turno: TurnoCode?, dates: ClosedRange<CivilDate>, reason: String
  ) {
    self.resource = resource
    self.turno = turno
    self.dates = dates
    self.reason = reason
  }
}

/// The clinic's numbers for booking.
package struct BookingPolicy: Hashable, Sendable {
  /// The last bookable date is today plus this many days, 1 ... 366.
  package var horizonDays: Int
  /// How long a hold keeps a slot, seconds, by channel: a keypad is slower than a touch screen.
  package var holdSeconds: HoldSeconds
  /// Minutes after the hour during which a late person keeps the place.
  package var graceMinutes: Int
  /// Minutes before the hour from which check-in is open.
  package var checkInOpensMinutes: Int
  /// Appointments of all services one person may have at once.
  package var maxActivePerPatient: Int
  /// Appointments of all services that the people of one NSS may have at once, together; `nil` sets no limit.
  package var maxActivePerHousehold: Int?
  /// Holds one person may have at once.
  package var maxHoldsPerPatient: Int
  /// Full years from which a person decides alone: 18 in Mexico.
  package var adultAge: Int

  package init(
    horizonDays: Int, holdSeconds: HoldSeconds, graceMinutes: Int, checkInOpensMinutes: Int,
    maxActivePerPatient: Int, maxActivePerHousehold: Int? = nil, maxHoldsPerPatient: Int, adultAge: Int
  ) {
    self.horizonDays = horizonDays
    self.holdSeconds = holdSeconds
    self.graceMinutes = graceMinutes
    self.checkInOpensMinutes = checkInOpensMinutes
    self.maxActivePerPatient = maxActivePerPatient
    self.maxActivePerHousehold = maxActivePerHousehold
    self.maxHoldsPerPatient = maxHoldsPerPatient
    self.adultAge = adultAge
  }
}

/// Hold times in seconds, one per channel, each 10 ... 3600.
package struct HoldSeconds: Hashable, Sendable {
  package var kiosk: Int
  package var phone: Int
  package var desk: Int

  package init(kiosk: Int, phone: Int, desk: Int) {
    self.kiosk = kiosk
    self.phone = phone
    self.desk = desk
  }

  package subscript(channel: Channel) -> Int {
    switch channel {
    case .kiosk: kiosk
    case .phone: phone
    case .desk: desk
    }
  }
}

/// When the clinic has something else to offer.
package enum StepOccasion: String, Hashable, Sendable, CaseIterable {
  /// Nothing free fits the wish.
  case noSlot = "sin_lugar"
  /// The person's rights do not reach the date.
  case noRights = "sin_derechos"
  /// The person has as many appointments as they may.
  case limitReached = "limite"
  /// Anything else was refused.
  case other = "otro"
}

/// One thing a person can do instead.
package struct NextStep: Hashable, Sendable {
  /// A stable word for programs: `orientacion_telefonica`.
  package var code: String
  /// The sentence for the person.
  package var text: String
  /// The unit that it is about; `nil` for none.
  package var clues: CLUES?
  /// The first day on which they are cared for there; `nil` for from now on.
  package var from: CivilDate?

  package init(code: String, text: String, clues: CLUES? = nil, from: CivilDate? = nil) {
    self.code = code
    self.text = text
    self.clues = clues
    self.from = from
  }
}
