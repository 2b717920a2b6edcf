import ClinicConfiguration
import Guidance
import Testing

@Suite("ivr-bridge.yaml")
struct BridgeConfigurationTests {
  static let whole = """
    escucha: 127.0.0.1:4573
    asterisk: [127.0.0.1, "::1"]
    servidores: [{unix: ../.ventanilla/telefono.sock}, {tcp: "10.0.0.5:24820"}]
    clinica: clinics/umf-muestra-30/clinic.yaml
    guias: guidance
    dialogos: dialogues
    perfil: prueba
    grabaciones: prompts
    sonidos: /var/lib/ventanilla/sonidos
    sonidos_en_asterisk: ventanilla/
    """

  @Test("Paths start at the file's folder, and what is left out has its value")
  func whole() throws {
    let read = try BridgeConfiguration.read(bytes: Array(Self.whole.utf8), file: "k/ivr-bridge.yaml")
    #expect(read.warnings.isEmpty)
    let bridge = read.value
    #expect((bridge.host, bridge.port) == ("127.0.0.1", 4573))
    #expect(bridge.asterisks == ["127.0.0.1", "::1"])
    #expect(bridge.servers == [.unix(path: "k/../.ventanilla/telefono.sock"), .tcp(host: "10.0.0.5", port: 24820)])
    #expect([bridge.clinicFile, bridge.guidesFolder, bridge.dialoguesFolder, bridge.recordingsFolder, bridge.soundsFolder]
      == ["k/clinics/umf-muestra-30/clinic.yaml", "k/guidance", "k/dialogues", "k/prompts", "/var/lib/ventanilla/sonidos"])
    #expect(bridge.soundsName == "ventanilla")
    #expect(bridge.profile == .trial)
    #expect(bridge.reviewedLanguages == [])
    #expect([bridge.calls, bridge.requestSeconds, bridge.drainSeconds] == [200, 10, 10])
  }

  @Test("Each wrong line is told with its place and the fix", arguments: [
    ("escucha: 127.0.0.1:4573", "escucha: 127.0.0.1", "1:10: escucha: \"127.0.0.1\" no tiene puerto"),
    ("asterisk: [127.0.0.1, \"::1\"]", "asterisk: [localhost]", "2:12: asterisk: \"localhost\" no es una dirección IP"),
    ("perfil: prueba", "perfil: produción", "7:9: perfil: \"produción\" no existe; ¿quiso decir \"produccion\"?"),
    ("ventanilla/", "\"venta,nilla\"", "10:22: sonidos_en_asterisk: \"venta,nilla\" no se puede decir en una orden a Asterisk"),
    ("grabaciones: prompts", "grabacion: prompts", "8:1: la clave \"grabacion\" no existe en la raíz del archivo"),
    ("{unix: ../.ventanilla/telefono.sock}", "{}", "3:14: el elemento 1 de servidores dice una sola dirección"),
  ])
  func wrong(line: String, wrong: String, expected: String) throws {
    let text = Self.whole.replacing(line, with: wrong)
    let error = #expect(throws: ConfigurationProblems.self) {
      try BridgeConfiguration.read(bytes: Array(text.utf8), file: "ivr-bridge.yaml")
    }
    #expect(error?.description.contains("ivr-bridge.yaml:\(expected)") == true, "\(error?.description ?? "")")
  }

  @Test("A listener that others can reach is warned of: FastAGI has no password")
  func openToTheNetwork() throws {
    let text = Self.whole.replacing("127.0.0.1:4573", with: "0.0.0.0:4573")
    let read = try BridgeConfiguration.read(bytes: Array(text.utf8), file: "ivr-bridge.yaml")
    #expect(read.warnings.map(\.message) == ["escucha: a 0.0.0.0 se llega desde otras máquinas, y FastAGI no tiene contraseña ni cifrado"])
  }

  @Test("The calls that the clinic makes: where Asterisk takes them, what it dials, whose number is seen, how many at once")
  func outbound() throws {
    let line = "\nsalientes: {carpeta: /var/spool/asterisk/outgoing/, canal: \"PJSIP/{numero}@troncal\", identificador: \"5550100000\", a_la_vez: 2}"
    let read = try BridgeConfiguration.read(bytes: Array((Self.whole + line).utf8), file: "k/ivr-bridge.yaml")
    #expect(read.value.outbound == BridgeConfiguration.Outbound(
      spoolFolder: "/var/spool/asterisk/outgoing", channel: "PJSIP/{numero}@troncal", callerID: "5550100000", atOnce: 2))
    for (right, wrong, expected) in [
      ("{numero}@", "@", "no dice a qué número llama Asterisk"), ("@troncal", "@tron cal", "no dice a qué número llama Asterisk"),
      ("5550100000", "555010000", "no es un número de diez dígitos"), ("a_la_vez: 2", "a_la_vez: 0", "a_la_vez: 0 está fuera de lo permitido"),
      ("canal:", "canales:", "la clave \"canales\" no existe"),
    ] {
      let error = #expect(throws: ConfigurationProblems.self) {
        try BridgeConfiguration.read(bytes: Array((Self.whole + line.replacing(right, with: wrong)).utf8), file: "ivr-bridge.yaml")
      }
      #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
    }
  }

  @Test("The shipped file is right")
  func shipped() throws {
    let folder = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    #expect(try BridgeConfiguration.load(path: "/\(folder)/kiosk-config/ivr-bridge.yaml").warnings.isEmpty)
  }
}
