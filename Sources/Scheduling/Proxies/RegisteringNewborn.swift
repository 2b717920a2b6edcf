package import ClinicDomain

/// Registers a newborn at their mother's record: a person without NSS and CURP, whose appointments she makes.
package struct RegisterNewborn: Hashable, Sendable {
  package var actor: Actor
  package var mother: PatientID
  package var birthDate: CivilDate
  /// `nil` while they have none: then they are "Recién nacido" with their ordinal.
  package var given: String?
  /// Where their patient number begins: chance comes in with the command.
  package var numberSeed: UInt64

  package init(actor: Actor, mother: PatientID, birthDate: CivilDate, given: String?, numberSeed: UInt64) {
    self.actor = actor
    self.mother = mother
    self.birthDate = birthDate
    self.given = given
    self.numberSeed = numberSeed
  }

  /// Of one birth; more is a mistake at the keys.
  package static let maximumOfOneBirth = 6
}

/// Who was registered.
package struct RegisteredNewborn: Hashable, Sendable {
  package var person: Patient
  package var newborn: Newborn

  package init(person: Patient, newborn: Newborn) {
    self.person = person
    self.newborn = newborn
  }
}

extension RegisterNewborn {
  /// What the mother's rights cover, the newborn's cover; her doctor is theirs until the padrón says otherwise.
  ///
  /// - Throws: `notAllowed` for anybody but staff, a mother nobody knows, a birth that is to come or longer ago than ``Patient/newbornDays``;
  ///   `limitReached`.
  package func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant
  ) throws(CommandRefusal) -> Decision<RegisteredNewborn> {
    let today = rules.today(at: now)
    guard case .staff = actor, let mother = scope.patient, let number = scope.proxy.freeNumber,
      mother.birthDate < birthDate, birthDate <= today, today <= birthDate.advanced(by: Patient.newbornDays)
    else { throw .notAllowed }
    guard scope.proxy.newborns.count(where: { $0.birthDate == birthDate }) < Self.maximumOfOneBirth else {
      throw .limitReached(allowed: Self.maximumOfOneBirth)
    }
    let ordinal = (scope.proxy.newborns.map(\.ordinal).max() ?? 0) + 1
    let child = Patient(
      id: scope.proxy.nextPatient, nss: nil, agregado: nil, curp: nil, number: number,
      name: PersonName(
        given: given ?? "Recién nacido \(ordinal)", firstSurname: mother.name.firstSurname, secondSurname: mother.name.secondSurname, chosen: nil,
        pronoun: nil),
      birthDate: birthDate, phone: mother.phone, language: mother.language, needs: [Patient.newborn], consultorio: mother.consultorio,
      turno: mother.turno, rights: mother.rights)
    let newborn = Newborn(child: child.id, mother: mother.id, ordinal: ordinal, birthDate: birthDate, registeredAt: now)
    let proxy = Proxy(
      id: scope.proxy.nextProxy, grantor: child.id, grantee: mother.id, basis: .newborn, rights: .agenda, from: today,
      recordedBy: actor.text, grantedAt: now)
    return Decision(
      RegisteredNewborn(person: child, newborn: newborn),
      [
        .proxy(.person(child, identityKey: "\(Patient.newborn):\(mother.id.rawValue):\(ordinal)")), .proxy(.newborn(newborn)),
        .proxy(.proxy(proxy)),
      ])
  }
}
