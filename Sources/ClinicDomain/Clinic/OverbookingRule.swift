/// Hours in which a slot that somebody has may be given to a second person, because of those who ask long before some do not come.
///
/// By how far ahead, weekday and hour. No part of it is about a person: neither about who asks nor about who has the slot.
package struct OverbookingRule: Hashable, Sendable {
  /// In the order of the file, without repeats.
  package var resources: [ResourceID]
  /// Monday first, without repeats.
  package var weekdays: [Weekday]
  /// Of the agenda's date.
  package var hours: Range<AgendaMinute>
  /// Only for whoever asks so many days before, or more; 1 ... 366. On the day itself there are walk-ins.
  package var lead: Int
  /// How many people more than slots these hours of one agenda's one date may have, 1 ... 20.
  package var people: Int

  package init(resources: [ResourceID], weekdays: [Weekday] = Weekday.allCases, hours: Range<AgendaMinute>, lead: Int, people: Int) {
    self.resources = resources
    self.weekdays = weekdays
    self.hours = hours
    self.lead = lead
    self.people = people
  }

  /// Whether it is about a slot, all of it.
  package func names(_ slot: Slot) -> Bool {
    hours.lowerBound <= slot.minutes.lowerBound && slot.minutes.upperBound <= hours.upperBound
      && weekdays.contains(slot.date.weekday) && resources.contains(slot.resource)
  }
}
