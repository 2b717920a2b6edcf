/// The store's own key of a person; never leaves the server. NSS and agregado together are not unique: twins share both.
package struct PatientID: RawRepresentable, Hashable, Comparable, Sendable {
  package let rawValue: Int64
  package init(rawValue: Int64) { self.rawValue = rawValue }
  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// A person the clinic knows.
package struct Patient: Hashable, Sendable {
  package var id: PatientID
  /// Shared with the titular's whole family; `nil` for people without one.
  package var nss: NSS?
  package var agregado: AgregadoMedico?
  package var curp: CURP?
  /// Ours: on the person's card, unique.
  package var number: PatientNumber
  package var name: PersonName
  package var birthDate: CivilDate
  package var phone: PhoneNumber?
  /// BCP 47: "es", "nah".
  package var language: String
  /// Accessibility needs in the clinic's words, such as `sin_escaleras`; ascending, unique.
  package var needs: [String]
  /// Their own doctor's consultorio and turno.
  package var consultorio: ResourceID?
  package var turno: TurnoCode?
  package var rights: Rights
  /// Their place in the family, 1 ... 99, as the padrón has it: what tells twins apart.
  package var ordinal: Int?
  /// When the person, or staff for them, last said by which name they are called, or that by none but the padrón's given one; `nil` while
  /// what the padrón says holds.
  package var nameSetAt: Instant?
  /// Where they are cared for instead, as far as whoever has this value knows; no part of the person's row.
  package var elsewhere: CaredElsewhere?

  package init(
    id: PatientID, nss: NSS?, agregado: AgregadoMedico?, curp: CURP?, number: PatientNumber,
    name: PersonName, birthDate: CivilDate, phone: PhoneNumber?, language: String, needs: [String],
    consultorio: ResourceID?, turno: TurnoCode?, rights: Rights, ordinal: Int? = nil,
    nameSetAt: Instant? = nil
  ) {
    self.id = id
    self.nss = nss
    self.agregado = agregado
    self.curp = curp
    self.number = number
    self.name = name
    self.birthDate = birthDate
    self.phone = phone
    self.language = language
    self.needs = needs
    self.consultorio = consultorio
    self.turno = turno
    self.rights = rights
    self.ordinal = ordinal
    self.nameSetAt = nameSetAt
  }

  /// Whether the person is under the clinic's adult age on that date.
  package func isMinor(on date: CivilDate, adultAge: Int) -> Bool {
    birthDate.age(on: date) < adultAge
  }

  /// The need that forbids every floor but the ground floor.
  package static let noStairs = "sin_escaleras"
  /// The need of who is in palliative care: always their own doctor, at home or by telephone, and no line.
  package static let palliative = "paliativos"

  package var isPalliative: Bool { needs.contains(Self.palliative) }

  /// What the clinic's own people write down of how somebody is cared for and called: a padrón that does not know of it takes none away.
  package static let keptNeeds = [noStairs, palliative, deaf, signs]

  /// With the kept needs that were known before.
  package func keepingNeeds(of known: Patient) -> Patient {
    var person = self
    person.needs += known.needs.filter { Self.keptNeeds.contains($0) && !needs.contains($0) }
    person.needs.sort()
    return person
  }

  /// With the name that the person was known to have chosen, or to want no more, and the place in the family.
  package func keepingName(of known: Patient) -> Patient {
    var person = self
    person.ordinal = ordinal ?? known.ordinal
    guard known.nameSetAt != nil else { return person }
    (person.name.chosen, person.name.pronoun, person.nameSetAt) = (known.name.chosen, known.name.pronoun, known.nameSetAt)
    return person
  }
}

/// What a person is called: in documents, and as they wish.
package struct PersonName: Hashable, Sendable {
  package var given: String
  package var firstSurname: String
  package var secondSurname: String?
  /// The name the person uses; wins over `given` wherever the law does not ask for the legal one.
  package var chosen: String?
  package var pronoun: String?

  package init(
    given: String, firstSurname: String, secondSurname: String?, chosen: String?, pronoun: String?
  ) {
    self.given = given
    self.firstSurname = firstSurname
    self.secondSurname = secondSurname
    self.chosen = chosen
    self.pronoun = pronoun
  }

  /// How to address the person on their own screen.
  package var address: String { chosen ?? given }
}

/// What the institute owes the person, and until when.
///
/// Source: the clinic's working list of states (domain, 1.2); eight weeks (56 days) of conservation after a baja.
package struct Rights: Hashable, Sendable {
  package enum State: String, Hashable, Sendable, CaseIterable {
    case vigente = "VIGENTE"
    case conservacionDerechos = "CONSERVACION_DERECHOS"
    case baja = "BAJA"
    case pensionTramite = "PENSION_TRAMITE"
    case conDerecho = "CON_DERECHO"
    case fallecido = "FALLECIDO"
    case vigentePorProrroga = "VIGENTE_POR_PRORROGA"
  }

  /// Until when appointments are covered.
  package enum Coverage: Hashable, Sendable {
    case none
    case through(CivilDate)
    case withoutKnownEnd
  }

  package var state: State
  /// For `baja`, the day of the baja; otherwise the last day of the state, `nil` when no end is known.
  package var date: CivilDate?

  package init(state: State, date: CivilDate?) {
    self.state = state
    self.date = date
  }

  /// Days of care after a baja, the last included.
  package static let conservationDays = 56

  package var coverage: Coverage {
    switch state {
    case .fallecido: .none
    case .baja: date.map { .through($0.advanced(by: Self.conservationDays)) } ?? .none
    case .conservacionDerechos: date.map { .through($0) } ?? .none
    case .vigente, .pensionTramite, .conDerecho, .vigentePorProrroga:
      date.map { .through($0) } ?? .withoutKnownEnd
    }
  }

  /// Whether an appointment on `date` is covered.
  package func covers(_ date: CivilDate) -> Bool { coverage.covers(date) }
}

extension Rights.Coverage {
  /// Whether an appointment on `date` is covered; the last day is.
  package func covers(_ date: CivilDate) -> Bool {
    switch self {
    case .none: false
    case .through(let last): date <= last
    case .withoutKnownEnd: true
    }
  }
}
