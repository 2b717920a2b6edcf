internal import ArgumentParser

/// What a call costs the server, next to what it must cost.
struct BenchRPC: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rpc",
    abstract: "CPU of a unary echo of 120 bytes, next to a bare epoll server, Go ttrpc, Rust ttrpc, gRPC C++ and Go gRPC.",
    discussion: """
      Servers, each a process of its own on core 0, called in turns by a load generator in C on core 1 that compares every \
      reply: over TCP the limit (C, epoll and protobuf-c, nothing else), this project's echo with its synchronous and with its async \
      handler, Go ttrpc 1.1.1, gRPC C++ 1.51 and Go gRPC 1.33, as Debian has them; over a Unix socket both of ours again, and Rust ttrpc 0.5.2, which knows nothing else. Shapes: \
      connections × calls in flight on each. CPU is the kernel's count for the server's process. Spinners of the lowest priority keep \
      the cores awake, since a halted core of a virtual machine takes longer to wake than a call takes. Allocations are counted in a \
      run of their own. At last a server with 10,000 idle connections is called in turns with one that has none.

      The bounds are printed below the table. Takes 3 minutes; needs `make interop`. The two of gRPC come by `make bench-peers`; without \
      them the bench says which Debian packages are missing and goes on.

      \(BenchOptions.jsonKeys)
      Names of rows: SERVER SHAPE, as "sync 1 × 64"; SERVER is limit, sync, value (a synchronous handler with a Swift value; its mallocs only), async, go, grpc c++, grpc go, unix sync, unix async or unix rust. Values: \
      cpuMicroseconds (server, per call), toLimit, toGo, toGrpcCpp, toGrpcGo, toUnixRust (CPU per call to that server's, median of the \
      rounds' ratios), callsPerSecond, p50Microseconds, p99Microseconds, mallocs (calls of malloc and its kin per call).
      """)

  @OptionGroup var options: BenchOptions

  @Flag(help: "Unix sockets instead of TCP on 127.0.0.1.")
  var unix = false

  func run() throws {
    let measurement = RPCMeasurement(options: options, unix: unix)
    try options.finish(try measurement.report())
  }
}
