internal import ClinicConfiguration
internal import ClinicDomain
internal import Testing

@Suite("The section hojas of server.yaml")
struct ServerSheetsTests {
  func read(_ section: String) throws -> Configured<ServerConfiguration> {
    try ServerConfiguration.read(text: ServerConfigurationTests.text + section, file: "kiosk-config/server.yaml")
  }

  @Test("Where, when and how many rows")
  func sheets() throws {
    let read = try read("hojas:\n  carpeta: ../hojas\n  horas: [13:00, 07:00]\n  renglones: 8\n")
    #expect(read.value.sheets == ServerConfiguration.Sheets(
      folder: "kiosk-config/../hojas", hours: [AgendaMinute(minutes: 420)!, AgendaMinute(minutes: 780)!], blankRows: 8))
    #expect(try self.read("").value.sheets == nil)
  }

  @Test("Each fault is told with its line and column", arguments: [
    ("hojas:\n  carpeta: h\n  horas: [25:00]\n  renglones: 8\n", "12:11: horas: \"25:00\" no es una hora del día"),
    ("hojas:\n  carpeta: h\n  horas: [7:00, 07:00]\n  renglones: 8\n", "12:17: la hora 07:00 ya está en la línea 12"),
    ("hojas:\n  carpeta: h\n  horas: 7:00\n  renglones: 61\n", "13:14: renglones: 61 está fuera de lo permitido"),
    ("hojas:\n  carpeta: h\n  hora: 7:00\n  renglones: 8\n", "12:3: la clave \"hora\" no existe en hojas; ¿quiso decir \"horas\"?"),
  ])
  func faults(section: String, expected: String) {
    #expect(ServerConfigurationTests().problems(in: ServerConfigurationTests.text + section).first?.hasPrefix("s.yaml:\(expected)") == true)
  }
}
