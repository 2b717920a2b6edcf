internal import ClinicDomain
internal import KioskTestSupport

extension Population {
  /// A member before ``complete(_:_:ordinal:)``: surnames may still change, so there is no CURP yet.
  mutating func person(
    _ household: SyntheticHousehold, relation: Int, sex: SexCode, born: CivilDate
  ) -> SyntheticPerson {
    let letter =
      switch sex {
      case .hombre: household.usesOldLetters ? "M" : "H"
      case .mujer: household.usesOldLetters ? "F" : "M"
      case .noBinario: "X"
      }
    return SyntheticPerson(
      nss: household.nss, agregado: "\(relation)\(letter)\(born.year)\(household.regimen)", curp: nil, number: nil,
      given: givenName(sex), firstSurname: surname(), secondSurname: chance.chance(13, in: 1000) ? nil : surname(),
      chosenName: nil, pronoun: nil, birthDate: born, sex: sex, phone: household.phone, language: household.language, needs: [],
      consultorio: household.consultorio, turno: household.turno, rightsState: household.rightsState,
      rightsUntil: household.rightsUntil, ordinal: 0)
  }

  /// Adds what depends on the final name and on age.
  mutating func complete(_ member: SyntheticPerson, _ household: SyntheticHousehold, ordinal: Int) -> SyntheticPerson {
    var person = member
    person.ordinal = ordinal
    let age = person.birthDate.age(on: today)
    // A newborn's key takes weeks to come.
    let isNewborn = person.birthDate.distance(to: today) < 45
    let state = chance.chance(85, in: 100) ? household.state : birthState()
    if !isNewborn { person.curp = newCURP(for: person, bornIn: state) }
    person.number = newNumber()
    if age >= 16, age < 70, chance.chance(35, in: 100) { person.phone = phone() }
    if age >= 14, chance.chance(3, in: 1000) {
      let (sex, pronoun) = chance.pick([(SexCode.mujer, "ella"), (.hombre, "él"), (.noBinario, "elle")])
      (person.chosenName, person.pronoun) = (givenName(sex), pronoun)
    }
    person.needs = needs(age: age, speaksIndigenousLanguage: person.language != "es")
    if age >= 60, chance.chance(4, in: 10_000) {
      (person.rightsState, person.rightsUntil) = ("FALLECIDO", today.adding(days: -chance.within(1...60)))
    }
    return person
  }

  /// In alphabetical order.
  private mutating func needs(age: Int, speaksIndigenousLanguage: Bool) -> [String] {
    var needs: [String] = []
    if chance.chance(age >= 60 ? 60 : 4, in: 1000) { needs.append("baja_vision") }
    if chance.chance(age >= 75 ? 120 : age >= 60 ? 45 : 4, in: 1000) { needs.append("ayuda_al_caminar") }
    if age >= 15, chance.chance(speaksIndigenousLanguage ? 120 : age >= 60 ? 70 : 12, in: 1000) { needs.append("lectura") }
    if chance.chance(3, in: 1000) { needs.append("señas") }
    if chance.chance(age >= 75 ? 150 : age >= 60 ? 50 : 6, in: 1000) { needs.append("sin_escaleras") }
    if chance.chance(age >= 70 ? 25 : 3, in: 1000) { needs.append("silla_de_ruedas") }
    if speaksIndigenousLanguage, chance.chance(118, in: 1000) { needs.append("interprete") }
    return needs.sorted()
  }

  /// The front of a list is drawn about three times as often as its end.
  private mutating func name(from list: [String]) -> String {
    list[min(chance.below(list.count), chance.below(list.count * 2))]
  }

  mutating func surname() -> String {
    // One in three families has one of the dozen most common surnames.
    chance.chance(1, in: 3) ? MexicanNames.surnames[chance.below(12)] : name(from: MexicanNames.surnames)
  }

  mutating func givenName(_ sex: SexCode) -> String {
    switch sex {
    case .hombre: name(from: MexicanNames.men)
    case .mujer: name(from: MexicanNames.women)
    case .noBinario: chance.pick(MexicanNames.either)
    }
  }

  mutating func childSex() -> SexCode {
    chance.chance(1, in: 2000) ? .noBinario : chance.chance(512, in: 1000) ? .hombre : .mujer
  }

  mutating func birthDate(aged age: Int) -> CivilDate {
    // A whole year back and up to 364 days more, so that the age holds on any `today`.
    let birthday = CivilDate(year: today.year - age, month: today.month, day: min(today.day, 28))!
    return min(birthday.adding(days: -chance.below(364)), today)
  }

  mutating func workerAge() -> Int {
    chance.pick(weighted: [
      (chance.within(16...19), 3), (chance.within(20...29), 27), (chance.within(30...39), 28), (chance.within(40...49), 24),
      (chance.within(50...64), 18),
    ])
  }

  /// At most 98: from 100 on the two digits of an NSS's birth year are read as this century's, which the importer doubts.
  mutating func pensionerAge() -> Int {
    chance.pick(weighted: [
      (chance.within(45...59), 8), (chance.within(60...69), 42), (chance.within(70...79), 34), (chance.within(80...89), 14),
      (chance.within(90...98), 2),
    ])
  }

  mutating func birthState() -> BirthState {
    chance.pick(weighted: [
      (.ciudadDeMexico, 46), (.mexico, 22), (.puebla, 6), (.oaxaca, 6), (.veracruz, 6), (.hidalgo, 4), (.guerrero, 4),
      (.michoacan, 4), (.extranjero, 1), (chance.pick(BirthState.allCases), 10),
    ])
  }

  /// Mexico keeps no numbers apart for fiction; behind the area code comes a 0, with which no subscriber's number begins.
  mutating func phone() -> String {
    let area = chance.pick(["55", "55", "55", "56", "722", "777", "222"])
    return area + "0" + String((0..<(9 - area.count)).map { _ in Character(String(chance.below(10))) })
  }
}
