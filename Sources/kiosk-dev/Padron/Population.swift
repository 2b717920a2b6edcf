internal import ClinicDomain
internal import KioskTestSupport

/// A clinic's made-up population, family after family, from one seed.
///
/// Deterministic: seed, today and the clinic's numbers decide every byte. NSS begin with 00, which no subdelegación has, so that
/// no number belongs to a real person. Nothing but the keys already given out is kept in memory.
struct Population {
  let today: CivilDate
  let consultorios: Int
  let turnos = ["matutino", "vespertino"]

  var chance: SeededGenerator
  private var nextSerials: [Int: Int] = [:]
  private var homonyms: [String: Int] = [:]
  private var numbers: Set<PatientNumber> = []

  /// Each birth year has a million numbers beginning with 00; the bound leaves room.
  static let greatestPeople = 5_000_000

  init(seed: UInt64, today: CivilDate, consultorios: Int) {
    (self.today, self.consultorios, chance) = (today, consultorios, SeededGenerator(seed: seed))
  }

  /// Calls `body` for each of `people` persons, families together, titulares first.
  mutating func forEachPerson(people: Int, _ body: (SyntheticPerson) throws -> Void) rethrows {
    var rest = people
    while rest > 0 {
      for person in family().prefix(rest) {
        try body(person)
        rest -= 1
      }
    }
  }
}

// MARK: - Numbers that are given out once

extension Population {
  /// 00, registration year, birth year and a serial of four digits in scattered order.
  mutating func newNSS(titularBornIn birthYear: Int) -> NSS {
    for attempt in 0... {
      // Registered with the first job; when those years are full, in any.
      let registered = attempt < 20 ? min(today.year, birthYear + chance.within(16...26)) : chance.below(100)
      let years = registered % 100 * 100 + birthYear % 100
      let serial = nextSerials[years, default: 0]
      guard serial < 10_000 else { continue }
      nextSerials[years] = serial + 1
      // 7919 is prime to 10000: every serial comes once.
      return NSS(firstTenDigits: years * 10_000 + (serial * 7919 + years * 6151) % 10_000)!
    }
    preconditionFailure("more families than numbers; the bound on people forbids it")
  }

  /// `nil` when the register's own letters for homonyms are used up.
  mutating func newCURP(for person: SyntheticPerson, bornIn state: BirthState) -> CURP? {
    func curp(_ homonym: Int) -> CURP? {
      CURP(
        given: person.given, firstSurname: person.firstSurname, secondSurname: person.secondSurname, bornOn: person.birthDate,
        sex: person.sex, state: state, homonym: homonym)
    }
    guard let first = curp(0) else { return nil }
    let root = String(first.description.prefix(16))
    let homonym = homonyms[root, default: 0]
    homonyms[root] = homonym + 1
    return homonym == 0 ? first : curp(homonym)
  }

  mutating func newNumber() -> PatientNumber {
    while true {
      let number = PatientNumber(random: chance.next())
      if numbers.insert(number).inserted { return number }
    }
  }
}
