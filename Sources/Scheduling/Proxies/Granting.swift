package import ClinicDomain

/// Lets another person do exactly these things for the grantor; what they had before is taken back and written down anew.
package struct GrantProxy: Hashable, Sendable {
  /// The grantor, or staff who write down what the grantor or their papers say.
  package var actor: Actor
  package var grantor: PatientID
  package var grantee: PatientID
  package var rights: ProxyRights
  /// The first day; `nil` for today.
  package var from: CivilDate?
  /// The last day; `nil` until it is revoked.
  package var until: CivilDate?
  package var channel: Channel

  package init(
    actor: Actor, grantor: PatientID, grantee: PatientID, rights: ProxyRights, from: CivilDate? = nil, until: CivilDate? = nil, channel: Channel
  ) {
    self.actor = actor
    self.grantor = grantor
    self.grantee = grantee
    self.rights = rights
    self.from = from
    self.until = until
    self.channel = channel
  }

  /// Standing permissions of one person: a family that takes turns, and no list that nobody can look through.
  package static let maximumGiven = 10
}

extension GrantProxy {
  /// An adult gives what they like. Whoever may not decide alone yet (a minor) gives the sight of their own birth plan and nothing else: the
  /// companion at a birth is for the mother to name, whatever her age.
  ///
  /// - Returns: the permission as it stands now. The same again changes nothing.
  /// - Throws: `notAllowed` unless both are known and two, the grantee is an adult, the rights are ``ProxyRights/areLegal``, and the actor is the
  ///   grantor or staff; `slotInThePast` when its last day is over or before its first; `limitReached`.
  package func decide(in scope: CommandScope, rules: ClinicRules, at now: Instant) throws(CommandRefusal) -> Decision<Proxy> {
    let (today, adultAge) = (rules.today(at: now), rules.clinic.policy.adultAge)
    guard let giver = scope.actor, let receiver = scope.patient, giver.id != receiver.id, actor.person == nil || actor.person == giver.id,
      actor != .system, rights.areLegal, !receiver.isMinor(on: today, adultAge: adultAge),
      rights == .plan || !giver.isMinor(on: today, adultAge: adultAge)
    else { throw .notAllowed }
    let first = max(from ?? today, today)
    if let until, until < first { throw .slotInThePast }
    let before = scope.proxy.given.filter { $0.basis == .person && $0.grantee == receiver.id }
    if let standing = before.first, before.count == 1, standing.rights == rights, standing.until == until,
      standing.from == first || standing.from < first && from == nil
    { return Decision(standing, []) }
    let others = scope.proxy.given.count { $0.grantee != receiver.id && ($0.until.map { today <= $0 } ?? true) }
    guard others < Self.maximumGiven else { throw .limitReached(allowed: Self.maximumGiven) }
    let proxy = Proxy(
      id: scope.proxy.nextProxy, grantor: giver.id, grantee: receiver.id, basis: .person, rights: rights, from: first, until: until,
      recordedBy: actor.text, grantedAt: now)
    return Decision(proxy, before.map { .proxy(.proxy($0.revoked(at: now))) } + [.proxy(.proxy(proxy))])
  }
}

/// Takes back what the grantor gave: one permission, or every one, consents among them; at once.
package struct RevokeProxy: Hashable, Sendable {
  package var actor: Actor
  package var grantor: PatientID
  /// The permission's number; `nil` takes back every one, and every consent.
  package var id: Int64?
  package var channel: Channel

  package init(actor: Actor, grantor: PatientID, id: Int64?, channel: Channel) {
    self.actor = actor
    self.grantor = grantor
    self.id = id
    self.channel = channel
  }
}

extension RevokeProxy {
  /// - Returns: what was taken back; none when nothing stood, which is no refusal.
  /// - Throws: `notAllowed` unless the actor is the grantor or staff.
  package func decide(in scope: CommandScope, at now: Instant) throws(CommandRefusal) -> Decision<[Proxy]> {
    guard let giver = scope.actor, actor.person == nil || actor.person == giver.id, actor != .system else { throw .notAllowed }
    let gone = scope.proxy.given.filter { $0.grantor == giver.id && (id == nil || $0.id == id) }.map { $0.revoked(at: now) }
    let consents: [AgendaChange] = id == nil ? [.revoke(grantor: giver.id, grantee: nil)] : []
    return Decision(gone, gone.map { .proxy(.proxy($0)) } + consents)
  }
}

extension Proxy {
  func revoked(at now: Instant) -> Proxy {
    var proxy = self
    proxy.revokedAt = now
    return proxy
  }
}

/// Everything that `actor` may do for `patient`: by being them, by being their parent or having their consent, or by permissions with exact
/// rights, which add up.
///
/// - Parameter proxies: permissions, standing or not, anybody's.
package func proxyRights(
  of actor: Patient, for patient: Patient, consent: Bool, proxies: [Proxy], today: CivilDate, adultAge: Int
) -> ProxyRights {
  if actor.id == patient.id { return .all }
  let whole = mayActFor(actor: actor, patient: patient, consent: consent, today: today, adultAge: adultAge)
  return proxies.filter { $0.grantor == patient.id && $0.grantee == actor.id && $0.stands(on: today) }
    .reduce(into: whole ? ProxyRights.agenda : []) { $0.formUnion($1.rights) }
}

/// The last day on which somebody may do for a person what they may today, as far as a week ahead: a permission ends after its last day, and
/// a parent's right with the childhood. No session outlives the week.
package func lastDayOfRights(
  of actor: Patient, for patient: Patient, consent: Bool, proxies: [Proxy], today: CivilDate, adultAge: Int
) -> CivilDate {
  func rights(on date: CivilDate) -> ProxyRights {
    proxyRights(of: actor, for: patient, consent: consent, proxies: proxies, today: date, adultAge: adultAge)
  }
  let now = rights(on: today)
  return (0..<7).map(today.advanced(by:)).first { !rights(on: $0.advanced(by: 1)).isSuperset(of: now) } ?? today.advanced(by: 7)
}
