/// A clinic's time zone as a table: which offset from UTC holds from which instant on.
///
/// The table is a value, filled once from tzdata by the composition root, so that a decision needs neither files nor a clock.
/// After the last transition its offset holds for ever.
package struct ClinicZone: Hashable, Sendable {
  /// From `at` on, local time is UTC + `offsetSeconds`.
  package struct Transition: Hashable, Sendable {
    package let at: Instant
    package let offsetSeconds: Int

    package init(at: Instant, offsetSeconds: Int) {
      self.at = at
      self.offsetSeconds = offsetSeconds
    }
  }

  /// The IANA name, "America/Mexico_City".
  package let name: String
  /// What holds before the first transition.
  package let initialOffsetSeconds: Int
  /// In ascending order of `at`, each at a time of its own.
  package let transitions: [Transition]

  /// No zone of the world has been further from UTC than 16 hours; the bound keeps local dates within ``CivilDate``.
  package static let offsetBound = -64_800...64_800

  /// Returns `nil` when transitions are not in ascending order, or an offset is outside ``offsetBound``.
  package init?(name: String, initialOffsetSeconds: Int, transitions: [Transition] = []) {
    guard zip(transitions, transitions.dropFirst()).allSatisfy({ $0.at < $1.at }),
      Self.offsetBound.contains(initialOffsetSeconds),
      transitions.allSatisfy({ Self.offsetBound.contains($0.offsetSeconds) })
    else { return nil }
    self.name = name
    self.initialOffsetSeconds = initialOffsetSeconds
    self.transitions = transitions
  }

  package static let utc = ClinicZone(name: "UTC", initialOffsetSeconds: 0)!
}

// MARK: - From the world's time to the wall clock

extension ClinicZone {
  /// Seconds to add to UTC at an instant.
  ///
  /// - Complexity: O(log transitions).
  package func offsetSeconds(at instant: Instant) -> Int { offset(ofSegment: segment(at: instant)) }

  /// The date and time that the clinic's wall clock shows; the minute is below 1440, seconds are dropped.
  package func local(of instant: Instant) -> (date: CivilDate, minute: AgendaMinute) {
    let (date, second) = localSeconds(of: instant)
    return (date, AgendaMinute(minutes: second / 60)!)
  }

  /// As ``local(of:)``, with whole seconds since local midnight, `0 ..< 86400`.
  package func localSeconds(of instant: Instant) -> (date: CivilDate, second: Int) {
    let local = instant.seconds + offsetSeconds(at: instant)
    let second = local >= 0 ? local % 86_400 : (local % 86_400 + 86_400) % 86_400
    return (CivilDate(daysSinceEpoch: (local - second) / 86_400)!, second)
  }

  package func date(of instant: Instant) -> CivilDate { local(of: instant).date }
}

// MARK: - From the wall clock to the world's time

extension ClinicZone {
  /// The instant at which the clinic's wall clock shows a time of an agenda.
  ///
  /// Minutes from 1440 on are wall-clock times of the following day, whatever the length of the night between: minute 1560 is
  /// 02:00 on the wall of `date` + 1. A time that the clock shows twice (autumn) is the first of the two. A time that it never
  /// shows (spring) is the instant of the jump. So a later time of an agenda is never an earlier instant,
  /// and a slot never has a negative length; one that lies wholly in the skipped hour has length 0.
  ///
  /// - Complexity: O(log transitions).
  package func instant(of date: CivilDate, minute: AgendaMinute) -> Instant {
    let wall = date.daysSinceEpoch * 86_400 + minute.minutes * 60
    var index = segment(at: Instant(seconds: wall - Self.offsetBound.upperBound))
    while index < transitions.count {
      let candidate = Instant(seconds: wall - offset(ofSegment: index))
      // In this segment, or skipped by the jump that began it.
      if candidate < transitions[index].at { return max(candidate, start(ofSegment: index)) }
      index += 1
    }
    return max(Instant(seconds: wall - offset(ofSegment: index)), start(ofSegment: index))
  }

  /// Segment 0 lies before the first transition; segment i begins with transition i - 1.
  private func segment(at instant: Instant) -> Int {
    var (low, high) = (0, transitions.count)
    while low < high {
      let middle = (low + high) / 2
      if transitions[middle].at <= instant { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func offset(ofSegment index: Int) -> Int {
    index == 0 ? initialOffsetSeconds : transitions[index - 1].offsetSeconds
  }

  private func start(ofSegment index: Int) -> Instant { index == 0 ? .earliest : transitions[index - 1].at }
}
