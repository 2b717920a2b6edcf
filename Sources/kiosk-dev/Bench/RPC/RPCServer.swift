internal import Foundation
internal import TTRPCNIO

/// A server that `bench rpc` measures; the first is what the others are compared with.
enum RPCServer: String, CaseIterable {
  case limit, sync, value, async, go
  case grpcCpp = "grpc c++"
  case grpcGo = "grpc go"
  case unixSync = "unix sync"
  case unixAsync = "unix async"
  case unixRust = "unix rust"

  var isUnix: Bool { self == .unixSync || self == .unixAsync || self == .unixRust }
  var callProtocol: LoadProtocol { self == .grpcCpp || self == .grpcGo ? .grpc : .ttrpc }
  /// What is measured in the rounds. The synchronous handler with a Swift value is there for its allocations: it is `sync` and a copy.
  var isTimed: Bool { self != .value }
  /// An allocator that the interposer sees; Go has one of its own, which nobody counts.
  var countsMallocs: Bool { self != .go && self != .grpcGo && (self == .unixRust || !isUnix) }

  /// What Debian calls a peer that only this bench wants, so that `make interop` installs and builds nothing for it.
  private var packages: String? {
    switch self {
    case .grpcCpp: "libgrpc++-dev and protobuf-compiler-grpc"
    case .grpcGo: "golang-google-grpc-dev and protoc-gen-go-1-3"
    default: nil
    }
  }

  /// Why the bench goes on without this server, if it has to.
  func absence(fromPeersIn folder: String) -> String? {
    let (executable, _) = command(at: .unix(path: ""), peers: folder)
    guard let packages, !FileManager.default.isExecutableFile(atPath: executable) else { return nil }
    return "\(rawValue) is not measured: \(executable) is missing; `make bench-peers` builds it with Debian's \(packages)"
  }

  /// Starts it on the first core, with its allocations counted in a file if one is named, and waits until it answers.
  func start(at address: TTRPCAddress, peers: String, countingIn file: String? = nil) throws -> ServerProcess {
    let environment = file.map { ["MALLOC_COUNT_FILE": $0, "LD_PRELOAD": "\(peers)/libmallocs.so"] } ?? [:]
    let (executable, arguments) = command(at: address, peers: peers)
    let server = try ServerProcess(
      rawValue, at: address, callProtocol: callProtocol, executable: executable, arguments: arguments, environment: environment)
    try server.waitUntilReady { Load.answers(at: address, callProtocol) }
    server.pin(toCore: 0)
    return server
  }

  private func command(at address: TTRPCAddress, peers: String) -> (executable: String, arguments: [String]) {
    switch self {
    case .limit: ("\(peers)/echo_epoll", address.listenArguments)
    case .sync, .unixSync: (ServerProcess.thisProgram, ["echo"] + address.listenArguments)
    case .value: (ServerProcess.thisProgram, ["echo", "--value"] + address.listenArguments)
    case .async, .unixAsync: (ServerProcess.thisProgram, ["echo", "--async"] + address.listenArguments)
    case .go: ("\(peers)/interop", ["serve", "--addr", address.loadText])
    case .unixRust: ("\(peers)/interop-rust", ["serve", "--addr", address.loadText])
    case .grpcCpp: ("\(peers)/echo_grpc", address.listenArguments)
    case .grpcGo: ("\(peers)/echo_grpc_go", address.listenArguments)
    }
  }
}
