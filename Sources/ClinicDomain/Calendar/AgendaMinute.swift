/// A wall-clock time in the clinic's own time zone, on one agenda.
///
/// Unit: whole minutes since local midnight of the agenda's date, `0 ... 2880`;
/// a night turno (18:00 to 02:00) runs past 1440.
package struct AgendaMinute: Hashable, Comparable, Sendable {
  package let minutes: Int

  package static let midnight = AgendaMinute(unchecked: 0)
  /// The following midnight, which ends the agenda's own date.
  package static let endOfDay = AgendaMinute(unchecked: 1440)
  package static let latest = AgendaMinute(unchecked: 2880)

  /// Returns `nil` outside `0 ... 2880`.
  package init?(minutes: Int) {
    guard (0...2880).contains(minutes) else { return nil }
    self.minutes = minutes
  }

  private init(unchecked minutes: Int) { self.minutes = minutes }

  package static func < (left: Self, right: Self) -> Bool { left.minutes < right.minutes }

  /// The time `minutes` later, or earlier when negative; `nil` outside `0 ... 2880`.
  package func adding(minutes other: Int) -> AgendaMinute? {
    let (sum, overflow) = minutes.addingReportingOverflow(other)
    return overflow ? nil : AgendaMinute(minutes: sum)
  }
}

// MARK: - Text

extension AgendaMinute: CustomStringConvertible {
  /// Hours and minutes of the agenda, always five characters: "08:15"; past midnight the hours go on: "25:30".
  package var description: String { "\((minutes / 60).padded(2)):\((minutes % 60).padded(2))" }

  /// Reads `8:15`, `08:15` or, past midnight, `26:00`; hours 0 to 48, minutes 00 to 59.
  package init?(text: some StringProtocol) {
    let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard parts.count == 2, (1...2).contains(parts[0].count), parts[1].count == 2,
      let hours = Int(digits: parts[0]), let minutes = Int(digits: parts[1]), minutes < 60
    else { return nil }
    self.init(minutes: hours * 60 + minutes)
  }

  /// What a person reads: "08:15"; past midnight "01:30 (del día siguiente)", where the last minute of all is "24:00".
  package var spanishText: String {
    guard self >= .endOfDay else { return description }
    return "\(AgendaMinute(unchecked: minutes - 1440)) (del día siguiente)"
  }
}
