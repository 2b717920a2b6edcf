internal import CBenchLoad
internal import Foundation
internal import Glibc
internal import TTRPCNIO

/// So many connections with so many calls in flight on each.
struct LoadShape: Hashable, Sendable, CustomStringConvertible {
  let connections: UInt32
  let inFlight: UInt32

  var description: String { "\(connections) × \(inFlight)" }
}

/// How calls look on the wire.
enum LoadProtocol: Sendable {
  case ttrpc
  /// Without TLS.
  case grpc
}

/// What a server's process and its callers saw in one window.
struct LoadResult: Sendable {
  let callsPerSecond: Double
  let cpuMicroseconds: Double
  let p50Microseconds: Double
  let p99Microseconds: Double
  /// `nil` when nobody counted.
  let mallocs: Double?
}

/// Calls of Echo/Unary from this thread, with every reply compared.
enum Load {
  /// - Throws: ``BenchFault`` when a call failed, was lost or came back changed: a wrong answer has no speed.
  static func run(
    on server: ServerProcess, _ shape: LoadShape, milliseconds: UInt32, warmup: UInt32 = 150, mallocCounts: String? = nil
  ) throws -> LoadResult {
    let result = try withConfiguration(server.address, server.callProtocol, mallocCounts: mallocCounts) { config in
      config.connections = shape.connections
      config.in_flight = shape.inFlight
      config.warmup_ms = warmup
      config.duration_ms = milliseconds
      config.core = 1
      config.server_pid = server.processID
      var result = bench_load_result()
      let status = bench_load_run(&config, &result)
      guard status == 0, result.calls > 0, result.errors + result.mismatches + result.strays + result.lost == 0 else {
        throw BenchFault("\(server.name), \(shape): \(Self.complaint(result))")
      }
      return result
    }
    let calls = Double(result.calls)
    return LoadResult(
      callsPerSecond: calls / Double(result.wall_ns) * 1e9, cpuMicroseconds: Double(result.server_cpu_ns) / calls / 1e3,
      p50Microseconds: Double(result.p50_ns) / 1e3, p99Microseconds: Double(result.p99_ns) / 1e3,
      mallocs: result.server_mallocs < 0 ? nil : Double(result.server_mallocs) / calls)
  }

  /// Whether calls at the address are answered as they should be.
  static func answers(at address: TTRPCAddress, _ callProtocol: LoadProtocol = .ttrpc) -> Bool {
    withConfiguration(address, callProtocol) { config in
      config.warmup_ms = 0
      config.duration_ms = 0
      config.calls = 1
      var result = bench_load_result()
      return bench_load_run(&config, &result) == 0 && result.errors + result.mismatches + result.strays + result.lost == 0
    }
  }

  /// Connections to a ttrpc server that have made one call each and now say nothing; close them with `bench_idle_close`.
  static func openIdle(_ count: UInt32, at address: TTRPCAddress) throws -> OpaquePointer {
    try withConfiguration(address, .ttrpc) { config in
      var message = [CChar](repeating: 0, count: 160)
      guard let idle = bench_idle_open(&config, count, &message, message.count) else {
        throw BenchFault("\(count) connections to \(address): \(String(decoding: message.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self))")
      }
      return idle
    }
  }

  /// C keeps the pointers to the texts as long as `body` runs.
  private static func withConfiguration<Value>(
    _ address: TTRPCAddress, _ callProtocol: LoadProtocol, mallocCounts: String? = nil, _ body: (inout bench_load_config) throws -> Value
  ) rethrows -> Value {
    try address.loadText.withCString { text in
      try (mallocCounts ?? "").withCString { counts in
        var config = bench_load_defaults()
        config.address = text
        config.protocol = callProtocol == .grpc ? bench_grpc : bench_ttrpc
        config.malloc_count_file = mallocCounts == nil ? nil : counts
        return try body(&config)
      }
    }
  }

  private static func complaint(_ result: bench_load_result) -> String {
    let message = withUnsafeBytes(of: result.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    return "\(result.errors) errors, \(result.mismatches) mismatches, \(result.strays) strays, \(result.lost) lost; \(message)"
  }
}

extension TTRPCAddress {
  /// As the load generator and the Go peer write it.
  var loadText: String {
    switch self {
    case .tcp(let host, let port): "tcp:\(host):\(port)"
    case .unix(let path): "unix:\(path)"
    }
  }

  /// The options that make `kiosk-dev echo` and the bare peer listen there.
  var listenArguments: [String] {
    switch self {
    case .tcp(let host, let port): ["--tcp", "\(host):\(port)"]
    case .unix(let path): ["--unix", path]
    }
  }
}

/// Processes of the lowest priority that keep the cores from halting as long as this lives.
final class AwakeCores {
  private let spinners = bench_spinners_start()
  deinit { bench_spinners_stop(spinners) }
}
