internal import Glibc
package import TTRPCCore
package import VentanillaMessages

/// What a client says of itself in the first call of each connection.
package struct ClientIntroduction: Hashable, Sendable {
  /// Name of the program, such as `kiosk-screen`.
  package var name: String
  package var version: String
  /// As BCP 47.
  package var locale = "es-MX"
  /// What it takes besides plain ttrpc.
  ///
  /// Holds that end with their connection (``WireExtensions/holds``) are not among them: whoever keeps one connection for one person's
  /// visit asks for it.
  package var extensions: WireExtensions = [.ping, .cancel, .credit, .goingAway]

  package init(name: String, version: String) {
    self.name = name
    self.version = version
  }

  var request: Wire.HelloRequest {
    Wire.HelloRequest(
      clientName: name, clientVersion: version, locale: locale,
      extensions: WireExtensions.named.filter { extensions.contains($0.extension) }.map(\.name))
  }

  /// What a reply grants: nothing that was not asked for.
  func granted(_ reply: Wire.HelloResponse) -> WireExtensions {
    WireExtensions(reply.extensions.compactMap { WireExtensions(name: $0) }).intersection(extensions)
  }
}

/// What the server said of itself at the beginning of a connection.
package struct ServerSession: Hashable, Sendable {
  package let serverName: String
  package let serverVersion: String
  package let extensions: WireExtensions
  package let limits: Wire.Limits
  package let clock: ServerClock
  /// The clinic's, as an IANA name.
  package let timeZone: String

  init(_ reply: Wire.HelloResponse, _ extensions: WireExtensions, _ clock: ServerClock) {
    serverName = reply.serverName
    serverVersion = reply.serverVersion
    self.extensions = extensions
    limits = reply.limits ?? Wire.Limits()
    self.clock = clock
    timeZone = reply.timeZone
  }
}

/// How far the server's clock is from this machine's, as one exchange shows it.
package struct ServerClock: Hashable, Sendable {
  /// Milliseconds to add to this machine's clock.
  package let offset: Int64
  /// The estimate is off by no more milliseconds than this: half of the time that the exchange took.
  package let uncertainty: Int64

  /// - Parameter asked: this machine's clock, in milliseconds since 1970, when the request left; `answered`: when the reply came.
  /// - Parameter server: the server's, at some moment between.
  package init(asked: Int64, answered: Int64, server: Int64) {
    let took = max(answered - asked, 0)
    offset = server - (asked + took / 2)
    uncertainty = (took + 1) / 2
  }

  /// This machine's clock: milliseconds since 1970.
  static var now: Int64 {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000
  }
}
