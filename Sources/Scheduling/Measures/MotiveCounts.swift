package import ClinicDomain

/// How many asked for one thing on one day; nothing in it is of a person.
///
/// Source: PROGRAMMES P34: the weekly export has no identifiers, and a cell of fewer than five says only that it is one.
package struct MotiveCell: Hashable, Sendable {
  package var date: CivilDate
  /// The code of what was asked about: a guide's.
  package var motive: String
  /// `nil` for one to four.
  package var count: Int?

  /// Fewer than so many are not counted out loud.
  package static let smallest = 5

  package init(date: CivilDate, motive: String, count: Int?) {
    self.date = date
    self.motive = motive
    self.count = count
  }

  /// The cells of what was asked, by date and motive. There is no sum of any of them: with it a small cell could be worked out.
  package static func cells(of asked: [(date: CivilDate, motive: String)]) -> [MotiveCell] {
    var cells: [MotiveCell] = []
    for (date, motive) in asked.sorted(by: { ($0.date, $0.motive) < ($1.date, $1.motive) }) {
      if let last = cells.last, last.date == date, last.motive == motive {
        cells[cells.count - 1].count = (last.count ?? 0) + 1
      } else {
        cells.append(MotiveCell(date: date, motive: motive, count: 1))
      }
    }
    return cells.map { MotiveCell(date: $0.date, motive: $0.motive, count: $0.count.flatMap { $0 < smallest ? nil : $0 }) }
  }
}

extension CivilDate {
  /// Monday to Sunday around it.
  package var week: ClosedRange<CivilDate> {
    let monday = advanced(by: 1 - weekday.rawValue)
    return monday...monday.advanced(by: 6)
  }
}
