package import TTRPCCore

/// A place to listen at, and who they are that call there.
package struct Listener: Sendable {
  /// What a caller must be besides able to reach the address.
  package enum Door: Sendable {
    /// Nothing: everybody has the listener's role.
    case open
    /// On a Unix socket: one of these system users, each with the role of its own. Who is not listed is turned away.
    case users([UInt32: RoleSet])
    /// On TCP: the holder of a certificate, in the role that it names and this side admits.
    case certificates(ServerTLS)
  }

  package let address: TTRPCAddress
  /// The role of every caller of an open listener; on others none.
  package let role: RoleSet
  package let door: Door

  /// An open listener.
  package init(address: TTRPCAddress, role: RoleSet) {
    self.address = address
    self.role = role
    door = .open
  }

  /// A Unix socket for some system users.
  package init(path: String, users: [UInt32: RoleSet]) {
    address = .unix(path: path)
    role = []
    door = .users(users)
  }

  /// A TCP listener that speaks TLS and nothing else.
  package init(host: String, port: Int, tls: ServerTLS) {
    address = .tcp(host: host, port: port)
    role = []
    door = .certificates(tls)
  }

  package var tls: ServerTLS? {
    if case .certificates(let tls) = door { tls } else { nil }
  }
}

/// Why a server cannot listen where it was told to.
package enum ListenFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// Something else listens on that port.
  case portTaken(host: String, port: Int)
  /// The path does not fit a socket address (``TTRPCAddress/maxPathLength`` bytes).
  case pathTooLong(path: String, bytes: Int)
  /// A living server answers on that socket file.
  case socketInUse(path: String)
  /// Something that is not a socket stands at that path; it is left alone.
  case notASocket(path: String)
  /// The system refuses for another reason: no such address, no such folder, no permission.
  case refused(address: String, reason: String)

  package var description: String {
    switch self {
    case .portTaken(let host, let port):
      "port \(port) of \(host) is taken: another process listens there"
    case .pathTooLong(let path, let bytes):
      "the socket path is \(bytes) bytes long and may have \(TTRPCAddress.maxPathLength): \(path)"
    case .socketInUse(let path):
      "a server is already listening on \(path)"
    case .notASocket(let path):
      "\(path) exists and is not a socket; it was left as it is"
    case .refused(let address, let reason):
      "cannot listen on \(address): \(reason)"
    }
  }
}
