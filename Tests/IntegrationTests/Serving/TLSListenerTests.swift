internal import Foundation
internal import KioskTestSupport
internal import TTRPCCore
internal import TTRPCNIO
internal import Testing
internal import VentanillaMessages

@testable internal import kiosk_dev

@Suite("kiosk-server with a TLS listener", .timeLimit(.minutes(5)))
struct TLSListenerTests {
  @Test("Files that are wrong are told with line, column and fix, by config check and by a server that does not start")
  func wrongFiles() async throws {
    let clinic = try await TLSClinic()
    try clinic.authority.issue("viejo", role: "server", clinic: TLSClinic.clues, days: -1)
    try clinic.authority.issue("ajeno", role: "server", clinic: "JCIMS000313")
    try clinic.authority.issue("kiosco", role: "kiosk", clinic: TLSClinic.clues)
    try clinic.authority.write("0a3f\nkiosco 8\n", to: "mal.txt")
    let path = clinic.authority.path
    let identity = "pida uno con la identidad spiffe://imss/umf/\(TLSClinic.clues)/server/NOMBRE"
    let cases: [(tls: String, complaints: [String])] = [
      (clinic.names("no"), [
        "no se puede leer \(path("no.pem")): no existe; revise la ruta y los permisos; el usuario del servidor debe poder leerlo",
        "no se puede leer \(path("no.key")): no existe; revise la ruta y los permisos; el usuario del servidor debe poder leerlo",
      ]),
      (clinic.names("viejo"), ["\(path("viejo.pem")) venció el "]),
      (clinic.names("server", key: "viejo"), [
        "la llave \(path("viejo.key")) no es la de su certificado; ponga la llave con la que se pidió ese certificado"
      ]),
      (clinic.names("ajeno"), ["\(path("ajeno.pem")) no es el certificado de este lado: es de la unidad JCIMS000313; \(identity)"]),
      (clinic.names("kiosco"), ["\(path("kiosco.pem")) no es el certificado de este lado: su papel no es de aquí; \(identity)"]),
      (clinic.names("server", denied: "mal.txt"), [
        "\(path("mal.txt")), línea 2: no es un número de serie hexadecimal; escriba uno por línea, y lo demás después de #"
      ]),
      (clinic.names("server").replacingOccurrences(of: "llave", with: "lave"), [#"la clave "lave" no existe en tls; ¿quiso decir "llave"?"#]),
    ]
    let file = clinic.folder.path("server.yaml")
    for (tls, complaints) in cases {
      try clinic.writeServerYAML(tls: tls)
      for (program, arguments, status) in [("kiosk-server", ["--config", file], Int32(78)), ("kioskctl", ["config", "check", file], 1)] {
        let run = try await ProgramRun.of(try BuiltPrograms.path(program), arguments)
        #expect(run.status == status, "\(run.text)")
        let told = run.lines.filter { $0.hasPrefix("\(file):7:") }
        #expect(told.count == complaints.count, "\(run.text)")
        for (line, complaint) in zip(told, complaints) { #expect(line.contains(complaint)) }
      }
    }
    try clinic.writeServerYAML()
    let right = try await ProgramRun.of(try BuiltPrograms.path("kioskctl"), ["config", "check", file])
    #expect(right.lines == ["Archivos: 1. Errores: 0. Avisos: 0. Se pueden usar."])
  }

  @Test("On SIGHUP new certificates are for new connections, those open go on, and one with a denied serial ends")
  func reload() async throws {
    let clinic = try await TLSClinic()
    try clinic.issue("kiosco-1", serial: "51")
    try clinic.issue("kiosco-2", serial: "52")
    try await clinic.withServer { server in
      let (kept, stolen) = (try await clinic.connect("kiosco-1"), try await clinic.connect("kiosco-2"))
      _ = try await SessionClient(kept).hello(Wire.HelloRequest(clientName: "1"))
      _ = try await SessionClient(stolen).hello(Wire.HelloRequest(clientName: "2"))
      let stream = try await kept.stream(
        MethodTable.Appointments.watchAvailability, request: try Wire.WatchAvailabilityRequest().encoded(), options: CallOptions())
      _ = try await stream.next()

      let new = try TestAuthority(name: "nueva")
      try clinic.issue("server", role: "server", by: new)
      try clinic.issue("kiosco-3", by: new)
      try clinic.authority.take(["server.pem", "server.key", "ca.pem"], from: new,
        as: ["server.pem", "server.key", "nueva.pem"])
      try clinic.authority.write("52 # robado\n", to: "negados.txt")
      server.send(SIGHUP)
      #expect(try await eventually { clinic.said.contains("certificados renovados") })

      await stolen.closed()
      #expect(clinic.said.contains("se cerró: su número de serie está negado"))
      _ = try await SessionClient(kept).hello(Wire.HelloRequest(clientName: "1"))
      #expect(kept.isOpen)
      stream.cancel()
      let late = try await clinic.connect("kiosco-3", of: new)
      _ = try await SessionClient(late).hello(Wire.HelloRequest(clientName: "3"))
      let outdated = try await clinic.connect("kiosco-1")
      await outdated.closed()
      #expect(try await eventually { clinic.said.contains("su certificado no es de la autoridad") })
      await kept.close()
      await late.close()
    }
  }

  @Test("kioskctl calls with a certificate, and says what is wrong with the one it has")
  func kioskctl() async throws {
    let clinic = try await TLSClinic()
    try clinic.issue("kiosco-1")
    try clinic.issue("personal-1", role: "staff")
    let stranger = try TestAuthority(name: "ajena")
    try clinic.issue("kiosco-9", by: stranger)
    func call(_ folder: TestAuthority, _ file: String, _ method: String = "Appointments/ListServices") async throws -> ProgramRun {
      try await ProgramRun.of(
        try BuiltPrograms.path("kioskctl"), [
          "call", method, "{}", "--servidor", "127.0.0.1:\(clinic.port)", "--certificado", folder.path("\(file).pem"),
          "--llave", folder.path("\(file).key"), "--autoridad", clinic.authority.root,
        ])
    }
    try await clinic.withServer { _ in
      let good = try await call(clinic.authority, "kiosco-1")
      #expect(good.status == 0, "\(good.text)")
      #expect(good.text.contains(CampaignClinic.service))
      let role = try await call(clinic.authority, "kiosco-1", "Operations/GetStatus")
      #expect(role.text.contains("PERMISSION_DENIED"), "\(role.text)")
      let door = try await call(clinic.authority, "personal-1")
      #expect(door.text.contains("El servidor no acepta el certificado de este equipo: el papel staff no entra por esta escucha."), "\(door.text)")
      let other = try await call(stranger, "kiosco-9")
      #expect(other.text.contains("PERMISSION_DENIED"), "\(other.text)")
      let none = try await ProgramRun.of(
        try BuiltPrograms.path("kioskctl"), ["call", "Appointments/ListServices", "{}", "--servidor", "127.0.0.1:\(clinic.port)", "--espera", "3"])
      #expect(none.status != 0)
      #expect(clinic.said.contains("no habla TLS"))
      let missing = try await call(clinic.authority, "nadie")
      #expect(missing.text.contains("no se puede leer \(clinic.authority.path("nadie.pem")): no existe"))
    }
  }
}
