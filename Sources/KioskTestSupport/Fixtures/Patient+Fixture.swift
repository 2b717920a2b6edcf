package import ClinicDomain

extension Patient {
  /// An adult with rights without a known end, whose own doctor is C1 in the morning; only what is given differs.
  package static func fixture(
    _ id: Int64 = 1, nss: String? = "00809012347", born: String = "1985-04-30", needs: [String] = [],
    consultorio: ResourceID? = .c(1), turno: TurnoCode? = .matutino, rights: Rights = Rights(state: .vigente, date: nil)
  ) -> Patient {
    Patient(
      id: PatientID(rawValue: id), nss: nss.flatMap { NSS($0) }, agregado: nil, curp: nil,
      number: PatientNumber(random: UInt64(id) &* 0x9E37_79B9_7F4A_7C15),
      name: PersonName(given: "Persona \(id)", firstSurname: "De Ejemplo", secondSurname: nil, chosen: nil, pronoun: nil),
      birthDate: CivilDate(iso: born)!, phone: nil, language: "es", needs: needs, consultorio: consultorio, turno: turno,
      rights: rights)
  }

  /// The titular of a family.
  package static let ana = fixture(1)
  /// Another adult of Ana's NSS.
  package static let beto = fixture(2, born: "1984-02-29", consultorio: .c(2), turno: .vespertino)
  /// A minor of Ana's NSS.
  package static let carla = fixture(3, born: "2015-09-10")
  /// A stranger to Ana's family.
  package static let dario = fixture(4, nss: "00755000015")
}
