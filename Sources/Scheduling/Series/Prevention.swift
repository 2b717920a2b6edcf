package import ClinicDomain

extension PreventiveCheck {
  /// Whether a person is to be offered a check on a date.
  ///
  /// - Parameters:
  ///   - last: the day of the last one that took place; `nil` when none is known.
  ///   - isExpected: whether they have an appointment for one.
  package func isDue(last: CivilDate?, isExpected: Bool, on today: CivilDate) -> Bool {
    guard !isExpected else { return false }
    return last.map { $0.advanced(byMonths: everyMonths) <= today } ?? true
  }
}

extension SeriesPolicy {
  /// The doses that a person of that age is due, in the order of the file.
  ///
  /// - Parameter received: the codes of those they had.
  package func dueDoses(born birthDate: CivilDate, received: [String], on today: CivilDate) -> [VaccineDose] {
    guard birthDate <= today else { return [] }
    let months = birthDate.months(on: today)
    return doses.filter { $0.fromMonths <= months && months <= $0.throughMonths && !received.contains($0.code) }
  }
}
