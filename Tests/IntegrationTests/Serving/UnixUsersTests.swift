internal import ClinicConfiguration
internal import Foundation
internal import TTRPCCore
internal import Testing
internal import VentanillaMessages

@testable internal import kiosk_dev

@Suite("kiosk-server with a Unix listener for some users", .timeLimit(.minutes(5)))
struct UnixUsersTests {
  /// One socket for the user of this test, one for somebody else, one for everybody.
  private static func folder(me: String, other: String) throws -> CampaignFolder {
    let folder = try CampaignFolder()
    try CampaignServer.prepare(CampaignClinic(), in: folder)
    try folder.write(
      """
      clinica: clinic.yaml
      datos: datos
      escuchas:
        - {unix: mia.sock, papel: kiosco, usuarios: [\(other), \(me)]}
        - {unix: ajena.sock, papel: kiosco, usuarios: \(other)}
        - {unix: todos.sock, papel: kiosco}
      sesion_inactiva_segundos: 600
      drenado_segundos: 10

      """, to: "server.yaml")
    return folder
  }

  private static var myName: String { getpwuid(getuid()).map { String(cString: $0.pointee.pw_name) } ?? "\(getuid())" }

  @Test("Whom a socket lists calls in its role; anybody else is told so, in the log too", arguments: [true, false])
  func listed(byName: Bool) async throws {
    let folder = try Self.folder(me: byName ? Self.myName : "\(getuid())", other: byName && getuid() == 0 ? "nobody" : "\(getuid() + 1)")
    try folder.write("", to: "server.log")
    let child = try await ChildProcess.start(
      try BuiltPrograms.path("kiosk-server"), ["--config", folder.path("server.yaml")], log: folder.path("server.log"))
    func said() -> String { (try? String(contentsOfFile: folder.path("server.log"), encoding: .utf8)) ?? "" }
    #expect(try await eventually { child.hasEnded || said().contains("lista:") })
    #expect(!child.hasEnded, "\(said())")
    func call(_ socket: String, _ method: String = "Appointments/ListServices") async throws -> ProgramRun {
      try await ProgramRun.of(
        try BuiltPrograms.path("kioskctl"), ["call", method, "{}", "--servidor", folder.path(socket), "--espera", "20"])
    }
    for socket in ["mia.sock", "todos.sock"] {
      let run = try await call(socket)
      #expect(run.status == 0, "\(run.text)")
      #expect(run.text.contains(CampaignClinic.service))
    }
    let role = try await call("mia.sock", "Operations/GetStatus")
    #expect(role.text.contains("PERMISSION_DENIED"), "\(role.text)")
    #expect(!said().contains("su usuario no está en usuarios"))
    let refused = try await call("ajena.sock")
    #expect(refused.status != 0)
    #expect(refused.lines == [
      "El usuario \(getuid()) de este equipo no puede llamar por esa escucha. (PERMISSION_DENIED)",
      "Agréguelo a `usuarios` de la escucha en server.yaml, o llame con uno que ya esté.",
    ])
    #expect(try await eventually { said().contains("su usuario no está en usuarios") })
    #expect(said().contains("usuario=\(getuid())"))
    #expect(await child.stop(within: .seconds(60)) == 0, "\(said())")
  }

  @Test("A user that this machine does not have is told with line and column, by config check and by a server that does not start")
  func unknown() async throws {
    let folder = try Self.folder(me: "ventanilla-que-no-existe", other: "\(getuid())")
    let file = folder.path("server.yaml")
    for (program, arguments, status) in [("kiosk-server", ["--config", file], Int32(78)), ("kioskctl", ["config", "check", file], 1)] {
      let run = try await ProgramRun.of(try BuiltPrograms.path(program), arguments)
      #expect(run.status == status, "\(run.text)")
      #expect(run.lines.filter { $0.hasPrefix(file) } == [
        "\(file):4:\(50 + "\(getuid())".count): usuarios: este equipo no tiene al usuario ventanilla-que-no-existe; "
          + "escriba uno de los que lista getent passwd, o créelo: useradd --system ventanilla-que-no-existe"
      ], "\(run.text)")
    }
  }
}
