internal import ClinicConfiguration
internal import ClinicDomain
internal import Testing

@Suite("The section cabezas of server.yaml")
struct ServerHeadsTests {
  @Test("Where the heads go and what signs them")
  func heads() throws {
    func read(_ section: String) throws -> ServerConfiguration.Heads? {
      try ServerConfiguration.read(text: ServerConfigurationTests.text + section, file: "kiosk-config/server.yaml").value.heads
    }
    #expect(try read("cabezas:\n  carpeta: /mnt/centro\n  llave: ../secretos/c.llave\n")
      == ServerConfiguration.Heads(folder: "/mnt/centro", key: "kiosk-config/../secretos/c.llave"))
    #expect(try read("") == nil)
  }

  @Test("Neither lies in the store's folder, where whoever changes the store has it too")
  func besideTheStore() throws {
    let data = try ServerConfiguration.read(text: ServerConfigurationTests.text, file: "s.yaml").value.dataFolder
    let problems = ServerConfigurationTests().problems(
      in: ServerConfigurationTests.text + "cabezas:\n  carpeta: \(data)\n  llave: \(data)/c.llave\n")
    #expect(problems.count == 2 && problems.allSatisfy { $0.contains("está en la carpeta de datos") }, "\(problems)")
  }

  @Test("The key does not lie where the heads go: whoever keeps them could sign others")
  func besideTheHeads() {
    func problems(_ folder: String, _ key: String) -> [String] {
      ServerConfigurationTests().problems(in: ServerConfigurationTests.text + "cabezas:\n  carpeta: \(folder)\n  llave: \(key)\n")
    }
    for (folder, key) in [("/mnt/centro", "/mnt/centro/llaves/c.llave"), ("/mnt/centro/", "/mnt/centro/c.llave"), ("/mnt/x/../centro", "/mnt//centro/./c.llave")] {
      let found = problems(folder, key)
      #expect(found.count == 1 && found.first?.contains("llave está en la carpeta de las cabezas") == true, "\(found)")
    }
    for key in ["/mnt/centro2/c.llave", "/mnt/centro/../otra/c.llave"] { #expect(problems("/mnt/centro", key).isEmpty) }
  }
}
