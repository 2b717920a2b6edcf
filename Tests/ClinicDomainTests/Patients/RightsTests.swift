internal import ClinicDomain
internal import Testing

@Suite("A person's rights on a date")
struct RightsTests {
  static func covered(_ state: Rights.State, _ date: String?, on day: String) -> Bool {
    Rights(state: state, date: date.flatMap { CivilDate(iso: $0) }).covers(CivilDate(iso: day)!)
  }

  @Test("P07: after a baja care goes on for 56 days, the last included", arguments: [
    ("2026-09-29", "2026-11-23", true), ("2026-09-29", "2026-11-24", true), ("2026-09-29", "2026-11-25", false),
    // Across a leap day, and over the end of a year.
    ("2028-01-15", "2028-03-11", true), ("2028-01-15", "2028-03-12", false),
    ("2026-12-01", "2027-01-26", true), ("2026-12-01", "2027-01-27", false),
  ])
  func conservation(baja: String, day: String, covered: Bool) {
    #expect(Self.covered(.baja, baja, on: day) == covered)
  }

  @Test("States with a last day cover through that day", arguments: [
    Rights.State.vigente, .pensionTramite, .conDerecho, .vigentePorProrroga, .conservacionDerechos,
  ])
  func lastDay(state: Rights.State) {
    #expect(Self.covered(state, "2026-11-24", on: "2026-11-24"))
    #expect(!Self.covered(state, "2026-11-24", on: "2026-11-25"))
  }

  @Test("Without a date, rights that stand have no known end, and rights that end cover nothing", arguments: [
    (Rights.State.vigente, Rights.Coverage.withoutKnownEnd), (.pensionTramite, .withoutKnownEnd), (.conDerecho, .withoutKnownEnd),
    (.vigentePorProrroga, .withoutKnownEnd), (.conservacionDerechos, .none), (.baja, .none), (.fallecido, .none),
  ])
  func undated(state: Rights.State, coverage: Rights.Coverage) {
    #expect(Rights(state: state, date: nil).coverage == coverage)
  }

  @Test("A death ends rights at once, whatever date is written")
  func death() {
    #expect(!Self.covered(.fallecido, "2030-01-01", on: "2026-11-24"))
  }
}
