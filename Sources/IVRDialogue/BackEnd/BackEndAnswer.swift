package import ClinicDomain

/// What the clinic's server answered, as far as a caller is told of it. An answer that does not belong to the request is a back end away.
package enum BackEndAnswer: Hashable, Sendable {
  /// A session is open.
  case identified
  /// So many people, 2 ... 9, share the identifier and the birth date: asked again with the ordinal. No session is open.
  case several(Int)
  /// No such person, folio, code or appointment; a wrong birth date gets the same answer.
  case notFound
  /// Too many tries: nothing more is answered for now.
  case locked
  /// Not empty.
  case slots([OfferedSlot])
  case noSlots
  /// No slot here: another unit cares for them.
  case caredElsewhere(CaringUnit)
  /// Where somebody goes in an emergency, and where they are cared for; `nil` where the clinic's directory does not say.
  case orientation(urgencias: CLUES?, CaringUnit)
  /// The slot is kept for as long as the telephone's holds are.
  case held(Booking)
  /// Durable.
  case booked(Booking)
  case cancelled(Booking)
  case confirmed(Booking)
  /// Somebody else was faster, or the hold has run out: there are others.
  case taken
  /// The server does not do this for this person: a rule, such as one appointment for each service.
  case refused(RefusalKind)
  /// Soonest first; may be empty.
  case appointments([Booking])
  case status(FolioStatus)
  /// The folio of the callback, and by when somebody will have called.
  case callbackLeft(Folio, by: CivilDate, AgendaMinute)
  case resumed(ResumedWork)
  /// The place that the clinic calls about; whose it would be is not known here.
  case offered(OfferedSlot)
  /// What the clinic calls to say of an appointment, with the day and the hour that it says.
  case announced(Announcement, OfferedSlot)
  /// It is theirs, durably.
  case noticeTaken(OfferedSlot)
  /// They keep what they have.
  case keptAsIs
  /// What the clinic did to an appointment of theirs and they have not been told; the appointment as it is now, or of a withdrawn one as it was.
  case news(Announcement, about: Folio, Booking)
  /// A place that somebody left, offered to the session's person by this number.
  case placeOffered(Int64, OfferedSlot)
  case noNews
  /// On the list, with so many asked before them and one.
  case waiting(place: Int)
  /// That they have heard it is noted.
  case noted
  /// The yearly check is offered, or is not due, or was offered before in this session.
  case checkDue
  case checkNotDue
  /// What the caller thinks of the call is counted.
  case counted
  /// A person of the clinic has taken note of the alarm.
  case alarmAcknowledged
  case alarmUnanswered
}

/// What the clinic has to say of an appointment.
package enum Announcement: Hashable, Sendable {
  /// It comes soon.
  case reminder
  /// The clinic moved it: the day and hour are the new ones.
  case moved
  /// The clinic cannot keep it: the day and hour are those that it had.
  case withdrawn
  /// Another unit gives it now: the day and hour are those that it had.
  case handedOver(CaringUnit)
}

/// Another unit that cares for somebody.
package struct CaringUnit: Hashable, Sendable {
  /// `nil` where nobody knows which.
  package var clues: CLUES?
  /// The first day there; `nil` for from now on.
  package var from: CivilDate?
  /// Without insurance too.
  package var isFree: Bool

  package init(clues: CLUES?, from: CivilDate? = nil, isFree: Bool = false) {
    self.clues = clues
    self.from = from
    self.isFree = isFree
  }
}

/// A slot as it was offered: what `hold` takes.
package struct OfferedSlot: Hashable, Sendable {
  package var service: ServiceCode
  package var slot: SlotChoice
  /// Of the person's own doctor.
  package var isOwnDoctor: Bool

  package init(service: ServiceCode, slot: SlotChoice, isOwnDoctor: Bool = false) {
    self.service = service
    self.slot = slot
    self.isOwnDoctor = isOwnDoctor
  }
}

/// A hold or an appointment.
package struct Booking: Hashable, Sendable {
  package var folio: Folio
  package var slot: OfferedSlot

  package init(folio: Folio, slot: OfferedSlot) {
    self.folio = folio
    self.slot = slot
  }
}

/// Why something is not done, as far as the way out differs for the caller.
package enum RefusalKind: Hashable, Sendable {
  /// The person has as many appointments of the service as they may have, or another at that time.
  case hasOneAlready
  /// Rights, access, opening hours, a service that is not given, a state that does not allow it.
  case other
}

/// What has become of what a folio stands for.
package struct FolioStatus: Hashable, Sendable {
  package enum State: Hashable, Sendable {
    /// To come, or a trámite that is under way.
    case standing
    case cancelled
    /// It took place, or was resolved.
    case done
  }

  package var state: State
  /// `nil` for what has no date.
  package var booking: Booking?

  package init(_ state: State, booking: Booking?) {
    self.state = state
    self.booking = booking
  }
}

/// What was begun on another channel.
package enum ResumedWork: Hashable, Sendable {
  /// A slot that is kept and not booked yet.
  case held(Booking)
  /// An appointment that stands.
  case booked(Booking)
}
