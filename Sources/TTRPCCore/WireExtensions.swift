/// What two of our own ends speak besides plain ttrpc, once `Session/Hello` has granted it; a peer that never asked gets none of it.
package struct WireExtensions: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Ping and pong: either end learns in seconds that the other is gone.
  package static let ping = WireExtensions(rawValue: 1)
  /// Cancel: the server stops the work that nobody waits for.
  package static let cancel = WireExtensions(rawValue: 2)
  /// Credit: a sender sends on a stream only what the reader has room for.
  package static let credit = WireExtensions(rawValue: 4)
  /// Going away: the server names the last stream that it will serve.
  package static let goingAway = WireExtensions(rawValue: 8)

  /// Every extension with its name in `HelloRequest.extensions`.
  package static let named: [(extension: WireExtensions, name: String)] = [
    (.ping, "ping"), (.cancel, "cancel"), (.credit, "credit"), (.goingAway, "going-away"),
  ]

  /// The extension of that name; `nil` for a name that this version does not know.
  package init?(name: String) {
    guard let found = Self.named.first(where: { $0.name == name }) else { return nil }
    self = found.extension
  }
}
