internal import CBenchLoad
internal import ClinicDomain
internal import Foundation
internal import KioskClient
internal import NIOCore
internal import NIOPosix
internal import Scheduling
internal import TTRPCCore
internal import TTRPCNIO
internal import VentanillaMessages

/// The steps of `bench memory`.
struct MemoryMeasurement {
  let options: BenchOptions
  let people: Int
  let connections: Int

  static let columns = [
    BenchReport.Column(key: "residentMB", title: "resident MB"),
    BenchReport.Column(key: "connectionKiB", title: "KiB per idle connection", digits: 2),
  ]

  func report() async throws -> BenchReport {
    bench_raise_descriptor_limit()
    let loadBefore = MachineLoad.load()
    let folder = try BenchFolder(in: options.root)
    defer { folder.remove() }
    var rows = try await oneStart(in: folder, importing: true, prefix: "")
    let most = rows.last?.values["residentMB"] ?? .nan
    rows += try await oneStart(in: folder, importing: false, prefix: "second start, ")
    rows += try await tlsStart(in: folder)
    options.progressEnded()
    return BenchReport(
      bench: "memory", rounds: 1, machine: MachineLoad(loadBefore: loadBefore), columns: Self.columns, rows: rows,
      bounds: [.init(name: "resident MB with \(people) patients and \(connections) idle connections", value: most, atMost: 48)])
  }

  private func oneStart(in folder: BenchFolder, importing: Bool, prefix: String) async throws -> [BenchReport.Row] {
    let (kiosks, staff) = (folder.path("k"), folder.path("p"))
    let server = try ServerProcess(
      "kiosk-server", at: .unix(path: kiosks),
      executable: URL(fileURLWithPath: ServerProcess.thisProgram).deletingLastPathComponent().appending(path: "kiosk-server").path,
      arguments: [
        "--config", "\(options.root)/kiosk-config/server.yaml", "--datos", folder.path("datos"), "--escucha", "unix:\(kiosks)=kiosco",
        "--escucha", "unix:\(staff)=personal", "--bitacora", "error",
      ], origin: "swift build -c release --product kiosk-server builds it")
    try server.waitUntilReady { Sockets.accepts(unix: kiosks) && Sockets.accepts(unix: staff) }
    var rows: [BenchReport.Row] = []
    func note(_ name: String, _ more: [String: Double] = [:]) {
      let bytes = Double(bench_process_resident_bytes(server.processID))
      rows.append(.init(name: prefix + name, values: more.merging(["residentMB": bytes / 1e6]) { old, _ in old }))
    }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    defer { group.shutdownGracefully { _ in } }
    note("started")
    if importing {
      try await importPeople(over: .unix(path: staff), group)
      note("imported")
    }
    let before = bench_process_resident_bytes(server.processID)
    options.progress("\(connections) connections")
    var idle: [TTRPCClientConnection] = []
    for _ in 0..<connections {
      let connection = try await TTRPCClientConnection.connect(to: .unix(path: kiosks), group: group)
      _ = try await HealthClient(connection).check(Wire.HealthCheckRequest())
      idle.append(connection)
    }
    note("connected", ["connectionKiB": Double(bench_process_resident_bytes(server.processID) - before) / 1024 / Double(connections)])
    for connection in idle { await connection.close() }
    server.stop()
    return rows
  }

  /// Sends the population as kioskctl does, in pieces of whole rows.
  private func importPeople(over address: TTRPCAddress, _ group: MultiThreadedEventLoopGroup) async throws {
    let connection = try await TTRPCClientConnection.connect(to: address, group: group)
    let operations = OperationsClient(connection)
    var population = Population(seed: 1, today: BenchClinic.rules.today(at: BenchClinic.now), consultorios: 30)
    var rows: [String] = []
    population.forEachPerson(people: people) { rows.append($0.csvLine) }
    for first in stride(from: 0, to: rows.count, by: ImportPatients.maximumRows) {
      options.progress("\(first) of \(people) people")
      let piece = rows[first..<min(first + ImportPatients.maximumRows, rows.count)]
      let request = Wire.ImportPatientsRequest(
        header: SyntheticPerson.header.trimmingCharacters(in: .newlines), rows: Array(piece.joined().utf8), firstLine: Int32(first + 2))
      let response = try await operations.importPatients(request, options: .write(RequestIdentifier()))
      guard response.problems.isEmpty else { throw BenchFault("line \(response.problems[0].line): \(response.problems[0].text)") }
    }
    await connection.close()
  }
}
