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

  static let pipelined = LoadShape(connections: 1, inFlight: 64)
  static let single = LoadShape(connections: 1, inFlight: 1)
  static let crowd = LoadShape(connections: 64, inFlight: 1)
  static let shapes = [pipelined, single, crowd]
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
    case unixSync = "unix sync"
    case unixAsync = "unix async"
    case unixRust = "unix rust"

    var isUnix: Bool { self == .unixSync || self == .unixAsync || self == .unixRust }
    /// An allocator that the interposer sees; Go has one of its own, which nobody counts.
    var countsMallocs: Bool { self != .go && (self == .unixRust || !isUnix) }
  }

  func report() throws -> BenchReport {
    bench_raise_descriptor_limit()
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let loadBefore = MachineLoad.load()
    let awake = AwakeCores()
    let results = try withExtendedLifetime(awake) { try measure() }
    let mallocs = try countMallocs()
    let idle = try withExtendedLifetime(awake) { try measureIdle() }
    let rows = Self.shapes.flatMap { shape in
      Server.allCases.map { row($0, shape, results, mallocs: mallocs[$0]) }
    }
    return BenchReport(
      bench: "rpc", rounds: rounds, machine: MachineLoad(loadBefore: loadBefore), columns: Self.columns, rows: rows,
      bounds: Self.bounds(of: results, mallocs: mallocs) + idle)
  }

  /// What one round found.
  typealias Round = [Server: [LoadShape: LoadResult]]

  static func bounds(of results: [Round], mallocs: [Server: [LoadShape: Double]]) -> [BenchReport.Bound] {
    func cpu(_ own: Server, to other: Server, _ shape: LoadShape, atMost: Double) -> BenchReport.Bound {
      BenchReport.Bound(
        name: "\(own.rawValue) \(shape), CPU per call to the one of \(other.rawValue)",
        value: ratio(own, to: other, shape, results, of: \.cpuMicroseconds), atMost: atMost)
    }
    return [
      cpu(.sync, to: .limit, pipelined, atMost: 2), cpu(.sync, to: .go, pipelined, atMost: 0.125),
      cpu(.async, to: .limit, pipelined, atMost: 5), cpu(.sync, to: .limit, crowd, atMost: 1.5),
      cpu(.sync, to: .go, crowd, atMost: 0.5), cpu(.unixSync, to: .unixRust, pipelined, atMost: 1.5),
      cpu(.unixSync, to: .unixRust, single, atMost: 1.5), cpu(.unixSync, to: .unixRust, crowd, atMost: 1.5),
      BenchReport.Bound(
        name: "sync \(single), p50 to the limit's", value: ratio(.sync, to: .limit, single, results, of: \.p50Microseconds),
        atMost: 1.25),
      // What NIO allocates now and then for itself is spread over thousands of calls.
      BenchReport.Bound(name: "sync \(pipelined), mallocs per call", value: mallocs[.sync]?[pipelined] ?? .nan, atMost: 0.05),
      BenchReport.Bound(
        name: "async \(pipelined), mallocs per call: 6, and 2 for the message's text and bytes",
        value: mallocs[.async]?[pipelined] ?? .nan, atMost: 8.05),
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
      let results = try pair.map { try Load.run(on: $0, Self.single, milliseconds: milliseconds) }
      let ratio = results[1].p99Microseconds / results[0].p99Microseconds
      return round.isMultiple(of: 2) ? ratio : 1 / ratio
    }
    options.progressEnded()
    return [
      BenchReport.Bound(name: "sync, KiB of memory per idle connection of \(Self.idleConnections)", value: kiB, atMost: 6),
      BenchReport.Bound(
        name: "sync \(Self.single) beside \(Self.idleConnections) idle connections, p99 to the one without", value: ratios.median,
        atMost: 1.25),
    ]
  }

  /// Allocations per call.
  private func countMallocs() throws -> [Server: [LoadShape: Double]] {
    var counts: [Server: [LoadShape: Double]] = [:]
    for kind in Server.allCases where kind.countsMallocs {
      let file = folder.appending(path: "\(kind.rawValue).mallocs").path
      let server = try start(kind, countingIn: file)
      defer { server.stop() }
      for shape in Self.shapes {
        counts[kind, default: [:]][shape] = try Load.run(
          on: server, shape, milliseconds: 600, mallocCounts: file).mallocs
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
      case .sync, .unixSync: (ServerProcess.thisProgram, ["echo"] + address.listenArguments)
      case .async, .unixAsync: (ServerProcess.thisProgram, ["echo", "--async"] + address.listenArguments)
      case .go: ("\(peers)/interop", ["serve", "--addr", address.loadText])
      case .unixRust: ("\(peers)/interop-rust", ["serve", "--addr", address.loadText])
      }
    let server = try ServerProcess(
      kind.rawValue, at: address, executable: executable, arguments: arguments, environment: environment)
    try server.waitUntilReady { Load.answers(at: address) }
    server.pin(toCore: 0)
    return server
  }

  private func freeAddress(_ kind: Server) throws -> TTRPCAddress {
    if unix || kind.isUnix { return .unix(path: folder.appending(path: "\(UUID().uuidString.prefix(4))").path) }
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

  private static func ratio(_ kind: Server, _ shape: LoadShape, _ results: [Round]) -> Double {
    ratio(kind, to: .limit, shape, results, of: \.cpuMicroseconds)
  }

  /// The median of the rounds' ratios: what disturbs a round disturbs both sides of it.
  private static func ratio(
    _ kind: Server, to other: Server, _ shape: LoadShape, _ results: [Round], of figure: KeyPath<LoadResult, Double>
  ) -> Double {
    results.compactMap { round in
      guard let own = round[kind]?[shape], let others = round[other]?[shape] else { return nil }
      return own[keyPath: figure] / others[keyPath: figure]
    }.median
  }
}
