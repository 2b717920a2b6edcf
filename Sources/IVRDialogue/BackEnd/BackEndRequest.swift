package import ClinicDomain

/// What a call asks of the clinic's server. The session that it opens is the bridge's: no token is seen here.
///
/// The bridge makes one request id for each step of a call that writes, and repeats it with the step: a repeated `book` is the same
/// booking. What the server cannot do yet is answered with ``CallEvent/backEndAway(mayHaveHappened:)``, `false`.
package enum BackEndRequest: Hashable, Sendable {
  /// Answers: `identified`, `several`, `notFound`, `locked`.
  case identify(CallerIdentity, birthDate: CivilDate, ordinal: Int?)
  /// Of the session's person, or of nobody in particular when nobody is identified. Answers: `slots` (own doctor first), `noSlots`,
  /// `caredElsewhere`.
  case find(SlotSearch)
  /// Answers: `held`, `taken`, `refused`.
  case hold(OfferedSlot)
  /// Makes an appointment of a hold. Answers: `booked`, `taken` (the hold has run out), `refused`.
  case book(Folio)
  /// Answers: `cancelled`, `notFound`, `refused`.
  case cancel(Folio)
  /// The person says that they will come. Answers: `confirmed`, `notFound`, `refused`.
  case confirm(Folio)
  /// Moves an appointment to a slot that was offered: in one step, so that nobody is ever without, and nobody ever has two. A hold beside
  /// the appointment would be one more than many clinics allow. Answers: `booked`, `taken`, `refused`.
  case reschedule(Folio, to: OfferedSlot)
  /// The session's person's appointments to come. Answers: `appointments`, which may be empty.
  case list
  /// What has become of a folio. Answers: `status`, `notFound` (also for a wrong birth date), `locked`.
  case status(Folio, birthDate: CivilDate)
  /// Somebody of the clinic calls back, within so many minutes where a guide said so. Answers: `callbackLeft`, `refused`.
  case leaveCallback(digits: String, CallbackReason, withinMinutes: Int?)
  /// Goes on with what was begun on another channel; opens a session as `identify` does. Answers: `resumed`, `notFound`, `locked`.
  case resume(code: String, birthDate: CivilDate)
  /// Where anybody is cared for, whoever they are; says nothing of them. Answers: `orientation`.
  case orient
  /// What the clinic calls about, by its name. Answers: `offered`, `announced`, `taken` (answered, over, or somebody else's by now), `notFound`.
  case notice(String)
  /// Takes it: the first who does has it; of an appointment: they come. Answers: `noticeTaken`, `taken`, `refused`.
  case takeNotice(String)
  /// Says no to it, and keeps their place in line; of an appointment: has heard it. Answers: `keptAsIs`.
  case keepAsIs(String)
  /// Puts the session's person on the waiting list for a service, until a day at the latest. Answers: `waiting`, `refused`.
  case joinWaitlist(ServiceCode, until: CivilDate?)
  /// Takes a place that the clinic offers the session's person, by the offer's number. Answers: `booked`, `taken`, `refused`.
  case acceptOffer(Int64)
  /// Says no to it, and keeps their place in line. Answers: `keptAsIs`.
  case declineOffer(Int64)
  /// What the clinic did to the session's person's appointments and they have not been told, the soonest; or else a place that it offers them.
  /// Answers: `news` (moved, withdrawn or handed over), `placeOffered`, `noNews`.
  case news
  /// They have heard it. Answers: `noted`.
  case heardNews(Folio)
  /// Whether the session's person is due for the yearly check; asked once in a session. Answers: `checkDue`, `checkNotDue`.
  case yearlyCheck
  /// Whether a dialogue was of use; belongs to nobody. Answers: `counted`.
  case answerSurvey(DialogueID, wasOfUse: Bool)
  /// Waits until a person acknowledges the last alarm raised. Answers: `alarmAcknowledged`, `alarmUnanswered`.
  case awaitAlarm(seconds: Int)

  /// Whether the answer changes something that outlives the call.
  package var writes: Bool {
    switch self {
    case .hold, .book, .cancel, .confirm, .reschedule, .leaveCallback, .joinWaitlist, .acceptOffer, .declineOffer, .takeNotice, .keepAsIs, .heardNews,
      .answerSurvey: true
    case .identify, .find, .list, .status, .resume, .orient, .notice, .news, .yearlyCheck, .awaitAlarm: false
    }
  }
}

/// By what a caller says who they are: digits only, checked.
package enum CallerIdentity: Hashable, Sendable {
  case nss(NSS)
  case patientNumber(PatientNumber)
}

/// A search for a slot.
package struct SlotSearch: Hashable, Sendable {
  package var service: ServiceCode
  /// Nothing before this date; `nil` for from now on.
  package var earliest: CivilDate?
  /// Nothing after this date; `nil` for as far as the agenda goes. Later slots that are answered all the same are not offered.
  package var latest: CivilDate?
  /// How many at most.
  package var limit: Int

  package init(service: ServiceCode, earliest: CivilDate? = nil, latest: CivilDate? = nil, limit: Int) {
    self.service = service
    self.earliest = earliest
    self.latest = latest
    self.limit = limit
  }
}

/// What somebody who is called back wants.
package enum CallbackReason: String, Hashable, Sendable, CaseIterable {
  case guidance = "orientacion"
  case appointment = "cita"
  case tramite
  case other = "otro"
  /// Who is on duty answers, by name, also without digits: then she is on the line.
  case pregnancy = "embarazo"
}
