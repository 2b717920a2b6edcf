internal import Glibc
internal import NIOCore
internal import TTRPCCore

extension Listener {
  /// Gives a connection that has been accepted its handlers; nothing has been read from it yet.
  func receive(_ channel: any Channel, on loop: ServerLoop) throws {
    let pipeline = channel.pipeline.syncOperations
    let connection = ServerConnectionHandler(loop: loop, role: role, tls: tls)
    switch door {
    case .certificates(let tls):
      let handler = tls.makeHandler()
      try pipeline.addHandlers([handler, TLSServerGate(tls, handler, connection), connection])
    case .open:
      try pipeline.addHandler(connection)
      guard case .unix = address, let process = UnixPeer(of: channel) else { return }
      connection.admit(process, as: role)
    case .users(let roles):
      try pipeline.addHandler(connection)
      let process = UnixPeer(of: channel)
      guard let process, let role = roles[process.user] else {
        return connection.turnAway(user: process?.user ?? .max)
      }
      connection.admit(process, as: role)
    }
  }
}

extension UnixPeer {
  /// SO_PEERCRED: the kernel's word for who connected, which nobody can forge. `nil` for what is no Unix socket.
  init?(of channel: any Channel) {
    guard let options = channel as? any SocketOptionProvider else { return nil }
    var credentials: (process: Int32, user: UInt32, group: UInt32)?
    // `struct ucred`, by its layout. On the channel's loop the answer is there at once.
    let answer: EventLoopFuture<Credentials> = options.unsafeGetSocketOption(
      level: NIOBSDSocket.OptionLevel.socket, name: NIOBSDSocket.Option(rawValue: SO_PEERCRED))
    answer.assumeIsolated().whenSuccess { credentials = ($0.process, $0.user, $0.group) }
    guard let credentials else { return nil }
    self.init(process: credentials.process, user: credentials.user, group: credentials.group)
  }

  private struct Credentials: Sendable {
    let process: Int32
    let user: UInt32
    let group: UInt32
  }
}
