package import ClinicDomain

/// A promoter has a person of their list booked: the first slot that the person can have, their own doctor's first.
///
/// Which slot that is, is found inside the transaction that takes it: a group is never told of a slot that somebody else had by then.
package struct BookForListed: Hashable, Sendable {
  package var promoter: StaffName
  /// ``PromoterListing/number``.
  package var number: Int
  package var service: ServiceCode
  /// Nothing before this date.
  package var earliestDate: CivilDate?
  package var folioSeed: UInt64

  /// People of one order: a committee's list for a campaign; each costs a transaction of its own.
  package static let maximumPeople = 40

  package init(promoter: StaffName, number: Int, service: ServiceCode, earliestDate: CivilDate?, folioSeed: UInt64) {
    self.promoter = promoter
    self.number = number
    self.service = service
    self.earliestDate = earliestDate
    self.folioSeed = folioSeed
  }

  /// The search for the slot.
  package func search(for person: PersonView) -> FindSlots {
    FindSlots(service: service, person: person, channel: .desk, earliestDate: earliestDate, limit: 1)
  }

  /// The appointment that it makes of a slot.
  package func booking(for patient: PatientID, at choice: SlotChoice) -> BookAppointment {
    BookAppointment(actor: .promoter(promoter), patient: patient, what: .slot(service, choice), channel: .desk, folioSeed: folioSeed)
  }
}

extension BookForListed {
  /// An appointment for the service that the promoter made for the person and that is still to come is that appointment: there is no second.
  ///
  /// The person's and the household's limits hold as they do for the person themselves. What of the person is confidential is in nobody's way
  /// here and counts for nothing: no answer tells a promoter of it.
  ///
  /// - Throws: in this order, ``PromoterRefusal/notListed``, `serviceNotOffered` (also what is confidential, a visit at home, and what needs further agendas),
  ///   `rightsEndBefore`, ``PromoterRefusal/nothingFree``, then as a booking.
  func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant, folio: Folio
  ) throws(CommandRefusal) -> Decision<Appointment> {
    let today = rules.today(at: now)
    guard let listing = scope.promoter.listings.first(where: { $0.number == number && $0.stands(on: today) }), let person = scope.patient,
      listing.promoter == promoter.text, listing.patient == person.id
    else { throw .promoter(.notListed) }
    guard let service = rules.service(service), !service.isConfidential, service.companions.isEmpty,
      service.code != rules.clinic.homeVisits?.service, service.bookableBy.contains(.desk)
    else { throw .serviceNotOffered }
    if let own = scope.active.first(where: { own in
      own.service == service.code && scope.promoter.booked.contains(own.folio) && now < rules.end(of: own.slot)
    }) { return Decision(own, []) }
    if service.requiresRights, !person.rights.covers(earliestDate ?? today) {
      throw .rightsEndBefore(last: PersonView(person).coverage.last)
    }
    guard var alone = scope.members.first, let choice = scope.found else { throw .promoter(.nothingFree) }
    alone.active.removeAll { rules.isConfidential($0.service) }
    let booked = try booking(for: person.id, at: choice).decide(in: alone, rules: rules, at: now, folio: folio)
    let mark = PromoterBooking(appointment: booked.outcome.folio, listing: listing.id)
    return Decision(booked.outcome, booked.changes + [.promoter(.booking(mark))])
  }
}
