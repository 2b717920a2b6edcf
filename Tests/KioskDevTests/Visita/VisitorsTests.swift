internal import ClinicDomain
internal import Testing

@testable import kiosk_dev

@Suite("Who walks through the visit")
struct VisitorsTests {
  static let today = CivilDate(year: 2026, month: 11, day: 21)!
  static let header = "nss,fecha_nacimiento,necesidades,consultorio,turno,derechos_estado,derechos_hasta"

  static func parents(_ rows: [String], isWhole: Bool = true) -> [String] {
    Visitors.candidates(in: ([header] + rows).joined(separator: "\n") + "\n", isWhole: isWhole, today: today).map(\.nss)
  }

  @Test("A covered adult with a covered child of the same NSS; families by NSS, whatever the file's order")
  func families() {
    #expect(
      Self.parents([
        "002,1985-04-30,,9,matutino,VIGENTE,", "001,1990-01-01,,9,matutino,VIGENTE,", "001,2019-05-05,,9,matutino,VIGENTE,",
        "002,2016-07-01,,9,matutino,VIGENTE,",
      ]) == ["001", "002"])
  }

  @Test("Nobody whom a rule of the clinic could refuse, or whom the birth date does not tell apart", arguments: [
    ["001,1990-01-01,,9,matutino,VIGENTE,"],
    ["001,1990-01-01,,9,matutino,BAJA,2026-01-01", "001,2019-05-05,,9,matutino,BAJA,2026-01-01"],
    ["001,1990-01-01,,9,matutino,VIGENTE,2026-12-01", "001,2019-05-05,,9,matutino,VIGENTE,"],
    ["001,1990-01-01,sin_escaleras,9,matutino,VIGENTE,", "001,2019-05-05,,9,matutino,VIGENTE,"],
    ["001,1990-01-01,,,,VIGENTE,", "001,2019-05-05,,,,VIGENTE,"],
    ["001,1990-01-01,,9,matutino,VIGENTE,", "001,2019-05-05,,9,matutino,VIGENTE,", "001,2019-05-05,,9,matutino,VIGENTE,"],
  ])
  func passedOver(rows: [String]) { #expect(Self.parents(rows) == []) }

  @Test("The last line of a file that was read in part is not trusted")
  func cutLine() {
    let rows = ["001,1990-01-01,,9,matutino,VIGENTE,", "001,2019-05-05,,9,matutino,VIGENTE,"]
    #expect(Self.parents(rows, isWhole: false) == [])
    #expect(Self.parents(rows + ["001,20"], isWhole: false) == ["001"])
  }

  @Test("Times are told in milliseconds with two decimals", arguments: [
    (Duration.microseconds(840), "0.84 ms"), (.microseconds(1), "0.00 ms"), (.milliseconds(12), "12.00 ms"), (.microseconds(99_996), "100.00 ms"),
  ])
  func milliseconds(duration: Duration, text: String) { #expect(Narrator.milliseconds(duration) == text) }
}
