internal import CBenchLoad
internal import Foundation
internal import TTRPCNIO

/// The rounds of `bench rpc`.
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

  /// The first is the one of the bounds.
  static let shapes = [
    LoadShape(connections: 1, inFlight: 64), LoadShape(connections: 1, inFlight: 1), LoadShape(connections: 64, inFlight: 1),
  ]
  static let columns = [
    BenchReport.Column(key: "cpuMicroseconds", title: "CPU µs", digits: 2),
    BenchReport.Column(key: "ratio", title: "× limit", digits: 2),
    BenchReport.Column(key: "callsPerSecond", title: "calls/s", digits: 0),
    BenchReport.Column(key: "p50Microseconds", title: "p50 µs"),
    BenchReport.Column(key: "p99Microseconds", title: "p99 µs"),
    BenchReport.Column(key: "mallocs", title: "mallocs", digits: 2),
  ]

  /// Who is measured; the first is what the others are compared with.
  enum Server: String, CaseIterable {
    case limit, sync, async, go
  }

  func report() throws -> BenchReport {
    bench_raise_descriptor_limit()
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let loadBefore = MachineLoad.load()
    let awake = AwakeCores()
    let results = try withExtendedLifetime(awake) { try measure() }
    let mallocs = try countMallocs()
    let rows = Self.shapes.flatMap { shape in
      Server.allCases.map { row($0, shape, results, mallocs: mallocs[$0]) }
    }
    return BenchReport(
      bench: "rpc", rounds: rounds, machine: MachineLoad(loadBefore: loadBefore), columns: Self.columns, rows: rows,
      bounds: Self.bounds(of: results))
  }

  /// What one round found.
  typealias Round = [Server: [LoadShape: LoadResult]]

  static func bounds(of results: [Round]) -> [BenchReport.Bound] {
    [
      BenchReport.Bound(name: "sync \(shapes[0]), CPU per call to the limit's", value: ratio(.sync, shapes[0], results), atMost: 4),
      BenchReport.Bound(name: "async \(shapes[0]), CPU per call to the limit's", value: ratio(.async, shapes[0], results), atMost: 6),
    ]
  }

  // MARK: Rounds

  /// All servers stay up; in each round each is called once per shape, in an order that turns from round to round.
  private func measure() throws -> [Round] {
    let servers = try Server.allCases.map { ($0, try start($0)) }
    defer { for (_, server) in servers { server.stop() } }
    return try (0..<rounds).map { round in
      var results: Round = [:]
      for shape in Self.shapes {
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

  /// Allocations per call; the Go peer has an allocator of its own, which nobody counts.
  private func countMallocs() throws -> [Server: [LoadShape: Double]] {
    var counts: [Server: [LoadShape: Double]] = [:]
    for kind in Server.allCases where kind != .go {
      let file = folder.appending(path: "\(kind.rawValue).mallocs").path
      let server = try start(kind, countingIn: file)
      defer { server.stop() }
      for shape in Self.shapes {
        counts[kind, default: [:]][shape] = try Load.run(
          on: server, shape, milliseconds: 200, mallocCounts: file).mallocs
      }
    }
    return counts
  }

  private func start(_ kind: Server, countingIn file: String? = nil) throws -> ServerProcess {
    let address = try freeAddress(kind)
    let environment = file.map { ["MALLOC_COUNT_FILE": $0, "LD_PRELOAD": "\(peers)/libmallocs.so"] } ?? [:]
    let (executable, arguments) =
      switch kind {
      case .limit: ("\(peers)/echo_epoll", address.listenArguments)
      case .sync: (ServerProcess.thisProgram, ["echo"] + address.listenArguments)
      case .async: (ServerProcess.thisProgram, ["echo", "--async"] + address.listenArguments)
      case .go: ("\(peers)/interop", ["serve", "--addr", address.loadText])
      }
    let server = try ServerProcess(
      kind.rawValue, at: address, executable: executable, arguments: arguments, environment: environment)
    try server.waitUntilReady { Load.answers(at: address) }
    server.pin(toCore: 0)
    return server
  }

  private func freeAddress(_ kind: Server) throws -> TTRPCAddress {
    if unix { return .unix(path: folder.appending(path: "\(kind.rawValue)-\(UUID().uuidString.prefix(4))").path) }
    return .tcp(host: "127.0.0.1", port: try Sockets.freePort())
  }

  // MARK: Figures

  private func row(
    _ kind: Server, _ shape: LoadShape, _ results: [Round], mallocs: [LoadShape: Double]?
  ) -> BenchReport.Row {
    let own = results.compactMap { $0[kind]?[shape] }
    var values = [
      "cpuMicroseconds": own.map(\.cpuMicroseconds).median, "ratio": Self.ratio(kind, shape, results),
      "callsPerSecond": own.map(\.callsPerSecond).median, "p50Microseconds": own.map(\.p50Microseconds).median,
      "p99Microseconds": own.map(\.p99Microseconds).median,
    ]
    values["mallocs"] = mallocs?[shape]
    return BenchReport.Row(name: "\(kind.rawValue) \(shape)", values: values)
  }

  /// The median of the rounds' ratios: what disturbs a round disturbs both sides of it.
  private static func ratio(
    _ kind: Server, _ shape: LoadShape, _ results: [Round]
  ) -> Double {
    results.compactMap { round in
      guard let own = round[kind]?[shape], let limit = round[.limit]?[shape] else { return nil }
      return own.cpuMicroseconds / limit.cpuMicroseconds
    }.median
  }
}
