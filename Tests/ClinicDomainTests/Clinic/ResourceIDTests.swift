internal import ClinicDomain
internal import KioskTestSupport
internal import Testing

@Suite("The name of an agenda")
struct ResourceIDTests {
  @Test("Consultorios and ventanillas are read in either case and written in capitals", arguments: [
    ("C1", "C1"), ("c12", "C12"), ("V999", "V999"), ("v2", "V2"),
  ])
  func read(text: String, written: String) {
    #expect(ResourceID(text: text)?.description == written)
  }

  @Test("Other texts name no agenda", arguments: [
    "", "C", "12", "C0", "C1000", "C01", "C-1", "C+1", "C 1", " C1", "C1 ", "X1", "CC1", "C1.0", "C١", "É1",
  ])
  func unread(text: String) {
    #expect(ResourceID(text: text) == nil)
  }

  @Test("Consultorios stand before ventanillas, and 2 before 10")
  func order() {
    let texts = ["V1", "C10", "C2", "V10", "C1"]
    #expect(texts.compactMap { ResourceID(text: $0) }.sorted().map(\.description) == ["C1", "C2", "C10", "V1", "V10"])
  }

  @Test("A clinic finds each of its resources, and no other")
  func lookUp() {
    let clinic = Clinic.large(consultorios: 7)
    for number in 1...7 { #expect(clinic.resource(.c(number))?.id == .c(number)) }
    #expect(clinic.resource(.c(8)) == nil)
    #expect(clinic.resource(.v(1)) == nil)
    #expect(Clinic.fixture { $0.resources = [] }.resource(.c(1)) == nil)
  }
}
