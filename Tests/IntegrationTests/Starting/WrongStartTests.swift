internal import Foundation
internal import TTRPCNIO
internal import Testing

@testable internal import kiosk_dev

@Suite("What a technician reads when the server does not start")
struct WrongStartTests {
  let folder: CampaignFolder

  init() throws {
    folder = try CampaignFolder()
    try CampaignServer.prepare(CampaignClinic(), in: folder)
  }

  /// Runs kiosk-server to its end.
  private func start(_ arguments: [String] = []) async throws -> ProgramRun {
    try await ProgramRun.of(try BuiltPrograms.path("kiosk-server"), ["--config", folder.path("server.yaml")] + arguments)
  }

  private func listen(_ text: String) async throws -> ProgramRun { try await start(["--escucha", text]) }

  @Test("A taken port")
  func takenPort() async throws {
    try await withServer { server in
      guard case .tcp(_, let port) = server.tcp else { return }
      let run = try await listen("tcp:127.0.0.1:\(port)=kiosco")
      #expect(run.status == 1)
      #expect(
        run.lines == [
          "El puerto \(port) de 127.0.0.1 está ocupado: otro programa escucha ahí. Ciérrelo o elija otro puerto en server.yaml."
        ])
    }
  }

  @Test("A socket that another server listens on")
  func takenSocket() async throws {
    try await withServer { server in
      let path = server.folder.path("k.sock")
      let run = try await listen("unix:\(path)=kiosco")
      #expect(run.status == 1)
      #expect(run.lines == ["Ya hay un servidor en \(path). Deténgalo antes de iniciar otro."])
      await (try server.connect()).close()
    }
  }

  @Test("A socket path longer than 107 bytes")
  func longPath() async throws {
    let path = folder.path(String(repeating: "s", count: 108 - folder.path("").utf8.count))
    let run = try await listen("unix:\(path)=kiosco")
    #expect(run.status == 1)
    #expect(run.lines == ["La ruta del socket mide 108 bytes y el sistema admite 107: \(path). Use una ruta más corta."])
  }

  @Test("A file in the socket's place stays as it is")
  func fileInTheWay() async throws {
    try folder.write("mío", to: "k.sock")
    let run = try await listen("unix:\(folder.path("k.sock"))=kiosco")
    #expect(run.status == 1)
    #expect(run.lines == ["\(folder.path("k.sock")) existe y no es un socket; se dejó como está. Bórrelo o elija otra ruta."])
    #expect(try String(contentsOfFile: folder.path("k.sock"), encoding: .utf8) == "mío")
  }

  @Test("A listener that cannot be read", arguments: ["kiosco", "tcp:127.0.0.1=kiosco", "unix:=kiosco", "tcp:127.0.0.1:80=medico"])
  func wrongListener(text: String) async throws {
    let run = try await listen(text)
    #expect(run.status == 78)
    #expect(
      run.lines == [
        "--escucha \(text): escriba tcp:HOST:PUERTO=papel o unix:RUTA=papel; "
          + "los papeles son kiosco, telefono, pantalla, tecnico, personal, centro, promotor."
      ])
  }

  @Test("A log level that there is none of")
  func wrongLevel() async throws {
    let run = try await start(["--bitacora", "todo"])
    #expect(run.status == 78)
    #expect(run.lines == ["--bitacora todo: use error, warning, notice, info o debug."])
  }

  @Test("A flag that there is none of")
  func wrongFlag() async throws {
    let run = try await start(["--dato", "x"])
    #expect(run.status == 64)
    #expect(run.text.contains("Unknown option '--dato'. Did you mean '--datos'?"))
  }

  @Test("No configuration")
  func noConfiguration() async throws {
    try FileManager.default.removeItem(atPath: folder.path("server.yaml"))
    let run = try await start()
    #expect(run.status == 78)
    #expect(run.lines == ["\(folder.path("server.yaml")):1:1: el archivo no existe; revise la ruta"])
  }

  @Test("Typos in clinic.yaml are all told at once, each with its place and its fix")
  func typos() async throws {
    let text = CampaignClinic().clinicYAML
      .replacingOccurrences(of: "turno: matutino, dias", with: "turno: matutinoo, dias")
      .replacingOccurrences(of: "numero: 999", with: "nunero: 999")
    try folder.write(text, to: "clinic.yaml")
    let run = try await start()
    #expect(run.status == 78)
    let file = folder.path("clinic.yaml")
    #expect(
      run.lines == [
        "\(file):3:1: la clave \"nunero\" no existe en la raíz del archivo; ¿quiso decir \"numero\"?",
        "\(file):18:13: turno: \"matutinoo\" no está definido; ¿quiso decir \"matutino\"?",
      ])
  }

  @Test("Typos in server.yaml")
  func typosInServer() async throws {
    let file = folder.path("server.yaml")
    let text = try String(contentsOfFile: file, encoding: .utf8)
      .replacingOccurrences(of: ".sock, papel: kiosco", with: ".sock, papel: kosko").replacingOccurrences(of: "600", with: "5")
    try folder.write(text, to: "server.yaml")
    let run = try await start()
    #expect(run.status == 78)
    #expect(
      run.lines == [
        "\(file):4:27: papel: \"kosko\" no existe; se admiten: kiosco, telefono, pantalla, tecnico, personal, centro, promotor",
        "\(file):5:27: sesion_inactiva_segundos: 5 está fuera de lo permitido; escriba un número de 10 a 3600 segundos",
      ])
  }

  @Test("server.yaml names a clinic.yaml that is not there")
  func noClinic() async throws {
    try FileManager.default.removeItem(atPath: folder.path("clinic.yaml"))
    let run = try await start()
    #expect(run.status == 78)
    #expect(run.lines == ["\(folder.path("clinic.yaml")):1:1: el archivo no existe; revise la ruta"])
  }

  @Test("A data folder that is a file")
  func dataFolderIsAFile() async throws {
    try folder.write("", to: "datos")
    let run = try await start()
    #expect(run.status == 1)
    #expect(run.lines.count == 1)
    #expect(run.text.hasPrefix("No se puede usar la carpeta de datos \(folder.path("datos")): "))
    #expect(run.text.hasSuffix(" Créela con permiso de escritura o indique otra con --datos.\n"))
  }
}
