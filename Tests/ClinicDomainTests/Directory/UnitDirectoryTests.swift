import ClinicDomain
import KioskTestSupport
import Testing

@Suite("The directory of units")
struct UnitDirectoryTests {
  static func unit(_ clues: String, _ institution: Institution, _ postalCode: String, _ care: [HealthUnit.Care] = [.familyMedicine]) -> HealthUnit {
    HealthUnit(
      clues: CLUES(clues)!, institution: institution, name: "Unidad \(clues)", address: "Calle 1", postalCode: PostalCode(postalCode)!,
      hours: "todos los días", care: care)
  }

  static let directory = UnitDirectory(
    units: [
      unit("DFIMS999306", .imss, "07300"), unit("DFIMS999312", .imss, "07760", [.urgencias, .hospital]),
      unit("DFIST999022", .issste, "06600"), unit("DFSSA003961", .imssBienestar, "07320"), unit("DFSSA004012", .imssBienestar, "06700"),
      unit("DFSSA004053", .imssBienestar, "06010", [.urgencias, .childbirth]), unit("MCSSA999015", .imssBienestar, "55000"),
    ], postalCode: PostalCode("07300"))

  @Test("The nearest is the one with more of the same digits, then the nearer number", arguments: [
    ("07330", ["DFSSA003961", "DFSSA004012"]), ("06000", ["DFSSA004053", "DFSSA004012"]), ("55001", ["MCSSA999015", "DFSSA003961"]),
    ("06710", ["DFSSA004012", "DFSSA004053"]),
  ])
  func nearest(postalCode: String, expected: [String]) {
    let found = Self.directory.find(
      UnitDirectory.Query(institution: .imssBienestar, postalCode: PostalCode(postalCode), limit: 2))
    #expect(found.map(\.clues.description) == expected)
  }

  @Test("P09: a query by postal code returns at least one unit of the proper institution, from anywhere in the country")
  func everyPostalCode() {
    for number in stride(from: 1000, through: 99_999, by: 487) {
      for institution in Institution.allCases {
        let found = Self.directory.find(UnitDirectory.Query(institution: institution, postalCode: PostalCode(number: number)))
        let hasOwn = Self.directory.units.contains { $0.institution == institution }
        #expect(!found.isEmpty && found.allSatisfy { $0.institution == (hasOwn ? institution : .imssBienestar) })
      }
      let urgent = Self.directory.find(UnitDirectory.Query(postalCode: PostalCode(number: number), care: [.urgencias]))
      #expect(!urgent.isEmpty && urgent.allSatisfy { $0.care.contains(.urgencias) })
    }
  }

  @Test("By state, by CLUES, and from where the clinic is when nobody says a postal code")
  func otherWays() {
    #expect(Self.directory.find(UnitDirectory.Query(state: .mexico)).map(\.clues.description) == ["MCSSA999015"])
    #expect(Self.directory[CLUES("DFIST999022")!]?.institution == .issste && Self.directory[CLUES("DFIMS000266")!] == nil)
    #expect(Self.directory.find(UnitDirectory.Query(limit: 1)).map(\.clues.description) == ["DFIMS999306"])
  }

  @Test("A credential is looked at for its form only", arguments: [
    ("https://sus.example/c/8f3a", true), ("{\"n\": 1}\n", true), ("", false), ("   ", false), ("a\u{0}b", false),
    (String(repeating: "x", count: 2953), true), (String(repeating: "x", count: 2954), false),
  ])
  func credential(text: String, isTaken: Bool) {
    #expect((UniversalCredential(text) != nil) == isTaken)
  }
}
