internal import ClinicDomain
internal import Foundation
internal import KioskClient
internal import KioskTestSupport
internal import TTRPCCore
internal import TTRPCNIO
internal import Testing
internal import VentanillaMessages

@testable internal import kiosk_dev

/// A server that is killed after each act: what was answered must stand, and the repeat must be answered alike.
final class KilledServer {
  let folder: CampaignFolder
  private(set) var server: CampaignServer
  private let more: [String]
  private var isStopped = false

  private init(_ folder: CampaignFolder, _ server: CampaignServer, more: [String]) {
    self.folder = folder
    self.server = server
    self.more = more
  }

  /// With people 1 and 2 in its store.
  ///
  /// - Parameters:
  ///   - change: of clinic.yaml.
  ///   - section: a further one of server.yaml.
  ///   - more: further arguments of the server.
  static func with(
    _ clinic: CampaignClinic = CampaignClinic(appointmentsPerPerson: 2), _ change: (String) -> String = { $0 },
    section: (CampaignFolder) -> String = { _ in "" }, more: (CampaignFolder) -> [String] = { _ in [] },
    _ body: (KilledServer) async throws -> Void
  ) async throws {
    let folder = try CampaignFolder()
    try CampaignServer.prepare(clinic, in: folder, limits: "limites: {llamadas: [{papel: kiosco, por_segundo: 1000000, de_golpe: 1000000}]}\n" + section(folder))
    try folder.write(change(clinic.clinicYAML), to: "clinic.yaml")
    let killed = KilledServer(folder, try await CampaignServer.start(in: folder, more: more(folder)), more: more(folder))
    do {
      try await killed.server.importPeople(1...2)
      try await body(killed)
    } catch {
      await killed.server.kill()
      throw error
    }
    if !killed.isStopped { #expect(await killed.server.stop() == 0) }
  }

  /// By a generated client, at the staff's door.
  func staff<Value>(_ body: (any RPCTransport) async throws -> Value) async throws -> Value {
    let connection = try await server.connect(server.staff)
    let value = try await body(connection)
    await connection.close()
    return value
  }

  /// Changes the store's rows as another program; `nil` when SQLite is content.
  func forge(_ sql: String) -> String? { BehindTheServer.run(sql, on: server.databasePath) }

  func run(_ words: String...) async throws -> ProgramRun { try await run(words) }
  func run(_ words: [String]) async throws -> ProgramRun { try await runOffline(words + ["--servidor", folder.path("p.sock")]) }

  /// kioskctl without a server.
  func runOffline(_ words: [String]) async throws -> ProgramRun { try await ProgramRun.of(try BuiltPrograms.path("kioskctl"), words) }

  /// Runs what must be done.
  func done(_ words: [String], _ location: SourceLocation = #_sourceLocation) async throws -> ProgramRun {
    let run = try await run(words)
    #expect(run.status == 0, "\(words): \(run.text)", sourceLocation: location)
    return run
  }

  /// Runs a write, kills the server, and runs the same write under its request id again.
  func twice(_ words: [String], _ location: SourceLocation = #_sourceLocation) async throws -> ProgramRun {
    let request = ["--solicitud", RequestIdentifier().description]
    let first = try await run(words + request)
    try await restart()
    let second = try await run(words + request)
    #expect(second.text == first.text && second.status == first.status, sourceLocation: location)
    return first
  }

  /// kill -9, and the next one on the same files.
  ///
  /// - Parameter change: of clinic.yaml.
  func restart(_ change: ((String) -> String)? = nil) async throws {
    await server.kill()
    if let change { try folder.write(change(String(contentsOfFile: folder.path("clinic.yaml"), encoding: .utf8)), to: "clinic.yaml") }
    server = try await CampaignServer.start(in: folder, more: more)
  }

  /// Stops it in order, for good.
  func stop() async {
    #expect(await server.stop() == 0)
    isStopped = true
  }

  func date(inDays days: Int) async throws -> CivilDate { try await server.date(inDays: days) }

  /// Books by kioskctl.
  ///
  /// - Returns: the folio.
  func book(_ person: Int, at resource: String, _ date: String, _ hour: String, _ location: SourceLocation = #_sourceLocation) async throws -> String {
    let booked = try await done(
      ["cita", "agendar", "--servicio", CampaignClinic.service, "--agenda", resource, "--fecha", date, "--hora", hour] + CampaignPerson(number: person).words,
      location)
    return String(booked.lines.first?.filter(\.isNumber).prefix(12) ?? "")
  }

  /// An adult, as person 7 of a campaign, and a child of the same NSS.
  func importFamily() async throws {
    try await importRows(CampaignPerson(number: 7).padronRow + "\(CampaignPerson(number: 7).nss),3H2019OR,Menor,De Campaña,2019-04-30,H,VIGENTE\n", added: 2)
  }

  func importRows(_ rows: String, header: String = CampaignPerson.padronHeader, added: Int32, _ location: SourceLocation = #_sourceLocation) async throws {
    let reply = try await staff { connection in
      try await OperationsClient(connection).importPatients(
        .init(header: header, rows: Array(rows.utf8), firstLine: 2), options: .write(RequestIdentifier()))
    }
    #expect(reply.added == added, "\(reply.problems.map(\.text))", sourceLocation: location)
  }

  func appointments(of person: Int) async throws -> [Wire.Appointment] {
    let connection = try await server.connect()
    let token = try await connection.identify(CampaignPerson(number: person))
    let list = try await AppointmentsClient(connection).list(.init(sessionToken: token)).appointments
    await connection.close()
    return list
  }
}

/// A clinic that works all day and night, and whose clock goes on two hours: what happens at a counter in a day happens whenever the test runs.
enum ClinicHour {
  /// In Hermosillo, seven hours behind Greenwich all year; Cancún is five.
  static func allDay(_ yaml: String) -> String {
    yaml.replacing("zona: America/Mexico_City", with: "zona: America/Hermosillo").replacing(/horario: "08:00-\d\d:\d\d"/, with: "horario: \"00:00-24:00\"")
  }

  static func twoHoursLater(_ yaml: String) -> String { yaml.replacing("America/Hermosillo", with: "America/Cancun") }

  private static var now: Int { Int(Date().timeIntervalSince1970) - 7 * 3600 }

  /// The next even hour, and another of them.
  static var nextEvenHour: (day: CivilDate, hour: String, other: String) {
    let next = (now / 7200 + 1) * 7200
    func text(_ hour: Int) -> String { "\(hour < 10 ? "0" : "")\(hour):00" }
    let hour = next / 3600 % 24
    return (CivilDate(daysSinceEpoch: next / 86_400)!, text(hour), text((hour + 4) % 24))
  }

  /// Waits for an even hour that is about to begin: what is to come is not to begin in between.
  static func farFromEvenHour() async throws {
    let left = 7200 - now % 7200
    if left < 90 { try await Task.sleep(for: .seconds(left + 1)) }
  }
}
