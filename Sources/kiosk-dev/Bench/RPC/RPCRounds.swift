/// What the rounds of `bench rpc` found, and the figures made of it.
struct RPCRounds {
  /// By server and shape.
  typealias Round = [RPCServer: [LoadShape: LoadResult]]

  let rounds: [Round]
  /// Allocations per call, of a run of their own.
  let mallocs: [RPCServer: [LoadShape: Double]]

  static let pipelined = LoadShape(connections: 1, inFlight: 64)
  static let single = LoadShape(connections: 1, inFlight: 1)
  static let crowd = LoadShape(connections: 64, inFlight: 1)
  static let shapes = [pipelined, single, crowd]

  static let columns = [
    BenchReport.Column(key: "cpuMicroseconds", title: "CPU µs", digits: 2),
    BenchReport.Column(key: "toLimit", title: "× limit", digits: 2),
    BenchReport.Column(key: "toGo", title: "× go", digits: 2),
    BenchReport.Column(key: "toGrpcCpp", title: "× grpc c++", digits: 2),
    BenchReport.Column(key: "toGrpcGo", title: "× grpc go", digits: 2),
    BenchReport.Column(key: "toUnixRust", title: "× rust", digits: 2),
    BenchReport.Column(key: "callsPerSecond", title: "calls/s", digits: 0),
    BenchReport.Column(key: "p50Microseconds", title: "p50 µs"),
    BenchReport.Column(key: "p99Microseconds", title: "p99 µs"),
    BenchReport.Column(key: "mallocs", title: "mallocs", digits: 2),
  ]

  // MARK: Rows

  /// Those who were measured, shape by shape.
  var rows: [BenchReport.Row] {
    Self.shapes.flatMap { shape in
      RPCServer.allCases.compactMap { server in
        if rounds.first?[server] != nil { return row(server, shape) }
        // Its allocations were counted and nothing else.
        return mallocs[server]?[shape].map { BenchReport.Row(name: "\(server.rawValue) \(shape)", values: ["mallocs": $0]) }
      }
    }
  }

  private func row(_ server: RPCServer, _ shape: LoadShape) -> BenchReport.Row {
    let own = rounds.compactMap { $0[server]?[shape] }
    var values = [
      "cpuMicroseconds": own.map(\.cpuMicroseconds).median, "callsPerSecond": own.map(\.callsPerSecond).median,
      "p50Microseconds": own.map(\.p50Microseconds).median, "p99Microseconds": own.map(\.p99Microseconds).median,
    ]
    values["mallocs"] = mallocs[server]?[shape]
    for (key, other) in [
      ("toLimit", RPCServer.limit), ("toGo", .go), ("toGrpcCpp", .grpcCpp), ("toGrpcGo", .grpcGo), ("toUnixRust", .unixRust),
    ] where other != .unixRust || server.isUnix {
      let ratio = ratio(server, to: other, shape, of: \.cpuMicroseconds)
      if ratio.isFinite { values[key] = ratio }
    }
    return BenchReport.Row(name: "\(server.rawValue) \(shape)", values: values)
  }

  /// The median of the rounds' ratios: what disturbs a round disturbs both sides of it.
  private func ratio(
    _ server: RPCServer, to other: RPCServer, _ shape: LoadShape, of figure: KeyPath<LoadResult, Double>
  ) -> Double {
    rounds.compactMap { round in
      guard let own = round[server]?[shape], let others = round[other]?[shape] else { return nil }
      return own[keyPath: figure] / others[keyPath: figure]
    }.median
  }

  // MARK: Bounds

  /// What is promised; nothing against a peer that this machine does not have.
  var bounds: [BenchReport.Bound] {
    [
      cpu(.sync, to: .limit, Self.pipelined, atMost: 2), cpu(.async, to: .limit, Self.pipelined, atMost: 5),
      cpu(.sync, to: .limit, Self.crowd, atMost: 1.5),
    ] + [RPCServer.go, .grpcCpp, .grpcGo].filter { rounds.first?[$0] != nil }.flatMap { peer in
      [cpu(.sync, to: peer, Self.pipelined, atMost: 0.125), cpu(.sync, to: peer, Self.crowd, atMost: 0.5)]
    } + Self.shapes.map { cpu(.unixSync, to: .unixRust, $0, atMost: 1.5) } + [
      BenchReport.Bound(
        name: "sync \(Self.single), p50 to the limit's", value: ratio(.sync, to: .limit, Self.single, of: \.p50Microseconds),
        atMost: 1.25),
      // What NIO allocates now and then for itself is spread over thousands of calls.
      BenchReport.Bound(
        name: "sync \(Self.pipelined), mallocs per call", value: mallocs[.sync]?[Self.pipelined] ?? .nan, atMost: 0.05),
      BenchReport.Bound(
        name: "value \(Self.pipelined), mallocs per call: 1, and 2 for the message's text and bytes",
        value: mallocs[.value]?[Self.pipelined] ?? .nan, atMost: 3.05),
      BenchReport.Bound(
        name: "async \(Self.pipelined), mallocs per call: 6, and 2 for the message's text and bytes",
        value: mallocs[.async]?[Self.pipelined] ?? .nan, atMost: 8.05),
    ]
  }

  private func cpu(_ own: RPCServer, to other: RPCServer, _ shape: LoadShape, atMost: Double) -> BenchReport.Bound {
    BenchReport.Bound(
      name: "\(own.rawValue) \(shape), CPU per call to the one of \(other.rawValue)",
      value: ratio(own, to: other, shape, of: \.cpuMicroseconds), atMost: atMost)
  }
}
