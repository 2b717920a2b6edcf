/// Where a server listens and a client connects.
package enum TTRPCAddress: Hashable, Sendable, CustomStringConvertible {
  /// A host name or an IP address, and a port; port 0 asks the system for a free one.
  case tcp(host: String, port: Int)
  /// The path of a socket file, at most ``maxPathLength`` bytes.
  case unix(path: String)

  /// What `sockaddr_un` holds besides its closing zero.
  package static let maxPathLength = 107

  package var description: String {
    switch self {
    case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    case .unix(let path): path
    }
  }
}
