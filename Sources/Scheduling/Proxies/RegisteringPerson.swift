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
  /// Who has these names and this birth date and is somebody else, as the staff who know both say.
  package var otherThan: [PatientNumber]
  /// Where their patient number begins: chance comes in with the command.
  package var numberSeed: UInt64

  package init(
    actor: Actor, name: PersonName, birthDate: CivilDate, phone: PhoneNumber?, language: String, otherThan: [PatientNumber] = [],
    numberSeed: UInt64
  ) {
    self.actor = actor
    self.name = name
    self.birthDate = birthDate
    self.phone = phone
    self.language = language
    self.otherThan = otherThan
    self.numberSeed = numberSeed
  }

  /// What such a person is known by until the padrón knows them: their names without accents, and their birth date. Whoever has both like
  /// somebody before them is known by the store's number too, behind ``keySeparator``.
  package var identityKey: String { "\(Self.keyPrefix)\(Self.folded(name))|\(birthDate)" }

  package static let keySeparator = "|"

  /// No padrón's key begins so.
  static let keyPrefix = "sin_padron:"

  static func folded(_ name: PersonName) -> String {
    [name.given, name.firstSurname, name.secondSurname ?? ""].map(\.foldedSpanish).joined(separator: "|")
  }
}

extension RegisterPerson {
  /// Whoever was registered with these names and this birth date before is who is meant, the first of them who is not ``otherThan`` whom staff
  /// say: nobody gets a second number, and two people never one. Asked again it means whom it made.
  ///
  /// - Returns: the person.
  /// - Throws: `notAllowed` for anybody but staff, and for a birth that is to come.
  package func decide(in scope: CommandScope, rules: ClinicRules, at now: Instant) throws(CommandRefusal) -> Decision<RegisteredPerson> {
    _ = try actor.checkStaff()
    guard birthDate <= rules.today(at: now), let number = scope.proxy.freeNumber else { throw .notAllowed }
    let namesakes = scope.proxy.namesakes
    if let known = namesakes.first(where: { !otherThan.contains($0.number) }) {
      return Decision(RegisteredPerson(person: known, isNew: false, namesakes: namesakes), [])
    }
    let person = Patient(
      id: scope.proxy.nextPatient, nss: nil, agregado: nil, curp: nil, number: number, name: name, birthDate: birthDate, phone: phone,
      language: language, needs: [], consultorio: nil, turno: nil, rights: Rights(state: .baja, date: nil))
    let key = namesakes.isEmpty ? identityKey : "\(identityKey)\(Self.keySeparator)\(person.id.rawValue)"
    return Decision(RegisteredPerson(person: person, isNew: true, namesakes: namesakes), [.proxy(.person(person, identityKey: key))])
  }
}

/// Who was registered without a number of the institute.
package struct RegisteredPerson: Hashable, Sendable {
  package var person: Patient
  /// They were not registered before.
  package var isNew: Bool
  /// Everybody who was registered with these names and this birth date before, by the store's number.
  package var namesakes: [Patient]

  package init(person: Patient, isNew: Bool, namesakes: [Patient] = []) {
    self.person = person
    self.isNew = isNew
    self.namesakes = namesakes
  }
}
