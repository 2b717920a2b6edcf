/// What a clinic does with places that are left.
package struct WaitlistPolicy: Hashable, Sendable {
  /// What feeds the list, without repeats.
  package var sources: [FreedPlace.Source]
  /// How many people are asked at once for one place, 1 ... 50.
  package var offersAtOnce: Int
  /// How long somebody has to answer, minutes.
  package var answerMinutes: Int
  /// Nearer to its start a place is offered to nobody: it is for those who are there.
  package var closesMinutes: Int
  /// How often somebody is asked at most, 1 ... 50.
  package var maxAsks: Int
  /// How long somebody stays on the list at most, days.
  package var maxDays: Int
  /// Entries that one person may have at once, 1 ... 20.
  package var maxPerPatient: Int
  /// When those who chose the telephone are called; `nil` is never.
  package var calls: CallingHours?

  /// What `unifila: sí` turns on by itself.
  package static let standard = WaitlistPolicy(
    sources: FreedPlace.Source.allCases, offersAtOnce: 3, answerMinutes: 20, closesMinutes: 30, maxAsks: 10, maxDays: 30, maxPerPatient: 2)

  package init(
    sources: [FreedPlace.Source], offersAtOnce: Int, answerMinutes: Int, closesMinutes: Int, maxAsks: Int, maxDays: Int,
    maxPerPatient: Int, calls: CallingHours? = nil
  ) {
    self.sources = sources
    self.offersAtOnce = offersAtOnce
    self.answerMinutes = answerMinutes
    self.closesMinutes = closesMinutes
    self.maxAsks = maxAsks
    self.maxDays = maxDays
    self.maxPerPatient = maxPerPatient
    self.calls = calls
  }
}
