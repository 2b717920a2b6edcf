internal import ClinicDomain
internal import Foundation
internal import KioskClient
internal import NIOPosix
internal import TTRPCCore
internal import TTRPCNIO
internal import VentanillaMessages

/// kiosk-server as a child, on a clinic of the campaign's own.
final class CampaignServer: Sendable {
  private static let longestStart = Duration.seconds(60)
  private static let longestStop = Duration.seconds(30)

  let child: ChildProcess
  let folder: CampaignFolder
  /// From its start until it said that it listens.
  let startTime: Duration
  private let log: String
  /// Where kiosks call over TCP, on the port that the system gave.
  let tcp: TTRPCAddress

  /// What listens at the second port, if one was asked for.
  var otherTCP: TTRPCAddress? { ReadyLine(in: said).flatMap { $0.tcp.count > 1 ? $0.tcp[1] : nil } }
  var kiosk: TTRPCAddress { .unix(path: folder.path("k.sock")) }
  var staff: TTRPCAddress { .unix(path: folder.path("p.sock")) }
  var technician: TTRPCAddress { .unix(path: folder.path("t.sock")) }
  var databasePath: String { Self.databasePath(in: folder) }

  static func databasePath(in folder: CampaignFolder) -> String { folder.path("datos/ventanilla.sqlite") }

  private init(child: ChildProcess, folder: CampaignFolder, startTime: Duration, log: String, tcp: TTRPCAddress) {
    self.child = child
    self.folder = folder
    self.startTime = startTime
    self.log = log
    self.tcp = tcp
  }

  /// Writes what a server of the clinic reads.
  ///
  /// - Parameter limits: lines of server.yaml. A campaign's clients share an address and a role, and call for a whole town; so by
  ///   default one device may call as often as it likes.
  static func prepare(
    _ clinic: CampaignClinic, in folder: CampaignFolder,
    limits: String = "limites: {llamadas: [{papel: kiosco, por_segundo: 1000000, de_golpe: 1000000}]}"
  ) throws(CampaignFault) {
    try folder.write(clinic.clinicYAML, to: "clinic.yaml")
    try folder.write(
      """
      clinica: clinic.yaml
      datos: datos
      escuchas:
        - {unix: k.sock, papel: kiosco}
      sesion_inactiva_segundos: 600
      drenado_segundos: 10
      \(limits)
      """, to: "server.yaml")
  }

  /// The command line of a server of that folder, on a free port and three sockets.
  static func arguments(in folder: CampaignFolder) -> [String] {
    [
      "--config", folder.path("server.yaml"), "--escucha", "tcp:127.0.0.1:0=kiosco", "--escucha", "unix:\(folder.path("k.sock"))=kiosco",
      "--escucha", "unix:\(folder.path("p.sock"))=personal", "--escucha", "unix:\(folder.path("t.sock"))=tecnico",
    ]
  }

  /// Starts a server on what stands in the folder, and returns when it listens.
  ///
  /// - Parameters:
  ///   - more: further arguments.
  ///   - namespace: the network namespace that it runs in; ours when there is none.
  static func start(
    in folder: CampaignFolder, logLevel: String = "notice", more: [String] = [], namespace: String? = nil
  ) async throws -> CampaignServer {
    let log = folder.path("server.log")
    try folder.write("", to: "server.log")
    let began = ContinuousClock.now
    var (program, words) = (try BuiltPrograms.path("kiosk-server"), arguments(in: folder) + ["--bitacora", logLevel] + more)
    if let namespace { (program, words) = try Namespaces.words(namespace, program, words) }
    let child = try await ChildProcess.start(program, words, log: log)
    while true {
      if let tcp = (try? String(contentsOfFile: log, encoding: .utf8)).flatMap({ ReadyLine(in: $0)?.firstTCP }) {
        return CampaignServer(child: child, folder: folder, startTime: began.duration(to: .now), log: log, tcp: tcp)
      }
      guard !child.hasEnded, began.duration(to: .now) < longestStart else {
        child.send(SIGKILL)
        throw CampaignFault("kiosk-server did not start: \((try? String(contentsOfFile: log, encoding: .utf8)) ?? "")")
      }
      try await Task.sleep(for: .milliseconds(3))
    }
  }

  /// Everything it has written.
  var said: String { (try? String(contentsOfFile: log, encoding: .utf8)) ?? "" }

  /// SIGTERM, and waits.
  ///
  /// - Returns: its exit status; 137 when it had to be killed.
  func stop() async -> Int32 { await child.stop(within: Self.longestStop) }

  /// SIGTERM, and waits.
  ///
  /// - Returns: what there is to complain about its end; `nil` for one in order.
  func complaintOfStop() async -> String? {
    let status = await stop()
    return status == 0 ? nil : "kiosk-server ended with status \(status): \(said)"
  }

  /// kill -9, and waits until the kernel has taken everything back.
  func kill() async {
    child.send(SIGKILL)
    _ = await child.exitStatus()
  }

  func connect(_ address: TTRPCAddress? = nil) async throws(CampaignFault) -> TTRPCClientConnection {
    do throws(ConnectFault) {
      return try await TTRPCClientConnection.connect(to: address ?? kiosk, group: MultiThreadedEventLoopGroup.singleton)
    } catch { throw CampaignFault("\(error)") }
  }
}

extension CampaignServer {
  /// Puts people into its store.
  func importPeople(_ people: ClosedRange<Int>) async throws {
    let connection = try await connect(staff)
    try await connection.importPeople(people)
    await connection.close()
  }

  /// The clinic's date, so many days from the server's today.
  func date(inDays days: Int) async throws -> CivilDate {
    let connection = try await connect()
    let hello = try await SessionClient(connection).hello(Wire.HelloRequest(clientName: "campaign"))
    await connection.close()
    // The clinic's zone is six hours behind all year.
    return CivilDate(daysSinceEpoch: Int((hello.clockUnixMs / 1000 - 6 * 3600) / 86_400))!.advanced(by: days)
  }
}

extension RPCTransport {
  /// Puts people into the store, as staff, in pieces of the size that the contract takes.
  func importPeople(_ people: ClosedRange<Int>) async throws {
    let operations = OperationsClient(self)
    for first in stride(from: people.lowerBound, through: people.upperBound, by: 200) {
      let last = min(first + 199, people.upperBound)
      let rows = (first...last).map { CampaignPerson(number: $0).padronRow }.joined()
      let reply = try await operations.importPatients(
        Wire.ImportPatientsRequest(header: CampaignPerson.padronHeader, rows: Array(rows.utf8), firstLine: Int32(first + 1)),
        options: .write(RequestIdentifier()))
      guard reply.problems.isEmpty, Int(reply.added + reply.unchanged) == last - first + 1 else {
        throw CampaignFault("the made-up people were not taken: \(reply.problems.map(\.text))")
      }
    }
  }

  /// Opens a person's session.
  func identify(_ person: CampaignPerson) async throws(RPCError) -> String {
    let reply = try await PatientsClient(self).identify(
      Wire.IdentifyRequest(identifier: .nss(person.nss), birthDate: CampaignPerson.birthDate))
    return reply.sessionToken
  }
}
