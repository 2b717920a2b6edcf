package import ClinicDomain

/// What a call has been told: by keys, checked, and by the back end. Gone with the call.
package struct CallMemory: Hashable, Sendable {
  /// `nil` before the call has started.
  package var start: CallStart?

  // Typed.
  package var identity: CallerIdentity?
  package var birthDate: CivilDate?
  package var ordinal: Int?
  package var givenFolio: Folio?
  package var code: String?
  package var askedDate: CivilDate?
  package var phone: String?

  // Answered.
  package var isIdentified = false
  /// People with one identifier and birth date.
  package var people: Int?
  /// The one that was looked for last, or of the appointment in hand.
  package var service: ServiceCode?
  package var slots: [OfferedSlot] = []
  package var appointments: [Booking] = []
  /// Which of the list in hand is being offered.
  package var offered = 0
  /// The slot that is offered, or kept.
  package var slot: OfferedSlot?
  package var hold: Booking?
  /// The hold that was begun elsewhere: it has a code and a clock of its own, and is there for the next call.
  package var resumed: Folio?
  package var appointment: Booking?
  package var callback: Callback?
  /// The appointment that the clinic changed, of which the caller is being told.
  package var news: Folio?
  /// The place that the clinic offers them, by its number.
  package var offer: Int64?
  /// Where they are cared for, when it is not here; and where Urgencias are.
  package var unit: CaringUnit?
  package var urgencias: CLUES?
  /// Where they are on the waiting list: 1 is next.
  package var waitingPlace: Int?
  /// The dialogue that the survey asks about.
  package var surveyed: DialogueID?
  /// A pregnant caller is offered nothing after this day.
  package var pregnancyUntil: CivilDate?
  /// She has heard who is on duty.
  package var wasToldOnDuty = false
  /// A guide ended in a clinician's call, within so many minutes.
  package var clinicianWithin: Int?

  package struct Callback: Hashable, Sendable {
    package let folio: Folio
    package let date: CivilDate
    package let time: AgendaMinute
  }

  package init() {}
}
