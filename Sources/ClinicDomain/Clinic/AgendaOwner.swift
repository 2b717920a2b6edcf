/// Whose appointments an agenda has at some hour.
package enum AgendaOwner: String, Hashable, Sendable, CaseIterable {
  /// This server gives them.
  case ventanilla
  /// Another system does: here they are imported, shown and seen, and none is ever given.
  case externa
}

/// Who gives the appointments of some agendas at some hours.
package struct OwnershipRule: Hashable, Sendable {
  package var owner: AgendaOwner
  /// In the order of the file, without repeats.
  package var resources: [ResourceID]
  /// Monday first, without repeats.
  package var weekdays: [Weekday]
  /// Of the agenda's date; the whole of it by default.
  package var hours: Range<AgendaMinute>

  package init(
    _ owner: AgendaOwner, resources: [ResourceID], weekdays: [Weekday] = Weekday.allCases,
    hours: Range<AgendaMinute> = .midnight ..< .latest
  ) {
    self.owner = owner
    self.resources = resources
    self.weekdays = weekdays
    self.hours = hours
  }
}

extension [OwnershipRule] {
  /// What of an agenda's weekday is another system's; ascending, not overlapping, none empty.
  ///
  /// Read from its beginning: the first rule that names the agenda, the weekday and the minute holds. What none names is ours.
  package func external(_ resource: ResourceID, on weekday: Weekday) -> [Range<AgendaMinute>] {
    var open = [AgendaMinute.midnight ..< .latest]
    var external: [Range<AgendaMinute>] = []
    for rule in self where rule.resources.contains(resource) && rule.weekdays.contains(weekday) {
      if rule.owner == .externa { external += open.map { $0.clamped(to: rule.hours) }.filter { !$0.isEmpty } }
      open = open.flatMap { stretch -> [Range<AgendaMinute>] in
        guard stretch.overlaps(rule.hours) else { return [stretch] }
        return [
          stretch.lowerBound..<Swift.max(stretch.lowerBound, rule.hours.lowerBound),
          Swift.min(stretch.upperBound, rule.hours.upperBound)..<stretch.upperBound,
        ].filter { !$0.isEmpty }
      }
    }
    return external.sorted { $0.lowerBound < $1.lowerBound }
  }
}
