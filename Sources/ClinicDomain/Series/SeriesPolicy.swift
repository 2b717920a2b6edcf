/// What a clinic sees people for again and again, and what it reminds them of.
package struct SeriesPolicy: Hashable, Sendable {
  /// In the order of the file; codes are unique.
  package var programs: [SeriesProgram]
  /// `nil` offers nobody a check.
  package var check: PreventiveCheck?
  /// Doses by age, in the order of the file.
  package var doses: [VaccineDose]
  /// What a dose is given at; `nil` where there are none.
  package var vaccination: ServiceCode?

  package init(
    programs: [SeriesProgram] = [], check: PreventiveCheck? = nil, doses: [VaccineDose] = [], vaccination: ServiceCode? = nil
  ) {
    self.programs = programs
    self.check = check
    self.doses = doses
    self.vaccination = vaccination
  }

  package static let none = SeriesPolicy()

  package func program(_ code: SeriesCode) -> SeriesProgram? { programs.first { $0.code == code } }

  /// The program whose sessions a service is; `nil` for every other service.
  package func chairs(of service: ServiceCode) -> (program: SeriesProgram, rule: ChairRule)? {
    for program in programs where program.service == service {
      if case .chairs(let rule) = program.plan { return (program, rule) }
    }
    return nil
  }
}

/// The code of a series in a clinic's configuration, such as `prenatal`.
package struct SeriesCode: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible {
  package let rawValue: String
  package init(rawValue: String) { self.rawValue = rawValue }
  package init(_ rawValue: String) { self.rawValue = rawValue }
  package var description: String { rawValue }
  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// One kind of series: what is due when, and at which service.
package struct SeriesProgram: Hashable, Sendable {
  package enum Plan: Hashable, Sendable {
    /// Visits in these weeks since the last menstruation, ascending, 1 ... 42.
    case prenatal(weeks: [Int])
    case periodic(PeriodicRule)
    case chairs(ChairRule)
  }

  package var code: SeriesCode
  /// What a visit or session is an appointment for. Of a confidential service the whole series is the person's own alone.
  package var service: ServiceCode
  /// A visit may be so many days before or after the day it is due, 0 ... 31.
  package var toleranceDays: Int
  package var plan: Plan

  package init(code: SeriesCode, service: ServiceCode, toleranceDays: Int, plan: Plan) {
    self.code = code
    self.service = service
    self.toleranceDays = toleranceDays
    self.plan = plan
  }
}

/// A visit every few months, each arranged when the one before took place.
package struct PeriodicRule: Hashable, Sendable {
  /// 1 ... 24.
  package var everyMonths: Int
  /// The series begins with a visit of its own (a test) within so many days; `nil` when it begins with a visit that took place.
  package var firstWithinDays: Int?
  package var prescriptions: PrescriptionRule?

  package init(everyMonths: Int, firstWithinDays: Int? = nil, prescriptions: PrescriptionRule? = nil) {
    self.everyMonths = everyMonths
    self.firstWithinDays = firstWithinDays
    self.prescriptions = prescriptions
  }
}

/// The receta resurtible: one visit's prescriptions, each to be collected within a few business days.
///
/// Source: domain, 2.6: three prescriptions, one a month, each valid for five business days; after a missed one the rest is void.
package struct PrescriptionRule: Hashable, Sendable {
  /// 1 ... 12.
  package var count: Int
  /// From one's first day to the next one's, 1 ... 92.
  package var everyDays: Int
  /// Each can be collected on so many business days, 1 ... 30.
  package var businessDays: Int
  /// After a missed one the others of its visit are void, and the person must come again.
  package var lapses: Bool

  package init(count: Int, everyDays: Int, businessDays: Int, lapses: Bool) {
    self.count = count
    self.everyDays = everyDays
    self.businessDays = businessDays
    self.lapses = lapses
  }
}

/// Sessions on a chair of one's own, on the same weekdays and at the same hour.
package struct ChairRule: Hashable, Sendable {
  /// Sessions of a week, 1 ... 7.
  package var perWeek: Int
  /// When a chair is down, its session is moved by at most so many hours, or staff are alerted; 1 ... 72.
  package var withinHours: Int
  /// From the beginning of one of a person's sessions to that of the next at least, hours; 1 ... 72.
  package var restHours: Int

  package init(perWeek: Int, withinHours: Int, restHours: Int) {
    self.perWeek = perWeek
    self.withinHours = withinHours
    self.restHours = restHours
  }
}

/// The yearly check that is offered, once in each visit or call, to whoever has had none for long.
package struct PreventiveCheck: Hashable, Sendable {
  package var service: ServiceCode
  /// Without one for so many months, 1 ... 60.
  package var everyMonths: Int

  package init(service: ServiceCode, everyMonths: Int) {
    self.service = service
    self.everyMonths = everyMonths
  }
}

/// One dose of one vaccine, by age. What a clinic writes is data; nothing of it is decided here.
package struct VaccineDose: Hashable, Sendable {
  /// "srp_1".
  package var code: String
  /// What a person reads: "Sarampión, rubéola y parotiditis: primera dosis".
  package var name: String
  /// Months of age from which it is due, 0 ... 1440.
  package var fromMonths: Int
  /// Months of age up to which it is given, the last included.
  package var throughMonths: Int

  package init(code: String, name: String, fromMonths: Int, throughMonths: Int) {
    self.code = code
    self.name = name
    self.fromMonths = fromMonths
    self.throughMonths = throughMonths
  }
}
