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
  /// The actor and the person they act for, both known and the one allowed to act for the other; `nil` otherwise.
  func authorised(by rules: ClinicRules, at now: Instant) -> (actor: Patient, patient: Patient)? {
    guard let actor, let patient,
      mayActFor(
        actor: actor, patient: patient, consent: consent, today: rules.today(at: now),
        adultAge: rules.clinic.policy.adultAge)
    else { return nil }
    return (actor, patient)
  }
}
