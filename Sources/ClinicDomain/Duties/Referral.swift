/// A person's way to another unit and back (in Spanish *referencia y contrarreferencia*). Never deleted: its state changes.
package struct Referral: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case consultation
    /// The days waited for it have a limit.
    case surgery
    case study
  }

  package enum State: String, Hashable, Sendable, CaseIterable {
    /// The other unit has given no date. Can become any of the others.
    case requested
    /// Can become `dated` again, `seen`, `returned`, `cancelled`.
    case dated
    /// The person was seen there. Can become `returned`.
    case seen
    /// The person is back with their own doctor. Terminal.
    case returned
    /// Given up. Terminal.
    case cancelled
  }

  /// When and where the other unit expects the person.
  package struct Meeting: Hashable, Sendable {
    package var date: CivilDate
    package var start: AgendaMinute
    /// Building, floor, room; 1 to 100 bytes.
    package var place: String

    package init(date: CivilDate, start: AgendaMinute, place: String) {
      self.date = date
      self.start = start
      self.place = place
    }
  }

  package enum Event: Hashable, Sendable {
    case dated(Meeting)
    case seen
    /// With the appointment that follows it up, if one was made.
    case returned(followUp: Folio?)
    case cancelled
  }

  package var folio: Folio
  package var patient: PatientID
  package var kind: Kind
  /// "cardiologia": lower case letters, digits and _; 1 to 40 bytes.
  package var specialty: String
  /// The other unit, as people call it; 1 to 100 bytes.
  package var destination: String
  package var state: State
  /// The latest that was given.
  package var meeting: Meeting?
  package var followUp: Folio?
  package var createdAt: Instant
  /// By then it has a date, or somebody is alerted.
  package var dateDueAt: Instant
  package var changedAt: Instant

  package init(
    folio: Folio, patient: PatientID, kind: Kind, specialty: String, destination: String, state: State = .requested, meeting: Meeting? = nil,
    followUp: Folio? = nil, createdAt: Instant, dateDueAt: Instant, changedAt: Instant
  ) {
    self.folio = folio
    self.patient = patient
    self.kind = kind
    self.specialty = specialty
    self.destination = destination
    self.state = state
    self.meeting = meeting
    self.followUp = followUp
    self.createdAt = createdAt
    self.dateDueAt = dateDueAt
    self.changedAt = changedAt
  }
}

extension Referral {
  /// The referral after an event; `nil` when it cannot happen in its state.
  package func after(_ event: Event, at now: Instant) -> Referral? {
    var next = self
    switch (state, event) {
    case (.requested, .dated(let meeting)), (.dated, .dated(let meeting)):
      next.state = .dated
      next.meeting = meeting
    case (.requested, .seen), (.dated, .seen): next.state = .seen
    case (.requested, .returned(let folio)), (.dated, .returned(let folio)), (.seen, .returned(let folio)):
      next.state = .returned
      next.followUp = folio
    case (.requested, .cancelled), (.dated, .cancelled): next.state = .cancelled
    default: return nil
    }
    next.changedAt = now
    return next
  }

  /// Whether the person was not seen yet and still is to be.
  package var isWaiting: Bool { state == .requested || state == .dated }

  /// Whether it should have a date by now.
  package func lacksDate(at now: Instant) -> Bool { state == .requested && dateDueAt <= now }

  /// Days from its making to its date or, while it has none, to today; never below 0.
  ///
  /// - Parameter made: the clinic's date of ``createdAt``.
  package func daysWaiting(since made: CivilDate, today: CivilDate) -> Int {
    max(0, made.distance(to: state == .dated ? max(meeting?.date ?? today, today) : today))
  }
}
