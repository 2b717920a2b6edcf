package import ClinicDomain

/// One person of a padrón file, every value checked.
package struct PadronRow: Hashable, Sendable {
  package var line: Int
  package var nss: NSS?
  package var agregado: AgregadoMedico?
  package var curp: CURP?
  package var number: PatientNumber?
  package var name: PersonName
  package var birthDate: CivilDate
  /// The column's, else the CURP's, else the agregado's where that is not ambiguous.
  package var sex: SexCode?
  package var phone: PhoneNumber?
  /// BCP 47; "es" when the file says nothing.
  package var language: String
  /// Ascending, unique.
  package var needs: [String]
  package var consultorio: ResourceID?
  package var turno: TurnoCode?
  package var rights: Rights
  /// The person's place in the family, from 1.
  package var ordinal: Int?
  /// What looks odd but is no reason to leave the person out.
  package var doubts: [PadronProblem]

  /// What makes two rows, of one file or of two, the same person.
  ///
  /// With a CURP: NSS, agregado and CURP; the first two because one may be a titular and somebody's beneficiary at once. Without:
  /// NSS, agregado, birth date and names, folded (case, accents, repeated spaces), for twins share all but their names.
  /// An identity, not a secret: it holds personal data and stays out of logs.
  package var identityKey: String {
    curp.map { (rightsKey + [$0.description]).joined(separator: "|") } ?? keyWithoutCURP
  }

  /// The key that the person had while no padrón gave their CURP; `nil` while none does.
  package var formerIdentityKey: String? { curp == nil ? nil : keyWithoutCURP }

  private var rightsKey: [String] { [nss?.description ?? "", agregado?.description ?? ""] }

  private var keyWithoutCURP: String {
    let names = [name.given, name.firstSurname, name.secondSurname ?? ""].map { part in
      part.foldedSpanish.split { $0 == " " || $0 == "|" }.joined(separator: " ")
    }
    return (rightsKey + [birthDate.description] + names).joined(separator: "|")
  }
}

/// What a row is held against.
package struct PadronRules: Hashable, Sendable {
  /// The clinic's date; never read here.
  package var today: CivilDate
  /// The clinic's; `nil` accepts any number.
  package var consultorios: [ResourceID]?
  /// The clinic's; `nil` accepts any word.
  package var turnos: [TurnoCode]?

  package init(today: CivilDate, consultorios: [ResourceID]? = nil, turnos: [TurnoCode]? = nil) {
    self.today = today
    self.consultorios = consultorios
    self.turnos = turnos
  }
}
