package import ClinicDomain

/// What a director asks of a stretch of days: nothing in it is about one person.
package struct ClinicMeasures: Hashable, Sendable {
  package var period: ClosedRange<CivilDate>
  /// The clinic, its resources in their order, then the groups: by channel, by age, by language.
  package var rows: [MeasureRow]

  package init(period: ClosedRange<CivilDate>, rows: [MeasureRow]) {
    self.period = period
    self.rows = rows
  }
}

/// The measures of one subject. What fewer than ``ClinicMeasures/fewestPeople`` people made is not told, `nil`; nor is the next smallest, when
/// the rest of its kind would give it away by subtraction.
package struct MeasureRow: Hashable, Sendable {
  package enum Subject: Hashable, Sendable {
    case clinic
    case resource(ResourceID)
    case channel(Channel)
    case age(AgeBand)
    /// The code of the padrón: "es", "nah".
    case language(String)
  }

  package var subject: Subject
  /// Of the appointments that somebody asked for in the period, not instead of another: those for one of the five days after the day on which
  /// they did, or for that day. Whatever became of them.
  package var withinFiveDays: Proportion?
  /// Of the appointments of the period that are over and of which it is known: those whose person did not come. Who came and left did.
  package var noShows: Proportion?
  /// The deferral (*diferimiento*) of the appointments of the period that somebody asked for and that kept their place: days from when the
  /// person first had a date to the date that it became.
  package var waits: Waits?
  /// Of the slots of the period that somebody left before they were over: those that somebody else was given afterwards. Not of the groups.
  package var freedAndReused: Proportion?
  /// For each day of the period, as its midnight saw it, the days to the third slot that could be booked; `nil` when the horizon has not three.
  /// Of a resource its own; of the clinic the middle of its resources' (the lower of two), those without three last. Empty for the groups.
  package var thirdNext: [Int?]

  package init(
    subject: Subject, withinFiveDays: Proportion?, noShows: Proportion?, waits: Waits?, freedAndReused: Proportion? = nil, thirdNext: [Int?] = []
  ) {
    self.subject = subject
    self.withinFiveDays = withinFiveDays
    self.noShows = noShows
    self.waits = waits
    self.freedAndReused = freedAndReused
    self.thirdNext = thirdNext
  }
}

extension ClinicMeasures {
  /// Fewer than five people are a cell that could point at one: P34's bound.
  package static let fewestPeople = 5

  /// "Within five days" is the institute's own promise to who finds nothing today.
  package static let promisedDays = 5

  /// The slot whose distance is measured: the first two are often a single one that somebody has just left.
  package static let rank = 3
}

/// An appointment as the measures look at it.
package struct MeasuredAppointment: Hashable, Sendable {
  package var patient: PatientID
  package var slot: Slot
  package var status: Appointment.Status
  package var channel: Channel
  package var cancellation: Appointment.CancellationReason?
  package var createdAt: Instant
  package var changedAt: Instant
  package var arrivedAt: Instant?
  /// When the first of those that were made instead of one another was made; `nil` for one that was made instead of none.
  package var firstMadeAt: Instant?
  package var stamp = SlotStamp.exclusive
  /// Whether somebody asked this clinic for it, or for the one that it was made instead of: another system's bookings, the visits of a series
  /// and what was written on paper only came to stand here, and when they did says nothing of how long anybody waited.
  package var wasAskedFor: Bool

  package init(
    patient: PatientID, slot: Slot, status: Appointment.Status, channel: Channel, cancellation: Appointment.CancellationReason?,
    createdAt: Instant, changedAt: Instant, arrivedAt: Instant?, firstMadeAt: Instant?, wasAskedFor: Bool = true
  ) {
    self.patient = patient
    self.slot = slot
    self.status = status
    self.channel = channel
    self.cancellation = cancellation
    self.createdAt = createdAt
    self.changedAt = changedAt
    self.arrivedAt = arrivedAt
    self.firstMadeAt = firstMadeAt
    self.wasAskedFor = wasAskedFor
  }

  /// Whether it ever was an appointment: a hold is not, and one that ran out never was.
  var wasMade: Bool {
    switch status {
    case .booked, .arrived, .checkedIn, .fulfilled, .noshow: true
    case .cancelled: cancellation != .holdExpired
    case .pending, .proposed, .waitlist, .enteredInError: false
    }
  }

  /// The person was there before the appointment was: staff took them in without one, or keyed in the paper of a day without power.
  /// Not who was moved while they were there.
  var isAdmitted: Bool { firstMadeAt == nil && (arrivedAt.map { $0 <= createdAt } ?? false) }

  /// From when on the slot was nobody's; never, while it is theirs.
  var leftAt: Instant { status == .cancelled || status == .noshow ? changedAt : .latest }

  var keptItsPlace: Bool { wasMade && status != .cancelled }
}
