package import ClinicDomain

extension GrantConsent {
  /// Lets another adult of the same NSS act for the grantor. Granting again changes nothing: the first grant stands.
  ///
  /// - Throws: `notAllowed` unless both are known, different, adults and of one NSS.
  package func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant
  ) throws(CommandRefusal) -> Decision<CommandOutcome> {
    let today = rules.today(at: now)
    let adultAge = rules.clinic.policy.adultAge
    guard let giver = scope.actor, let receiver = scope.patient, giver.id != receiver.id,
      let nss = giver.nss, nss == receiver.nss,
      !giver.isMinor(on: today, adultAge: adultAge), !receiver.isMinor(on: today, adultAge: adultAge)
    else { throw .notAllowed }
    return Decision(.consent, [.grant(Consent(grantor: giver.id, grantee: receiver.id, grantedAt: now))])
  }
}

extension RevokeConsent {
  /// Takes a consent back, or all of them; what was never granted is taken back too, and changes nothing.
  ///
  /// - Throws: `notAllowed` when the grantor is nobody we know.
  package func decide(in scope: CommandScope) throws(CommandRefusal) -> Decision<CommandOutcome> {
    guard let giver = scope.actor else { throw .notAllowed }
    return Decision(.consent, [.revoke(grantor: giver.id, grantee: grantee)])
  }
}
