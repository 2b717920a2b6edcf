internal import Foundation
internal import KioskClient
internal import TTRPCNIO
internal import Testing
internal import VentanillaMessages

@testable internal import kiosk_dev

@Suite("Beside another system, program to program")
struct ExchangeTests {
  static let map = """
    origen: simf
    archivo: {decodificacion: utf-8, separador: ";"}
    columnas: {identificador: ID, consultorio: CONSULTORIO, fecha: FECHA, hora: HORA, estado: ESTADO, nss: NSS, nacimiento: NACIMIENTO}
    formatos: {fecha: dd/mm/aaaa, hora: hh:mm}
    consultorios: {CONS 01: C1}
    estados: {vigente: ACTIVA, cancelada: [BAJA]}
    ausentes: cancelar
    """

  /// Tomorrow's, as the file has it and as the server does.
  private static let day: (written: String, iso: String) = {
    let format = DateFormatter()
    (format.timeZone, format.locale) = (TimeZone(identifier: "America/Mexico_City")!, Locale(identifier: "en_US_POSIX"))
    let tomorrow = Date.now.addingTimeInterval(86_400)
    format.dateFormat = "dd/MM/yyyy"
    let written = format.string(from: tomorrow)
    format.dateFormat = "yyyy-MM-dd"
    return (written, format.string(from: tomorrow))
  }()

  private static func row(_ id: String, _ hour: String, _ person: Int?, consultorio: String = "CONS 01", state: String = "ACTIVA") -> String {
    let who = person.map { "\(CampaignPerson(number: $0).nss);30/04/1985" } ?? ";"
    return "\(id);\(consultorio);\(day.written);\(hour);\(state);\(who)\n"
  }

  private static func file(_ rows: [String]) -> String { "ID;CONSULTORIO;FECHA;HORA;ESTADO;NSS;NACIMIENTO\n" + rows.joined() }

  private struct Desk {
    let program: String
    let folder: CampaignFolder
    let socket: String

    func kioskctl(_ words: String...) async throws -> ProgramRun { try await run(words) }

    func importing(_ text: String, _ more: String...) async throws -> ProgramRun {
      try folder.write(text, to: "citas.csv")
      return try await run(["import", folder.path("citas.csv"), "--mapa", folder.path("simf.yaml")] + more)
    }

    private func run(_ words: [String]) async throws -> ProgramRun {
      try await ProgramRun.of(program, ["agenda"] + words + ["--servidor", socket])
    }
  }

  private static func desk(_ server: LocalServer) throws -> Desk {
    try server.folder.write(map, to: "simf.yaml")
    return Desk(program: try BuiltPrograms.path("kioskctl"), folder: server.folder, socket: server.folder.path("staff.sock"))
  }

  @Test("kioskctl tells what an import would do, does it, does nothing the second time, and tells what is gone; the rows add up each time")
  func importing() async throws {
    try await LocalServer.with(people: 4) { server in
      let desk = try Self.desk(server)
      let rows = [
        Self.row("A1", "08:00", 1), Self.row("A2", "08:15", nil), Self.row("A3", "08:30", 2), Self.row("A4", "08:30", 3),
        Self.row("A5", "08:45", 3, consultorio: "CONS 99"), Self.row("A6", "25 horas", 3),
      ]
      let dry = try await desk.importing(Self.file(rows))
      #expect(dry.status == 2, "\(dry.text)")
      #expect(dry.text.contains("Ensayo: no se cambió nada. Para hacerlo, la misma orden con --aplicar."))
      #expect(dry.text.contains("Filas leídas: 6 = 3 tomadas + 0 sin cambios + 0 ya pasadas + 3 conflictos."), "\(dry.text)")
      #expect(dry.text.contains("«CONS 99» no está en consultorios del mapa") && dry.text.contains("La hora no está escrita como hh:mm"))
      #expect(!dry.text.contains(CampaignPerson(number: 1).nss))
      let done = try await desk.importing(Self.file(rows), "--aplicar")
      #expect(done.status == 2 && done.text.contains("Importado.") && done.text.contains("6 = 3 tomadas + 0 sin cambios + 0 ya pasadas + 3 conflictos."))
      #expect(done.text.contains("Tomadas: 2 citas nuevas, 1 horas ocupadas, 0 que ya eran citas de aquí, 0 cambiadas, 0 canceladas."), "\(done.text)")
      let report = server.folder.path("citas.csv.conflictos.csv")
      #expect(done.text.contains("Los conflictos quedaron en \(report)."))
      let kept = try String(contentsOfFile: report, encoding: .utf8).split(separator: "\n").map(String.init)
      #expect(kept.map { $0.prefix(4) } == ["líne", "5;A4", "6;A5", "7;A6"], "\(kept)")
      let again = try await desk.importing(Self.file(rows), "--aplicar")
      #expect(again.text.contains("6 = 0 tomadas + 3 sin cambios + 0 ya pasadas + 3 conflictos."), "\(again.text)")
      let conflicts = try await desk.kioskctl("conflictos")
      #expect(conflicts.status == 0 && conflicts.text.contains("A4") && !conflicts.text.contains("A5"), "\(conflicts.text)")
      // A1 is gone, A3 is cancelled there, so that A4 fits.
      let changed = [Self.row("A2", "08:15", nil), Self.row("A3", "08:30", 2, state: "baja"), Self.row("A4", "08:30", 3)]
      let told = try await desk.importing(Self.file(changed))
      #expect(told.status == 0 && told.text.contains("3 = 2 tomadas + 1 sin cambios + 0 ya pasadas + 0 conflictos."), "\(told.text)")
      #expect(told.text.contains("Ya no vienen en el archivo: 1. Se cancelarían: 1.") && told.text.contains("A1"))
      let applied = try await desk.importing(Self.file(changed), "--aplicar", "--json")
      #expect(!FileManager.default.fileExists(atPath: report))
      #expect(applied.status == 0 && applied.text.contains("\"gone_cancelled\": 1"), "\(applied.text)")
      #expect(try await desk.kioskctl("conflictos").text.contains("No hay conflictos con otro sistema."))
      let kiosk = try await ProgramRun.of(
        desk.program,
        ["agenda", "import", server.folder.path("citas.csv"), "--mapa", server.folder.path("simf.yaml"), "--servidor", server.folder.path("kiosk.sock")])
      #expect(kiosk.status == 1, "\(kiosk.text)")
    }
  }

  @Test("What kioskctl exports it imports without a change; a row that nobody can read keeps what seems to be gone")
  func exporting() async throws {
    try await LocalServer.with(people: 3) { server in
      let desk = try Self.desk(server)
      _ = try await desk.importing(Self.file([Self.row("A1", "08:00", 1), Self.row("A2", "08:15", nil)]), "--aplicar")
      let kiosk = try await server.connect()
      let token = try await kiosk.identify(CampaignPerson(number: 2))
      let slot = Wire.SlotChoice(service: CampaignClinic.service, resource: "C1", date: Self.day.iso, startMinute: 525)
      let ours = try #require(
        try await AppointmentsClient(kiosk).book(Wire.BookRequest(sessionToken: token, what: .slot(slot)), options: .write(RequestIdentifier())).appointment)
      await kiosk.close()
      let path = server.folder.path("salida.csv")
      let export = try await desk.kioskctl("export", "--dia", Self.day.iso, "--mapa", server.folder.path("simf.yaml"), "--salida", path)
      #expect(export.status == 0, "\(export.text)")
      let text = try String(contentsOfFile: path, encoding: .utf8)
      let own = Self.row("VENTANILLA-\(ours.folio)", "08:45", 2)
      #expect(text.replacing("\r\n", with: "\n") == Self.file([Self.row("A1", "08:00", 1), Self.row("A2", "08:15", nil), own]))
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      #expect(mode == 0o600)
      let back = try await desk.importing(text, "--aplicar")
      #expect(back.status == 0 && back.text.contains("3 = 0 tomadas + 3 sin cambios + 0 ya pasadas + 0 conflictos."), "\(back.text)")
      let own2 = try await desk.kioskctl("export", "--dia", Self.day.iso, "--propias", "--mapa", server.folder.path("simf.yaml"))
      #expect(own2.text.replacing("\r\n", with: "\n") == Self.file([own]))
      let unread = try await desk.importing(Self.file([Self.row("A2", "08:15", nil), Self.row("", "09:00", 1)]), "--aplicar")
      #expect(unread.status == 2 && unread.text.contains("Ya no vienen en el archivo: 1. Siguen aquí"), "\(unread.text)")
    }
  }

  @Test("A map or a file that is wrong is told with its line, and nothing is asked of the server")
  func wrong() async throws {
    try await LocalServer.with { server in
      let desk = try Self.desk(server)
      let missing = try await desk.importing("ID;CONSULTORIO;DIA;HORA;ESTADO;NSS;NACIMIENTO\n")
      #expect(missing.status == 65 && missing.text.contains("simf.yaml:3: columnas.fecha: el archivo no tiene la columna «FECHA»"), "\(missing.text)")
      #expect(missing.text.contains("El archivo tiene: «ID», «CONSULTORIO», «DIA», «HORA», «ESTADO», «NSS», «NACIMIENTO»."))
      try server.folder.write(Self.map.replacing("separador", with: "separdor"), to: "simf.yaml")
      let typed = try await desk.importing(Self.file([]))
      #expect(typed.status == 65 && typed.text.contains("simf.yaml:2:34: la clave \"separdor\" no existe en archivo; ¿quiso decir \"separador\"?"), "\(typed.text)")
    }
  }

  @Test("An import whose server is killed with kill -9 in the middle is completed by the same order", arguments: 1...3)
  func killed(round: Int) async throws {
    let folder = try CampaignFolder()
    let clinic = CampaignClinic(consultorios: 20, slots: 64)
    try CampaignServer.prepare(clinic, in: folder)
    try folder.write(Self.map, to: "simf.yaml")
    let rows = (0..<1280).map { number in
      let minute = CampaignClinic.start(number % 64)
      let hour = "\(minute / 60):" + (minute % 60 < 10 ? "0" : "") + "\(minute % 60)"
      return Self.row("K\(number)", hour, number % 3 == 0 ? nil : number + 1, consultorio: "C\(number / 64 + 1)")
    }
    try folder.write(Self.file(rows), to: "citas.csv")
    let program = try BuiltPrograms.path("kioskctl")
    var server = try await CampaignServer.start(in: folder)
    try await server.importPeople(1...1280)
    let words = [
      "agenda", "import", folder.path("citas.csv"), "--mapa", folder.path("simf.yaml"), "--aplicar", "--json", "--servidor", folder.path("p.sock"),
    ]
    async let cut = ProgramRun.of(program, words + ["--espera", "2"])
    // As soon as so many pieces are there: those behind them are on their way or still to come.
    let staff = try await server.connect(server.staff)
    let some = try await eventually {
      try await ExchangeClient(staff).listBookings(.init(source: "simf", date: Self.day.iso)).bookings.count >= 256 * (round - 1) + 1
    }
    #expect(some)
    await server.kill()
    await staff.close()
    _ = try await cut
    server = try await CampaignServer.start(in: folder)
    let whole = try await ProgramRun.of(program, words)
    #expect(whole.status == 0 && whole.text.contains("\"rows\": 1280") && whole.text.contains("\"conflicts\": []"), "\(whole.text.suffix(600))")
    let again = try await ProgramRun.of(program, words)
    #expect(again.status == 0 && again.text.contains("\"unchanged\": 1280") && again.text.contains("\"taken\": 0"), "\(again.text.suffix(600))")
    #expect(await server.stop() == 0)
  }
}
