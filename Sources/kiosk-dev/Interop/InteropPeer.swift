internal import ArgumentParser
internal import TTRPCCore

/// An implementation of ttrpc that the project did not write; Tests/Interop builds it.
enum InteropPeer: String, CaseIterable, ExpressibleByArgument {
  case go, rust

  var title: String {
    switch self {
    case .go: "Go ttrpc 1.1.1"
    case .rust: "Rust ttrpc 0.5.2"
    }
  }

  var program: String {
    switch self {
    case .go: "interop"
    case .rust: "interop-rust"
    }
  }

  /// What it answers, as a server, to a caller's mistakes.
  var manners: ServerManners {
    switch self {
    case .go: .ours
    case .rust: ServerManners(unknownService: .invalidArgument, unknownMethod: .invalidArgument, unreadablePayload: .unknown)
    }
  }
}

/// The codes that servers differ in. Source: WIRE.md §1.4, and what the peers were seen to answer.
struct ServerManners: Hashable, Sendable {
  var unknownService: StatusCode
  var unknownMethod: StatusCode
  var unreadablePayload: StatusCode

  /// Go's, which this project's server has too.
  static let ours = ServerManners(unknownService: .unimplemented, unknownMethod: .unimplemented, unreadablePayload: .internal)
}

/// Who calls whom.
enum InteropWay: CaseIterable {
  case peerCalls, peerServes

  func title(_ peer: InteropPeer) -> String {
    switch self {
    case .peerCalls: "\(peer.title) calls our server"
    case .peerServes: "our client calls \(peer.title)"
    }
  }
}

enum InteropTransport: String, CaseIterable {
  case unix, tcp
}
