package import ClinicDomain

/// Whether `actor` may see and make `patient`'s appointments.
///
/// A person for themselves, whatever their age; an adult for the minors of their NSS; an adult for another adult of their NSS
/// who consents. Nobody else: who has no NSS acts for themselves alone, and a consent between people who no longer
/// share an NSS rests.
///
/// - Parameter consent: whether `patient` consents that `actor` acts for them.
package func mayActFor(
  actor: Patient, patient: Patient, consent: Bool, today: CivilDate, adultAge: Int
) -> Bool {
  if actor.id == patient.id { return true }
  guard let nss = actor.nss, nss == patient.nss, !actor.isMinor(on: today, adultAge: adultAge) else { return false }
  return consent || patient.isMinor(on: today, adultAge: adultAge)
}

extension ClinicRules {
  /// Whether somebody who may act for a person may know of this appointment of theirs.
  ///
  /// One of a confidential service is the person's own alone, also before their parents and before an adult who was given consent: a consent
  /// can be forced. Staff see it, for it stands in their agenda. A service that the configuration does not know any more counts as
  /// one that is not confidential.
  ///
  /// - Parameter actor: the person who asks; `nil` for staff and for the server.
  package func maySee(_ appointment: Appointment, _ actor: PatientID?) -> Bool {
    actor == nil || appointment.patient == actor || !isConfidential(appointment.service)
  }

  /// Whether somebody who may act for a person may know that they wait for this: as with an appointment, by any service that it names.
  package func maySee(_ entry: WaitlistEntry, _ actor: PatientID?) -> Bool {
    actor == nil || entry.patient == actor || !entry.wish.services.contains(where: isConfidential)
  }

  /// Whether somebody who may act for a person may know that this place is offered to them.
  package func maySee(_ offer: SlotOffer, of place: FreedPlace, _ actor: PatientID?) -> Bool {
    actor == nil || offer.patient == actor || !isConfidential(place.service)
  }

  /// Whether a service may be asked for by this actor: a confidential one by the person themselves, and by staff.
  func mayAskFor(_ service: ServiceCode, of patient: PatientID, _ actor: Actor) -> Bool {
    actor.person == nil || actor.person == patient || !isConfidential(service)
  }

  /// Whether a service is of the sensitive class.
  package func isConfidential(_ service: ServiceCode) -> Bool { self.service(service)?.isConfidential ?? false }
}

extension CommandScope {
  /// The scope as far as the person who acts may know of it, so that no refusal and no alternative tells a parent of an appointment that is
  /// the child's own affair. The child may then have two at one hour, and sees both.
  ///
  /// - Parameter actor: the person who asks; `nil` for staff and for the server.
  package func seen(by actor: PatientID?, _ rules: ClinicRules) -> CommandScope {
    guard actor != nil, active.contains(where: { !rules.maySee($0, actor) }) else { return self }
    var scope = self
    scope.active.removeAll { !rules.maySee($0, actor) }
    return scope
  }
}

extension CommandScope {
  /// The person that `who` acts for, when they are known and `who` may: staff and the server may act for anyone, a person as
  /// ``proxyRights(of:for:consent:proxies:today:adultAge:)`` says. `nil` otherwise.
  ///
  /// - Parameter right: what the act takes; what nobody has thought of takes everything about the agenda.
  func subject(of who: Actor, needing right: ProxyRights = .agenda, by rules: ClinicRules, at now: Instant) -> Patient? {
    guard let patient else { return nil }
    guard who.person != nil else { return patient }
    guard let actor else { return nil }
    let rights = proxyRights(
      of: actor, for: patient, consent: consent, proxies: proxies, today: rules.today(at: now), adultAge: rules.clinic.policy.adultAge)
    return rights.isSuperset(of: right) ? patient : nil
  }

  /// The appointment that a command names, when `who` may act for its person.
  ///
  /// - Throws: `notAllowed` (a person nobody knows), then `appointmentNotFound` (no such folio, or not one of a person they may act
  ///   for, or one they may not see: the same answer, so that nobody learns whose it is).
  func appointment(
    for who: Actor, needing right: ProxyRights = .agenda, by rules: ClinicRules, at now: Instant
  ) throws(CommandRefusal) -> Appointment {
    guard who.person == nil || actor != nil else { throw .notAllowed }
    guard let named, subject(of: who, needing: right, by: rules, at: now)?.id == named.patient, rules.maySee(named, who.person) else {
      throw .appointmentNotFound
    }
    return named
  }
}
