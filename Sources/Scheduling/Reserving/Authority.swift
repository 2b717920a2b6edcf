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

extension CommandScope {
  /// The person that `who` acts for, when they are known and `who` may: staff and the server may act for anyone, a person as
  /// ``mayActFor(actor:patient:consent:today:adultAge:)`` says. `nil` otherwise.
  func subject(of who: Actor, by rules: ClinicRules, at now: Instant) -> Patient? {
    guard let patient else { return nil }
    guard who.person != nil else { return patient }
    guard let actor,
      mayActFor(
        actor: actor, patient: patient, consent: consent, today: rules.today(at: now),
        adultAge: rules.clinic.policy.adultAge)
    else { return nil }
    return patient
  }

  /// The appointment that a command names, when `who` may act for its person.
  ///
  /// - Throws: `notAllowed` (a person nobody knows), then `appointmentNotFound` (no such folio, or not one of a person they may act
  ///   for: the same answer, so that nobody learns whose it is).
  func appointment(for who: Actor, by rules: ClinicRules, at now: Instant) throws(CommandRefusal) -> Appointment {
    guard who.person == nil || actor != nil else { throw .notAllowed }
    guard let named, subject(of: who, by: rules, at: now)?.id == named.patient else { throw .appointmentNotFound }
    return named
  }
}
