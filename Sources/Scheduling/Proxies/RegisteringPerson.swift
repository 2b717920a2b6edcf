package import ClinicDomain

/// Registers a person whom no padrón knows and who has no number of the institute, so that they can be given a place: what is given without
/// rights (vaccination, trámites, Urgencias) is given to anybody.
package struct RegisterPerson: Hashable, Sendable {
  package var actor: Actor
  package var name: PersonName
  package var birthDate: CivilDate
  package var phone: PhoneNumber?
  /// BCP 47: "es", "nah".
  package var language: String
  /// Where their patient number begins: chance comes in with the command.
  package var numberSeed: UInt64

  package init(actor: Actor, name: PersonName, birthDate: CivilDate, phone: PhoneNumber?, language: String, numberSeed: UInt64) {
    self.actor = actor
    self.name = name
    self.birthDate = birthDate
    self.phone = phone
    self.language = language
    self.numberSeed = numberSeed
  }

  /// What such a person is known by until the padrón knows them: their names without accents, and their birth date.
  package var identityKey: String { "\(Self.keyPrefix)\(Self.folded(name))|\(birthDate)" }

  /// No padrón's key begins so.
  static let keyPrefix = "sin_padron:"

  static func folded(_ name: PersonName) -> String {
    [name.given, name.firstSurname, name.secondSurname ?? ""].map(\.foldedSpanish).joined(separator: "|")
  }
}

extension RegisterPerson {
  /// Whoever was registered with these names and this birth date before is who is meant: nobody gets a second number.
  ///
  /// - Returns: the person.
  /// - Throws: `notAllowed` for anybody but staff, and for a birth that is to come.
  package func decide(in scope: CommandScope, rules: ClinicRules, at now: Instant) throws(CommandRefusal) -> Decision<RegisteredPerson> {
    _ = try actor.checkStaff()
    guard birthDate <= rules.today(at: now), let number = scope.proxy.freeNumber else { throw .notAllowed }
    if let known = scope.proxy.registered { return Decision(RegisteredPerson(person: known, isNew: false), []) }
    let person = Patient(
      id: scope.proxy.nextPatient, nss: nil, agregado: nil, curp: nil, number: number, name: name, birthDate: birthDate, phone: phone,
      language: language, needs: [], consultorio: nil, turno: nil, rights: Rights(state: .baja, date: nil))
    return Decision(RegisteredPerson(person: person, isNew: true), [.proxy(.person(person, identityKey: identityKey))])
  }
}

/// Who was registered without a number of the institute.
package struct RegisteredPerson: Hashable, Sendable {
  package var person: Patient
  /// They were not registered before.
  package var isNew: Bool

  package init(person: Patient, isNew: Bool) {
    self.person = person
    self.isNew = isNew
  }
}
