/// What a pregnant person always has from the clinic: Urgencias at once with an alarm sign, and without one a near date or a person by name.
///
/// Source: PROGRAMMES P19, «cero rechazo».
package struct MaternityPolicy: Hashable, Sendable {
  /// What a prenatal visit is booked as.
  package var service: ServiceCode
  /// A date is an answer within so many days, 0 ... ``maximumDays``; a later one is none.
  package var days: Int
  /// By when who is on duty has answered, in minutes of the world's clock, 1 ... ``maximumAnswerMinutes``.
  package var answerMinutes: Int
  /// The first who is on duty answers. Never empty; together they are there every minute of the week.
  package var roster: [OnDuty]

  package static let maximumDays = 14
  /// Source: PROGRAMMES P19, "a named person within 30 minutes".
  package static let maximumAnswerMinutes = 30
  package static let maximumRoster = 40

  package init(service: ServiceCode, days: Int, answerMinutes: Int, roster: [OnDuty]) {
    self.service = service
    self.days = days
    self.answerMinutes = answerMinutes
    self.roster = roster
  }

  /// Who answers then; where nobody is, against the rule of ``roster``, the last one all the same.
  package func onDuty(on date: CivilDate, at minute: AgendaMinute) -> OnDuty {
    roster.first { $0.isOn(date.weekday, minute) } ?? roster[roster.count - 1]
  }

  /// The first moment of the week, Monday first, at which nobody is on duty; `nil` when there is none.
  package var gap: (weekday: Weekday, minute: AgendaMinute)? {
    for weekday in Weekday.allCases {
      // Somebody's hours can end only where some begin or end: nothing else has to be looked at.
      let edges = roster.flatMap { [$0.hours.lowerBound.minutes, $0.hours.upperBound.minutes] }.map { $0 % AgendaMinute.endOfDay.minutes }
      for edge in (edges + [0]).sorted() {
        let minute = AgendaMinute(minutes: edge)!
        if !roster.contains(where: { $0.isOn(weekday, minute) }) { return (weekday, minute) }
      }
    }
    return nil
  }
}

/// A person of the clinic's by name, and when they answer.
package struct OnDuty: Hashable, Sendable {
  /// "Enf. María Muestra".
  package var name: String
  /// "enfermera materno infantil de guardia".
  package var post: String
  package var phone: PhoneNumber
  /// On which the hours begin; without repeats.
  package var weekdays: [Weekday]
  /// May run past midnight.
  package var hours: Range<AgendaMinute>

  package init(name: String, post: String, phone: PhoneNumber, weekdays: [Weekday], hours: Range<AgendaMinute>) {
    self.name = name
    self.post = post
    self.phone = phone
    self.weekdays = weekdays
    self.hours = hours
  }

  /// "Enf. María Muestra, enfermera materno infantil de guardia".
  package var title: String { "\(name), \(post)" }

  /// - Parameter minute: of that weekday, before 24:00.
  package func isOn(_ weekday: Weekday, _ minute: AgendaMinute) -> Bool {
    let lateMinute = minute.adding(minutes: AgendaMinute.endOfDay.minutes)
    return weekdays.contains(weekday) && hours.contains(minute)
      || weekdays.contains(weekday.before) && lateMinute.map(hours.contains) == true
  }
}

extension Weekday {
  fileprivate var before: Weekday { Weekday(rawValue: (rawValue + 5) % 7 + 1)! }
}
