internal import ClinicConfiguration
internal import ClinicDomain
internal import Testing

@Suite("server.yaml")
struct ServerConfigurationTests {
  static let text = """
    clinica: clinics/umf-muestra-30/clinic.yaml
    datos: /var/lib/ventanilla
    escuchas:
      - tcp: 127.0.0.1:24820
        papel: kiosco
      - unix: tecnico.sock
        papel: tecnico
    sesion_inactiva_segundos: 60
    drenado_segundos: 10

    """

  func problems(_ old: String, _ new: String) -> [String] {
    precondition(Self.text.contains(old), "not there: \(old)")
    return problems(in: Self.text.replacing(old, with: new))
  }

  func problems(in text: String) -> [String] {
    do throws(ConfigurationProblems) {
      return try ServerConfiguration.read(text: text, file: "s.yaml").warnings.map(\.description)
    } catch {
      return error.problems.map(\.description)
    }
  }

  @Test("Relative paths start from the file's own folder, others stay")
  func reads() throws {
    let read = try ServerConfiguration.read(text: Self.text, file: "kiosk-config/server.yaml")
    #expect(read.warnings == [])
    #expect(
      read.value
        == ServerConfiguration(
          listeners: [
            .init(address: .tcp(host: "127.0.0.1", port: 24820), role: .kiosk),
            .init(address: .unix(path: "kiosk-config/tecnico.sock"), role: .technician),
          ],
          dataFolder: "/var/lib/ventanilla", clinicFile: "kiosk-config/clinics/umf-muestra-30/clinic.yaml",
          sessionIdleSeconds: 60, drainSeconds: 10))
  }

  @Test("The file that ships is read, and names the clinic that ships")
  func sampleFile() throws {
    let path = samplePath("server.yaml")
    let read = try ServerConfiguration.load(path: path)
    #expect(read.warnings == [])
    #expect(try ClinicConfiguration.load(path: read.value.clinicFile).value.identity.number == 930)
    #expect(read.value.listeners.first == .init(address: .tcp(host: "127.0.0.1", port: 24820), role: .kiosk))
  }

  @Test(
    "Each role has its word",
    arguments: [
      ("kiosco", ServerConfiguration.Role.kiosk), ("telefono", .phone), ("pantalla", .display), ("tecnico", .technician),
      ("personal", .staff), ("centro", .center), ("promotor", .promoter),
    ])
  func roles(word: String, role: ServerConfiguration.Role) throws {
    let text = Self.text.replacing("papel: kiosco", with: "papel: \(word)")
    #expect(try ServerConfiguration.read(text: text, file: "s.yaml").value.listeners.first?.role == role)
  }

  @Test("Addresses", arguments: [
    ("'[::1]:80'", ServerConfiguration.Address.tcp(host: "::1", port: 80)), ("localhost:1", .tcp(host: "localhost", port: 1)),
    ("0.0.0.0:65535", .tcp(host: "0.0.0.0", port: 65535)),
  ])
  func addresses(text: String, address: ServerConfiguration.Address) throws {
    let text = Self.text.replacing("127.0.0.1:24820", with: text)
    #expect(try ServerConfiguration.read(text: text, file: "s.yaml").value.listeners.first?.address == address)
  }

  static let tlsLine: String = "    tls: {certificado: s.pem, llave: /k/s.key, autoridad: ca.pem, negados: n.txt}\n"

  @Test("A TLS listener names its files, relative to server.yaml, and one role or several")
  func tls() throws {
    let text = Self.text.replacing("    papel: kiosco\n", with: "    papel: [kiosco, personal]\n" + Self.tlsLine)
    let read = try ServerConfiguration.read(text: text, file: "conf/s.yaml")
    #expect(read.warnings == [])
    func file(_ path: String, _ column: Int) -> ServerConfiguration.NamedFile {
      .init(path: path, position: TextPosition(line: 6, column: column))
    }
    #expect(
      read.value.listeners.first
        == .init(
          address: .tcp(host: "127.0.0.1", port: 24820), roles: [.kiosk, .staff],
          tls: .init(
            certificate: file("conf/s.pem", 24), key: file("/k/s.key", 38), authority: file("conf/ca.pem", 59),
            denied: file("conf/n.txt", 76))))
  }

  @Test("TLS listeners that are none", arguments: [
    ("llave: /k/s.key, ", "", [#"s.yaml:6:10: falta "llave" en tls; agregue, por ejemplo, llave: tls/servidor.key"#]),
    ("negados", "denegados", [#"s.yaml:6:67: la clave "denegados" no existe en tls; ¿quiso decir "negados"?"#]),
    ("tcp: 127.0.0.1:24820", "unix: k.sock",
      ["s.yaml:6:10: el elemento 1 de escuchas tiene unix y tls, y tls es para tcp; quite tls, o escriba tcp en lugar de unix"]),
    ("papel: kiosco", "papel: [kiosco, kiosco]", ["s.yaml:5:21: el papel kiosco ya está en la línea 5; deje uno solo"]),
    (tlsLine, "", [String]()),
    ("papel: kiosco\n" + tlsLine, "papel: [kiosco]\n",
      ["s.yaml:5:12: papel lleva un solo valor y hay una lista; escriba papel: y el valor en la misma línea"]),
  ] as [(String, String, [String])])
  func wrongTLS(old: String, new: String, expected: [String]) {
    let text = Self.text.replacing("papel: kiosco\n", with: "papel: kiosco\n" + Self.tlsLine)
    precondition(text.contains(old), "not there: \(old)")
    #expect(problems(in: text.replacing(old, with: new)) == expected)
  }

  @Test("A Unix listener names the users who may call, by name or number, one or several")
  func users() throws {
    func users(_ line: String) throws -> [ServerConfiguration.NamedUser.Name]? {
      let text = Self.text.replacing("papel: tecnico\n", with: "papel: tecnico\n    \(line)\n")
      let read = try ServerConfiguration.read(text: text, file: "s.yaml")
      #expect(read.warnings == [])
      #expect(read.value.listeners[0].users == nil)
      return read.value.listeners[1].users?.map(\.name)
    }
    #expect(try users("usuarios: ventanilla") == [.name("ventanilla")])
    #expect(try users("usuarios: [_apt, 0, 'equipo-3$', 4294967294]") == [.name("_apt"), .number(0), .name("equipo-3$"), .number(4_294_967_294)])
    #expect(try users("# nadie en particular") == nil)
  }

  @Test("Users that are none", arguments: [
    ("papel: kiosco\n", "papel: kiosco\n    usuarios: ventanilla\n", [
      "s.yaml:6:15: el elemento 1 de escuchas tiene tcp y usuarios, y usuarios es para unix: por la red nadie dice qué usuario llama; quite usuarios y use tls, o escriba unix en lugar de tcp"
    ]),
    ("papel: tecnico\n", "papel: tecnico\n    usuarios: [a, a]\n", ["s.yaml:8:19: el usuario a ya está en la línea 8; deje uno solo"]),
    ("papel: tecnico\n", "papel: tecnico\n    usuarios: []\n", ["s.yaml:8:15: usuarios está vacío; escriba al menos un valor"]),
    ("papel: tecnico\n", "papel: tecnico\n    usuarios: [4294967295]\n", [
      "s.yaml:8:16: usuarios: 4294967295 no es el número de ningún usuario; escriba el que dice: id -u NOMBRE"
    ]),
    ("papel: tecnico\n", "papel: tecnico\n    usuarios: Juan Pérez\n", [
      #"s.yaml:8:15: usuarios: "Juan Pérez" no es el nombre de un usuario del sistema; escriba uno de los que lista: getent passwd"#
    ]),
    ("papel: tecnico\n", "papel: tecnico\n    usuario: a\n",
      [#"s.yaml:8:5: la clave "usuario" no existe en el elemento 2 de escuchas; ¿quiso decir "usuarios"?"#]),
  ] as [(String, String, [String])])
  func wrongUsers(old: String, new: String, expected: [String]) { #expect(problems(old, new) == expected) }

  @Test("Limits are read where they are written; the others stay the server's")
  func limits() throws {
    let text = Self.text + """
      limites:
        conexiones: 500
        llamadas_en_curso: 1
        flujos_por_conexion: 1
        inactividad_segundos: 3600
        llamadas:
          - {papel: telefono, por_segundo: 300, de_golpe: 900}
          - {papel: kiosco, por_segundo: 5, de_golpe: 20}

      """
    var expected = ServerConfiguration.Limits()
    expected.connections = 500
    (expected.callsInFlight, expected.streamsPerConnection) = (1, 1)
    expected.idleSeconds = 3600
    expected.calls = [.init(role: .phone, perSecond: 300, atOnce: 900), .init(role: .kiosk, perSecond: 5, atOnce: 20)]
    #expect(try ServerConfiguration.read(text: text, file: "s.yaml").value.limits == expected)
    #expect(try ServerConfiguration.read(text: Self.text, file: "s.yaml").value.limits == ServerConfiguration.Limits())
  }

  @Test("Limits that are none", arguments: [
    ("limites: 5", ["s.yaml:10:10: limites es un grupo de claves y hay un valor; escriba conexiones:, conexiones_por_direccion:, llamadas_en_curso: cada una en su línea"]),
    ("limites: {conexiones: 3}", ["s.yaml:10:23: conexiones: 3 está fuera de lo permitido; escriba un número de 16 a 100000"]),
    ("limites: {conexiones_por_direccion: 0}", ["s.yaml:10:37: conexiones_por_direccion: 0 está fuera de lo permitido; escriba un número de 1 a 100000"]),
    ("limites: {llamadas_en_curso: 0}", ["s.yaml:10:30: llamadas_en_curso: 0 está fuera de lo permitido; escriba un número de 1 a 10000"]),
    ("limites: {flujos_por_conexion: 0}", ["s.yaml:10:32: flujos_por_conexion: 0 está fuera de lo permitido; escriba un número de 1 a 10000"]),
    ("limites: {llamadas_en_curso: 5, flujos_por_conexion: 6}",
      ["s.yaml:10:54: flujos_por_conexion pasa de las 5 llamadas_en_curso; escriba un número de 1 a 5"]),
    ("limites: {inactividad_segundos: 0}", ["s.yaml:10:33: inactividad_segundos: 0 está fuera de lo permitido; escriba un número de 10 a 604800 segundos"]),
    ("limites: {conexion: 100}", [#"s.yaml:10:11: la clave "conexion" no existe en limites; ¿quiso decir "conexiones"?"#]),
    ("limites: {conexiones: 100, conexiones_por_direccion: 101}",
      ["s.yaml:10:54: conexiones_por_direccion pasa de las 100 conexiones; escriba un número de 1 a 100"]),
    ("limites: {inactividad_segundos: 1 h}",
      [#"s.yaml:10:33: inactividad_segundos: "1 h" no es un número entero; escriba solo dígitos, de 10 a 604800"#]),
    ("limites: {llamadas: [{papel: kiosco, por_segundo: 0, de_golpe: 5}]}",
      ["s.yaml:10:51: por_segundo: 0 está fuera de lo permitido; escriba un número de 1 a 1000000"]),
    ("limites: {llamadas: [{papel: kiosco, por_segundo: 1}]}",
      [#"s.yaml:10:22: falta "de_golpe" en el elemento 1 de llamadas; agregue, por ejemplo, de_golpe: 2000"#]),
    ("limites: {llamadas: [{papel: kiosco, por_segundo: 1, de_golpe: 5}, {papel: kiosco, por_segundo: 2, de_golpe: 5}]}",
      ["s.yaml:10:76: el papel kiosco ya está en la línea 10; deje uno solo"]),
  ] as [(String, [String])])
  func wrongLimits(line: String, expected: [String]) {
    #expect(problems("drenado_segundos: 10\n", "drenado_segundos: 10\n\(line)\n") == expected)
  }

  @Test("The page of metrics is nowhere, or on an address that only this machine reaches", arguments: [
    ("127.0.0.1:9464", ServerConfiguration.Address.tcp(host: "127.0.0.1", port: 9464)), ("127.8.0.255:1", .tcp(host: "127.8.0.255", port: 1)),
    ("'[::1]:9464'", .tcp(host: "::1", port: 9464)), ("localhost:9464", .tcp(host: "localhost", port: 9464)),
  ])
  func metrics(text: String, address: ServerConfiguration.Address) throws {
    #expect(try ServerConfiguration.read(text: Self.text, file: "s.yaml").value.metrics == nil)
    #expect(try ServerConfiguration.read(text: Self.text + "metricas: \(text)\n", file: "s.yaml").value.metrics == address)
  }

  @Test("A page that other machines could read is refused", arguments: [
    "0.0.0.0", "192.168.1.5", "'[::]'", "127.0.0.1.clinica.mx", "127.0.0", "127.0.0.256", "servidor",
  ])
  func openMetrics(host: String) {
    let plain = host.replacing("'", with: "")
    let written = host.hasPrefix("'") ? "'\(plain):9464'" : "\(plain):9464"
    #expect(problems("drenado_segundos: 10\n", "drenado_segundos: 10\nmetricas: \(written)\n") == [
      #"s.yaml:10:11: metricas: "\#(plain):9464" se ve desde otras máquinas, y esta página no pide contraseña; "#
        + "use 127.0.0.1:9464; quien la lea de lejos, que pase por un túnel",
    ])
  }

  @Test("What is wrong, and what is only imprudent", arguments: [
    ("papel: kiosco", "papel: quiosco", [#"s.yaml:5:12: papel: "quiosco" no existe; ¿quiso decir "kiosco"?"#]),
    ("127.0.0.1:24820", "24820", [#"s.yaml:4:10: tcp: "24820" no tiene puerto; escriba dirección y puerto, como 127.0.0.1:24820"#]),
    ("127.0.0.1:24820", "127.0.0.1:70000",
      [#"s.yaml:4:10: tcp: el puerto "70000" no es un número de 1 a 65535; escriba dirección y puerto, como 127.0.0.1:24820"#]),
    ("127.0.0.1:24820", "127.0.0.1:0",
      [#"s.yaml:4:10: tcp: el puerto "0" no es un número de 1 a 65535; escriba dirección y puerto, como 127.0.0.1:24820"#]),
    ("127.0.0.1:24820", "::1:80", ["s.yaml:4:10: tcp: una dirección IPv6 va entre corchetes; escriba [::1]:80"]),
    ("  - unix: tecnico.sock", "  - tcp: 127.0.0.1:24820",
      ["s.yaml:6:10: la dirección 127.0.0.1:24820 ya está en la línea 4; use una distinta para cada papel"]),
    ("tcp: 127.0.0.1:24820", "unix: \(String(repeating: "a", count: 108))",
      ["s.yaml:4:11: unix: la ruta \"\(String(repeating: "a", count: 39))…\" mide 108 bytes y caben 107; use una más corta"]),
    ("  - tcp: 127.0.0.1:24820\n    papel: kiosco", "  - papel: kiosco",
      ["s.yaml:4:5: el elemento 1 de escuchas no dice dónde escuchar; agregue, por ejemplo, tcp: 127.0.0.1:24820 o unix: kiosco.sock"]),
    ("papel: kiosco", "unix: a.sock\n    papel: kiosco",
      ["s.yaml:5:11: el elemento 1 de escuchas tiene tcp y unix; haga de ellos dos elementos"]),
    ("drenado_segundos: 10", "drenado_segundos: 10s", [#"s.yaml:9:19: drenado_segundos: "10s" no es un número entero; escriba solo dígitos: 10"#]),
    ("datos: /var/lib/ventanilla\n", "", [#"s.yaml:1:1: falta "datos" en la raíz del archivo; agregue, por ejemplo, datos: ../.ventanilla"#]),
    ("  - unix: tecnico.sock", "  - tcp: 0.0.0.0:24821",
      ["s.yaml:6:10: aviso: el papel tecnico escucha en la red, sin cifrado; agregue tls, o use unix o 127.0.0.1 para él"]),
  ] as [(String, String, [String])])
  func wrong(old: String, new: String, expected: [String]) { #expect(problems(old, new) == expected) }
}
