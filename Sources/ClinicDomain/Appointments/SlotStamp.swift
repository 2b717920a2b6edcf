/// What an appointment takes of its agenda besides its own time, and with how many others it shares that.
///
/// It is the service's when the appointment is made, and stays the appointment's: a rule that changes later rewrites nothing. Of several that
/// meet, the strictest holds: each one's time before and after is kept free, and a slot takes as many people as the smallest capacity among
/// them says. What carries no stamp is ``exclusive``.
package struct SlotStamp: Hashable, Sendable {
  /// Minutes before the slot in which nobody else is there, 0 ... ``longest``: the room is prepared.
  package var before: UInt8
  /// The same after it: the room is cleaned.
  package var after: UInt8
  /// How many people the slot takes, 1 ... 99.
  package var capacity: UInt8

  /// One person, and nothing before or after.
  package static let exclusive = SlotStamp()
  /// Minutes. The store's statements look that far around a slot.
  package static let longest = 120
  /// What no stamp reaches beyond: with it a day is read where any of its appointments may meet a stretch.
  package static let widest = SlotStamp(before: UInt8(longest), after: UInt8(longest))

  package init(before: UInt8 = 0, after: UInt8 = 0, capacity: UInt8 = 1) {
    self.before = before
    self.after = after
    self.capacity = capacity
  }

  package var hasBuffers: Bool { before > 0 || after > 0 }

  /// A stretch with the time before and after it; within its agenda's day.
  package func reach(of minutes: Range<AgendaMinute>) -> Range<AgendaMinute> {
    hasBuffers ? minutes.grown(by: Int(before), Int(after)) : minutes
  }

  /// Where nothing may begin or end that carries this stamp, because of somebody else's stretch.
  package func shadow(of minutes: Range<AgendaMinute>) -> Range<AgendaMinute> {
    hasBuffers ? minutes.grown(by: Int(after), Int(before)) : minutes
  }
}

extension Range<AgendaMinute> {
  fileprivate func grown(by before: Int, _ after: Int) -> Self {
    (lowerBound.adding(minutes: -before) ?? .midnight)..<(upperBound.adding(minutes: after) ?? .latest)
  }
}

extension Appointment {
  /// Its slot with the time before and after it that it keeps.
  package var reach: Range<AgendaMinute> { stamp.reach(of: slot.minutes) }
}
