package import ClinicDomain

/// An outcome, and the changes that make it so.
package struct Decision<Outcome: Hashable & Sendable>: Hashable, Sendable {
  package var outcome: Outcome
  /// In the order in which they must be written: what frees a slot before what takes it.
  package var changes: [AgendaChange]

  package init(_ outcome: Outcome, _ changes: [AgendaChange]) {
    self.outcome = outcome
    self.changes = changes
  }
}

/// One change of the store. The same value changes the SQL and the index.
package enum AgendaChange: Hashable, Sendable {
  /// A new appointment or hold.
  case insert(Appointment)
  /// The appointment of that folio now reads so; only its state ever differs, never what, whose and where it is.
  case replace(Appointment)
  case grant(Consent)
  /// `nil` revokes everything the grantor gave.
  case revoke(grantor: PatientID, grantee: PatientID?)
  /// A new entry of the waitlist, or how the one of that number now reads.
  case waitlist(WaitlistEntry)
  /// The same of a freed place.
  case freed(FreedPlace)
  /// The same of an offer.
  case offer(SlotOffer)
  /// The same of a block.
  case block(AgendaBlock)
  /// The same of a series, and of what is due in one.
  case series(CareSeries)
  case activity(SeriesActivity)
  /// A row of a referral, a screen, an alert or a legado.
  case duty(DutyChange)
  /// A new claim, or how the one of that appointment and place now reads. What becomes of an appointment becomes of its claims without a
  /// change of their own: ``AgendaClaim/following(_:)``.
  case claim(AgendaClaim)
  /// A new row of a sheet.
  case reservePaper(PaperRow)
  /// How the row of that folio now reads.
  case paper(PaperRow)
  /// A new booking of another system, or how the one of that number now reads and read before.
  case external(ExternalBooking, before: ExternalBooking?)
  /// A row of a permission, a birth plan or a newborn.
  case proxy(ProxyChange)
  /// Where an appointment takes place that is a visit at home.
  case homeVisit(HomeVisit)
  /// A row of a promoter's list, or of what they booked.
  case promoter(PromoterChange)
  /// The person of that number belongs to that doctor.
  case doctor(PatientID, Doctor)
  /// A new handover of a person, or how the one of that number now reads.
  case handover(PatientHandover)
  /// The same of an appointment that was given up for one.
  case handed(HandedAppointment)
  /// What a person needs, or whom they belong to.
  case care(CareChange)
}

/// What a granted command gave.
package enum CommandOutcome: Hashable, Sendable {
  case appointment(Appointment)
  /// In the order of the command; none of them without the others.
  case appointments([Appointment])
  case consent
  case imported(ImportCounts)
  case entry(WaitlistEntry)
  case place(FreedPlace)
  case offer(SlotOffer)
  case blocks([AgendaBlock])
  case series(SeriesOutcome)
  case replanned(ReplanOutcome)
  case failure(FailureOutcome)
  case unlocked
  case paper(PaperOutcome)
  case duty(DutyOutcome)
  case telephone(TelephoneOutcome)
  /// One for each row, in the command's order.
  case external([ExternalOutcome])
  case proxy(ProxyOutcome)
  case listing(PromoterListing)
  /// The person belongs to the doctor.
  case adopted
  /// How the person's handover now reads; `nil` when there was none to take back.
  case handover(PatientHandover?)
  /// Another system's booking, settled, and the appointment that stands for it.
  case resolved(ExternalBooking, Appointment?)
  /// What the person needs now, ascending.
  case needs([String])
  case affiliation(Affiliation)
  /// What the person is called now.
  case named(PersonName)
  case triage(TriageCase)
  case undone(UndoneForMany)
}

extension CommandOutcome {
  /// The appointment that it is about, or that came of it.
  package var appointment: Appointment? {
    switch self {
    case .appointment(let appointment): appointment
    case .duty(let duty): duty.appointment
    case .resolved(_, let appointment): appointment
    default: nil
    }
  }
}

/// How many people an import met, and whom it left out.
package struct ImportCounts: Hashable, Sendable {
  package var added = 0
  package var updated = 0
  package var unchanged = 0
  /// Rows that were left out, by their place in the command, ascending: the number that the file gives is another person's.
  package var numberTaken: [Int] = []

  package init(added: Int = 0, updated: Int = 0, unchanged: Int = 0, numberTaken: [Int] = []) {
    self.added = added
    self.updated = updated
    self.unchanged = unchanged
    self.numberTaken = numberTaken
  }
}

/// Why a command is refused. Cases stand in the order in which they are checked; a refused command changes nothing.
package enum CommandRefusal: Error, Hashable, Sendable {
  /// The actor may not act for this person: not themselves, not a minor of the same NSS, no consent.
  case notAllowed
  /// No such folio for a person the actor may act for.
  case appointmentNotFound
  /// The hold's time is over.
  case holdExpired
  /// From this status it cannot be done.
  case wrongState(Appointment.Status)
  /// The last act on the appointment is not this member of staff's of the last two minutes, or not one that can be taken back.
  case nothingToUndo
  /// Nobody writes down who comes to that room, so a slot is not given away because nobody was seen.
  case notLive
  /// It can be done from then on.
  case tooEarly(from: Instant)
  /// The offer was answered or has run out, or somebody else has the place.
  case offerOver
  /// What was asked of a series cannot be.
  case series(SeriesRefusal)
  /// The clinic has no such service, or this channel may not book it.
  case serviceNotOffered
  /// The resource does not exist or does not give the service.
  case resourceNotOffered
  /// The slot starts at or before `now`: it cannot be reserved any more, nor an appointment for it cancelled.
  case slotInThePast
  /// The date is after the booking horizon's last day.
  case beyondHorizon(last: CivilDate)
  /// The turno's places of that date are given out from `at` on.
  case notReleased(at: Instant)
  /// No turno, a non-working day, a closure, a break, the hour that the clock skips in spring.
  case closed
  /// The start is not on the agenda's grid.
  case notOnGrid
  /// Another system gives the appointments of that agenda at that hour, or has given it.
  case externalAgenda
  /// The person's rights end before the date; `nil` when they have none.
  case rightsEndBefore(last: CivilDate?)
  /// Another unit cares for the person by then.
  case caredElsewhere(CaredElsewhere)
  /// The resource cannot be reached by this person.
  case notAccessible
  /// People of more than one NSS, one of them twice, too few or too many, or slots that do not follow each other in one turno.
  case notTogether
  /// As many holds at once, active appointments for the service, or active appointments in all (in this order) as the clinic allows.
  case limitReached(allowed: Int)
  /// The people of the person's NSS have as many active appointments together as the clinic allows.
  case householdLimitReached(allowed: Int)
  /// The person has another appointment that overlaps.
  case personBusy(Folio)
  /// The turno has as many people as the clinic allows.
  case turnoFull(cap: Int)
  /// What the turno has left is other channels' share; at `opens` it is everybody's.
  case quotaSpent(opens: Instant)
  /// The slot is kept for those who wait for one, or for today's walk-ins.
  case slotOffered(until: Instant)
  /// Another appointment overlaps the slot. The folio is for the log, never for the caller.
  case slotTaken(by: Folio)
  /// What the telephone's service refuses for reasons of its own.
  case telephone(TelephoneRefusal)
  /// A further agenda that the service needs has nobody free at that time; the role's code.
  case companionTaken(role: String)
  /// Nobody can be visited at home so.
  case homeVisit(HomeVisitRefusal)
  /// What is refused for a reason of a promoter's list.
  case promoter(PromoterRefusal)
}
