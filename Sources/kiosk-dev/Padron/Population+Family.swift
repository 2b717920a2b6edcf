internal import ClinicDomain
internal import KioskTestSupport

/// What the members of one family share.
struct SyntheticHousehold {
  var nss: NSS
  var isPensioner: Bool
  var regimen: String
  /// The cartilla's sex letters: M/F instead of H/M.
  var usesOldLetters: Bool
  var state: BirthState
  var language: String
  var phone: String?
  var consultorio: Int
  var turno: String
  var rightsState: String
  var rightsUntil: CivilDate?
}

extension Population {
  /// One to six people under one NSS, the titular first.
  mutating func family() -> [SyntheticPerson] {
    let isPensioner = chance.chance(24, in: 100)
    let titularSex: SexCode = chance.chance(58, in: 100) ? .hombre : .mujer
    let birthDate = birthDate(aged: isPensioner ? pensionerAge() : workerAge())
    let titularAge = birthDate.age(on: today)
    let household = household(isPensioner: isPensioner, titularBorn: birthDate, titularAge: titularAge)
    var titular = person(household, relation: isPensioner ? 5 : 1, sex: titularSex, born: birthDate)
    titular.ordinal = 1
    var members = [titular]

    let hasSpouse = titularAge >= 19 && household.regimen != "ES" && chance.chance(titularAge < 30 ? 45 : 62, in: 100)
    var spouse: SyntheticPerson?
    if hasSpouse {
      let age = min(100, max(18, titularAge + chance.within(-7...6)))
      let other: SexCode = chance.chance(2, in: 100) ? titularSex : titularSex == .hombre ? .mujer : .hombre
      spouse = person(household, relation: isPensioner ? 6 : 2, sex: other, born: self.birthDate(aged: age))
      members.append(spouse!)
    }
    let parents = [titular, spouse].compactMap { $0 }
    members += children(household, parents: parents, alone: spouse == nil)
    if members.count < 6, !isPensioner, titularAge < 62, chance.chance(7, in: 100) {
      let sex: SexCode = chance.chance(70, in: 100) ? .mujer : .hombre
      let age = min(98, titularAge + chance.within(19...34))
      var parent = person(household, relation: 4, sex: sex, born: self.birthDate(aged: age))
      let surname = sex == .hombre ? titular.firstSurname : titular.secondSurname
      if let surname { parent.firstSurname = surname }
      members.append(parent)
    }
    return members.prefix(6).enumerated().map { complete($0.element, household, ordinal: $0.offset + 1) }
  }

  /// Eldest first; now and then two or three of one birth.
  private mutating func children(
    _ household: SyntheticHousehold, parents: [SyntheticPerson], alone: Bool
  ) -> [SyntheticPerson] {
    let youngestParentAge = parents.map { $0.birthDate.age(on: today) }.min()!
    // The younger parent was 17 to 43 at the birth; children leave the group at 25.
    guard (18...67).contains(youngestParentAge), household.regimen != "ES" else { return [] }
    let ages = max(0, youngestParentAge - 43)...min(24, youngestParentAge - 17)
    let wish = chance.pick(weighted: alone ? [(0, 55), (1, 25), (2, 15), (3, 5)] : [(0, 18), (1, 30), (2, 34), (3, 14), (4, 4)])
    var born: [CivilDate] = []
    for _ in 0..<wish {
      let date = birthDate(aged: chance.within(ages))
      // Nine months at least lie between two births.
      guard born.allSatisfy({ abs($0.distance(to: date)) > 280 }) else { continue }
      born.append(date)
      if chance.chance(11, in: 1000) { born.append(date) }
    }
    let father = parents.first { $0.sex == .hombre }
    let mother = parents.first { $0.sex == .mujer }
    var names: [String] = []
    return born.sorted().map { date in
      var child = person(household, relation: household.isPensioner ? 6 : 3, sex: childSex(), born: date)
      // Brothers and sisters, twins above all, are told apart by name.
      while names.contains(child.given) { child.given = givenName(child.sex) }
      names.append(child.given)
      child.firstSurname = father?.firstSurname ?? parents[0].firstSurname
      child.secondSurname = father == nil ? parents[0].secondSurname : mother?.firstSurname ?? surname()
      return child
    }
  }

  private mutating func household(isPensioner: Bool, titularBorn: CivilDate, titularAge: Int) -> SyntheticHousehold {
    let language =
      chance.chance(PopulationLanguages.speakersInThousand, in: 1000) ? chance.pick(weighted: PopulationLanguages.speakers) : "es"
    let regimen =
      isPensioner
      ? "PE" : titularAge <= 24 && chance.chance(45, in: 100) ? "ES" : chance.pick(weighted: [("OR", 95), ("SF", 4), ("SA", 1)])
    let (rightsState, rightsUntil) = rights(isPensioner: isPensioner, isStudent: regimen == "ES")
    return SyntheticHousehold(
      nss: newNSS(titularBornIn: titularBorn.year), isPensioner: isPensioner, regimen: regimen,
      usesOldLetters: chance.chance(25, in: 100), state: birthState(), language: language,
      phone: chance.chance(92, in: 100) ? phone() : nil, consultorio: chance.within(1...consultorios), turno: chance.pick(turnos),
      rightsState: rightsState, rightsUntil: rightsUntil)
  }

  /// Mostly VIGENTE; a BAJA's date is its day, within and beyond the 56 days of conservation.
  private mutating func rights(isPensioner: Bool, isStudent: Bool) -> (String, CivilDate?) {
    if isStudent { return ("VIGENTE", today.adding(days: chance.within(20...330))) }
    if isPensioner { return chance.chance(2, in: 100) ? ("PENSION_TRAMITE", nil) : ("VIGENTE", nil) }
    return switch chance.below(1000) {
    case ..<925: ("VIGENTE", nil)
    case ..<965: ("BAJA", today.adding(days: -chance.within(1...300)))
    case ..<985: ("CONSERVACION_DERECHOS", today.adding(days: chance.within(0...55)))
    case ..<995: ("VIGENTE_POR_PRORROGA", today.adding(days: chance.within(10...250)))
    default: ("CON_DERECHO", today.adding(days: chance.within(30...360)))
    }
  }
}
