internal import CBenchLoad
internal import Foundation
internal import TTRPCNIO

/// Starts the servers of `bench rpc` and calls them in turns.
struct RPCMeasurement {
  private let options: BenchOptions
  private let peers: String
  private let folder: URL
  private let unix: Bool
  private let rounds: Int
  private let milliseconds: UInt32

  init(options: BenchOptions, unix: Bool) {
    self.options = options
    self.unix = unix
    peers = "\(options.root)/.build-interop"
    folder = FileManager.default.temporaryDirectory.appending(path: "kiosk-dev-\(UUID().uuidString.prefix(8))")
    rounds = options.quick ? 3 : 5
    milliseconds = options.quick ? 300 : 1000
  }

  func report() throws -> BenchReport {
    bench_raise_descriptor_limit()
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let notes = RPCServer.allCases.compactMap { $0.absence(fromPeersIn: peers) }
    let present = RPCServer.allCases.filter { $0.absence(fromPeersIn: peers) == nil }
    let loadBefore = MachineLoad.load()
    let awake = AwakeCores()
    let measured = try withExtendedLifetime(awake) { try measure(present.filter(\.isTimed)) }
    let found = RPCRounds(rounds: measured, mallocs: try countMallocs(present))
    let idle = try withExtendedLifetime(awake) { try measureIdle() }
    return BenchReport(
      bench: "rpc", rounds: rounds, machine: MachineLoad(loadBefore: loadBefore), columns: RPCRounds.columns, rows: found.rows,
      bounds: found.bounds + idle, notes: notes)
  }

  /// All servers stay up; in each round each is called once per shape, in an order that turns from round to round.
  private func measure(_ kinds: [RPCServer]) throws -> [RPCRounds.Round] {
    let servers = try kinds.map { ($0, try start($0)) }
    defer { for (_, server) in servers { server.stop() } }
    return try (0..<rounds).map { round in
      var results: RPCRounds.Round = [:]
      for shape in RPCRounds.shapes {
        for turn in servers.indices {
          let (kind, server) = servers[(turn + round) % servers.count]
          options.progress("round \(round + 1) of \(rounds): \(kind.rawValue), \(shape)")
          results[kind, default: [:]][shape] = try Load.run(on: server, shape, milliseconds: milliseconds)
        }
      }
      options.progressEnded()
      return results
    }
  }

  /// Allocations per call.
  private func countMallocs(_ kinds: [RPCServer]) throws -> [RPCServer: [LoadShape: Double]] {
    var counts: [RPCServer: [LoadShape: Double]] = [:]
    for kind in kinds where kind.countsMallocs {
      let file = folder.appending(path: "\(kind.rawValue).mallocs").path
      let server = try start(kind, countingIn: file)
      defer { server.stop() }
      for shape in RPCRounds.shapes {
        counts[kind, default: [:]][shape] = try Load.run(on: server, shape, milliseconds: 600, mallocCounts: file).mallocs
      }
    }
    return counts
  }

  static let idleConnections: UInt32 = 10_000

  /// Memory of an idle connection, and what 10,000 of them do to the slowest calls of one that works.
  private func measureIdle() throws -> [BenchReport.Bound] {
    let (alone, crowded) = (try start(.sync), try start(.sync))
    defer {
      alone.stop()
      crowded.stop()
    }
    options.progress("opening \(Self.idleConnections) connections")
    let before = bench_process_resident_bytes(crowded.processID)
    let idle = try Load.openIdle(Self.idleConnections, at: crowded.address)
    defer { bench_idle_close(idle) }
    let kiB = Double(bench_process_resident_bytes(crowded.processID) - before) / 1024 / Double(Self.idleConnections)
    let ratios = try (0..<rounds).map { round in
      options.progress("round \(round + 1) of \(rounds) beside \(Self.idleConnections) idle connections")
      let pair = round.isMultiple(of: 2) ? [alone, crowded] : [crowded, alone]
      let results = try pair.map { try Load.run(on: $0, RPCRounds.single, milliseconds: milliseconds) }
      let ratio = results[1].p99Microseconds / results[0].p99Microseconds
      return round.isMultiple(of: 2) ? ratio : 1 / ratio
    }
    options.progressEnded()
    return [
      BenchReport.Bound(name: "sync, KiB of memory per idle connection of \(Self.idleConnections)", value: kiB, atMost: 6),
      BenchReport.Bound(
        name: "sync \(RPCRounds.single) beside \(Self.idleConnections) idle connections, p99 to the one without",
        value: ratios.median, atMost: 1.25),
    ]
  }

  private func start(_ kind: RPCServer, countingIn file: String? = nil) throws -> ServerProcess {
    try kind.start(at: try freeAddress(kind), peers: peers, countingIn: file)
  }

  private func freeAddress(_ kind: RPCServer) throws -> TTRPCAddress {
    if unix || kind.isUnix { return .unix(path: folder.appending(path: "\(UUID().uuidString.prefix(4))").path) }
    return .tcp(host: "127.0.0.1", port: try Sockets.freePort())
  }
}
