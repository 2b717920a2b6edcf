package import ClinicDomain

/// One resource's one turno on one date: its hours and the slots they are cut into.
///
/// Each open stretch (the hours without the breaks) is cut from its own beginning, so that after a break somebody is seen at
/// once; what is left of a stretch and shorter than a slot is not offered.
package struct TurnoAgenda: Hashable, Sendable {
  package var resource: ResourceID
  /// The date the turno begins on.
  package var date: CivilDate
  package var turno: TurnoCode
  /// Half-open; past 1440 it is the following day's morning.
  package var hours: Range<AgendaMinute>
  /// Hours without breaks; ascending, not overlapping, none empty.
  package var stretches: [Range<AgendaMinute>]
  package var slotMinutes: Int
  /// Why no appointments are given; `nil` on an ordinary day.
  package var closed: ClosedReason?
  /// Who may have how many of its places, and from when on.
  var share = TurnoShare.open

  /// The slots it is cut into, ascending, closed or not; ``ClinicRules/slots(of:)`` says which of them can be reserved.
  package var grid: [Slot] {
    stretches.flatMap { $0.cut(into: slotMinutes) }.map { Slot(resource: resource, date: date, minutes: $0) }
  }
}

extension ClinicRules {
  /// Whether the clinic has said how many people a turno sees.
  package func isCapped(_ turno: TurnoAgenda) -> Bool { turno.share.cap != nil }
}

/// Why a turno gives no appointments on a date. Cases stand in the order they are checked.
package enum ClosedReason: Hashable, Sendable {
  /// The institute's calendar.
  case nonWorkingDay
  /// The clinic's first closure, in the order of its file, that names the date, the resource and the turno. The text is for staff.
  case closure(String)
}

extension Range<AgendaMinute> {
  /// Whole pieces of that length, from the beginning.
  func cut(into length: Int) -> [Range<AgendaMinute>] {
    var pieces: [Range<AgendaMinute>] = []
    var start = lowerBound
    while let end = start.adding(minutes: length), end <= upperBound {
      pieces.append(start..<end)
      start = end
    }
    return pieces
  }

  /// What `breaks` leave of the range; ascending, none empty.
  func removing(_ breaks: [Range<AgendaMinute>]) -> [Range<AgendaMinute>] {
    var left: [Range<AgendaMinute>] = []
    var start = lowerBound
    for pause in breaks where pause.overlaps(self) {
      if start < pause.lowerBound { left.append(start..<pause.lowerBound) }
      start = Swift.max(start, pause.upperBound)
    }
    if start < upperBound { left.append(start..<upperBound) }
    return left
  }
}
