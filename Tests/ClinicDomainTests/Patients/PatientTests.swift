internal import ClinicDomain
internal import KioskTestSupport
internal import Testing

@Suite("A person the clinic knows")
struct PatientTests {
  @Test("A child is a minor until the day before the birthday", arguments: [
    ("2008-11-24", true), ("2008-11-23", false), ("2008-11-22", false),
  ])
  func minor(born: String, minor: Bool) {
    #expect(Patient.fixture(born: born).isMinor(on: .fixture, adultAge: 18) == minor)
  }

  @Test("Who has a chosen name is addressed by it")
  func chosenName() {
    var name = PersonName(given: "María José", firstSurname: "Núñez", secondSurname: nil, chosen: nil, pronoun: nil)
    #expect(name.address == "María José")
    name.chosen = "Pepe"
    #expect(name.address == "Pepe")
  }
}
