internal import ClinicDomain
internal import KioskServices
internal import KioskTestSupport
internal import Testing

@testable internal import kiosk_dev

@Suite("A made-up population")
struct PopulationTests {
  static let today = CivilDate(iso: "2026-11-21")!

  static func csv(people: Int, seed: UInt64, today: CivilDate = today) -> String {
    var (population, text) = (Population(seed: seed, today: today, consultorios: 30), SyntheticPerson.header)
    population.forEachPerson(people: people) { text += $0.csvLine }
    return text
  }

  /// Every row as the importer reads it.
  static let rows: [PadronRow] = {
    var (reader, rows) = (PadronReader(rules: PadronRules(today: today)), [PadronRow]())
    let take: (PadronReader.Event) -> Void = { if case .person(let row) = $0 { rows.append(row) } }
    reader.read(csv(people: 6_000, seed: 7).utf8, take)
    reader.finish(take)
    return rows
  }()

  @Test("The same seed gives the same bytes, another seed or day others")
  func deterministic() {
    let once = Self.csv(people: 500, seed: 42)
    #expect(once == Self.csv(people: 500, seed: 42))
    #expect(once != Self.csv(people: 500, seed: 43))
    #expect(once != Self.csv(people: 500, seed: 42, today: Self.today.adding(days: 1)))
    #expect(Self.csv(people: 1000, seed: 42).hasPrefix(once.dropLast(2000)))
  }

  @Test("The importer takes every row")
  func readable() {
    #expect(Self.rows.count == 6_000)
    #expect(Set(Self.rows.map(\.identityKey)).count == 6_000)
  }

  @Test("Keys that must be unique are: CURP and patient number; families share their NSS, which begins with 00")
  func keys() {
    let curps = Self.rows.compactMap(\.curp)
    let numbers = Self.rows.compactMap(\.number)
    #expect(Set(curps).count == curps.count)
    #expect(curps.count > 5_940)
    #expect(Set(numbers).count == numbers.count)
    #expect(Self.rows.allSatisfy { $0.nss?.description.hasPrefix("00") == true })
  }

  @Test("Families are of one to six, one titular first, one consultorio and turno")
  func families() {
    let families = Dictionary(grouping: Self.rows.dropLast(6)) { $0.nss! }.values
    #expect(Set(families.map(\.count)) == [1, 2, 3, 4, 5, 6])
    for family in families {
      #expect(family.first?.agregado?.relation.isTitular == true)
      #expect(family.count { $0.agregado?.relation.isTitular == true } == 1)
      #expect(Set(family.map(\.consultorio)).count == 1)
      #expect(Set(family.map(\.turno)).count == 1)
      #expect(family.map(\.ordinal) == Array(1...family.count))
    }
  }

  @Test("Nothing looks odd to the importer")
  func doubts() {
    #expect(Self.rows.flatMap(\.doubts).isEmpty)
  }

  @Test("There are twins whose agregado is one and the same")
  func twins() {
    let same = Dictionary(grouping: Self.rows) { "\($0.nss!) \($0.agregado!) \($0.birthDate)" }.values.filter { $0.count > 1 }
    #expect(same.contains { Set($0.map(\.name.given)).count == $0.count })
  }

  @Test("Shares are those of a clinic's town", arguments: [
    ("children", 20...32), ("sixty and older", 14...30), ("women", 45...56), ("speakers", 4...9), ("covered today", 93...99),
    ("morning", 45...55), ("needs", 3...14), ("accents or ñ", 55...90),
  ] as [(String, ClosedRange<Int>)])
  func shares(what: String, percent: ClosedRange<Int>) {
    let count = Self.rows.count { row in
      switch what {
      case "children": row.birthDate.age(on: Self.today) < 18
      case "sixty and older": row.birthDate.age(on: Self.today) >= 60
      case "women": row.sex == .mujer
      case "speakers": row.language != "es"
      case "covered today": row.rights.covers(Self.today)
      case "morning": row.turno == TurnoCode("matutino")
      case "needs": !row.needs.isEmpty
      default: "\(row.name.given)\(row.name.firstSurname)\(row.name.secondSurname ?? "")".utf8.contains { $0 > 127 }
      }
    }
    #expect(percent.contains(count * 100 / Self.rows.count), "\(what): \(count)")
  }

  @Test("Every consultorio has people, and the oldest and youngest are believable")
  func spread() {
    #expect(Set(Self.rows.compactMap(\.consultorio)).count == 30)
    let ages = Self.rows.map { $0.birthDate.age(on: Self.today) }
    #expect(ages.contains(0))
    #expect((85...104).contains(ages.max()!))
  }
}

@Suite("Chance from a seed")
struct SeededGeneratorTests {
  @Test("It draws SplitMix64's published sequence for seed 1234567")
  func published() {
    var generator = SeededGenerator(seed: 1_234_567)
    #expect((0..<5).map { _ in generator.next() } == [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423, 4_593_380_528_125_082_431,
      16_408_922_859_458_223_821,
    ])
  }

  @Test("A bounded draw stays inside its bound and reaches both ends")
  func bounded() {
    var generator = SeededGenerator(seed: 1)
    let draws = (0..<1000).map { _ in generator.within(-2...2) }
    #expect(Set(draws) == [-2, -1, 0, 1, 2])
    #expect((0..<100).allSatisfy { _ in generator.pick(weighted: [("a", 0), ("b", 1)]) == "b" })
  }
}
