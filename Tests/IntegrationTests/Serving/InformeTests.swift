internal import Foundation
internal import Testing

@testable internal import kiosk_dev

@Suite("A director's report, program to program")
struct InformeTests {
  @Test("kioskctl informe asks the staff's door for a table and a picture; a kiosk is refused")
  func informe() async throws {
    try await LocalServer.with { server in
      let program = try BuiltPrograms.path("kioskctl")
      let picture = server.folder.path("informe.svg")
      let report = try await ProgramRun.of(program, ["informe", "--grafica", picture, "--servidor", server.folder.path("staff.sock")])
      #expect(report.status == 0, "\(report.text)")
      #expect(report.lines.first?.hasPrefix("Informe del ") == true)
      #expect(report.text.contains("Toda la clínica") && report.text.contains("Gráfica: \(picture)"))
      #expect(try String(contentsOfFile: picture, encoding: .utf8).contains("Días hasta el tercer lugar libre"))
      let kiosk = try await ProgramRun.of(program, ["informe", "--servidor", server.folder.path("kiosk.sock")])
      #expect(kiosk.status == 1, "\(kiosk.text)")
    }
  }
}
