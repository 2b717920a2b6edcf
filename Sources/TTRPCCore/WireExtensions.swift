/// What two of our own ends speak besides plain ttrpc, once `Session/Hello` has granted it; a peer that never asked gets none of it.
///
/// The client names what it takes in `HelloRequest.extensions`; the server answers with those of them that it has. They are in force
/// for the server from the frame after that reply on, for the client when it has read it, both ways, until the connection ends. A
/// further `Hello` can add some and takes none away. A client that asks for credit opens no stream between its `Hello` and the answer.
///
/// | type | name | sent by | stream | data | means |
/// | --- | --- | --- | --- | --- | --- |
/// | 0x10 | ping | both | 0 | 0 to 64 bytes | send them back |
/// | 0x11 | pong | both | 0 | the ping's bytes | the answer |
/// | 0x12 | cancel | client | the call's | none | nobody waits for this call any more |
/// | 0x13 | credit | both | the call's | 4 bytes, big-endian | so much more may be sent on this stream |
/// | 0x14 | going away | server | 0 | 4 bytes, big-endian | the last stream that will be served |
///
/// Flags are 0. The numbers begin at 0x10 because others ask for 4 and 5 (containerd/ttrpc issue 203), and because plain peers ignore
/// what they do not know. Why each is there, and its rules:
///
/// - **ping**: TCP says nothing for minutes about a peer that lost its power. An end that has heard nothing for a while sends a ping,
///   and closes when nothing at all comes in answer to it in time.
/// - **cancel**: plain ttrpc works on for a client that has given up. The call still has exactly one last frame: the answer that was
///   on its way, or CANCELLED. A cancel for a stream that is over or unknown is ignored: they crossed on the wire.
/// - **credit**: plain ttrpc can only stop a whole connection or fail a stream. Each direction of each streaming call begins with
///   ``initialCredit``; a message takes its length + ``messageOverhead`` of it; the reader gives back what it has consumed. A message may
///   be sent while the credit is above zero, so that the largest still passes and a reader keeps at most the credit and one message.
///   The opening request and a last response cost nothing. Who sends without credit, or gives more than fits 31 bits, fails that stream with
///   RESOURCE_EXHAUSTED or INVALID_ARGUMENT; the others go on.
/// - **going away**: a draining server says which calls it still answers; the client makes the next ones elsewhere, and may repeat
///   those above that stream: they were not begun.
/// - **holds**: no frames. Holds made on this connection that are neither booked nor released end when it does: a kiosk that lost its
///   power leaves no slot locked. Clients that make one call for each connection do not ask for it.
///
/// A frame of a granted extension that breaks these rules (its length, its stream) is answered with INVALID_ARGUMENT on its stream,
/// and the connection ends. One of an extension that was not granted is an unknown frame: ignored.
package struct WireExtensions: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package static let ping = WireExtensions(rawValue: 1)
  package static let cancel = WireExtensions(rawValue: 2)
  package static let credit = WireExtensions(rawValue: 4)
  package static let goingAway = WireExtensions(rawValue: 8)
  package static let holds = WireExtensions(rawValue: 16)

  /// Every extension with its name in `HelloRequest.extensions`.
  package static let named: [(extension: WireExtensions, name: String)] = [
    (.ping, "ping"), (.cancel, "cancel"), (.credit, "credit"), (.goingAway, "going-away"), (.holds, "holds"),
  ]

  package static let all = WireExtensions(named.map(\.extension))

  /// The extension of that name; `nil` for a name that this version does not know.
  package init?(name: String) {
    guard let found = Self.named.first(where: { $0.name == name }) else { return nil }
    self = found.extension
  }

  /// The extensions of those names; a name that this version does not know is none.
  package init(names: [String]) { self.init(names.compactMap(Self.init(name:))) }

  /// Bytes of data in a ping, at most.
  package static let maxPingLength = 64
  /// What each direction of a streaming call may send before its reader has given anything back.
  ///
  /// 64 KiB keep a 64 kbit line busy for eight seconds and a LAN for a round trip; 1,024 streams of a connection hold 64 MiB at worst.
  package static let initialCredit = 65_536
  /// What a message costs beside its bytes, so that empty ones are bounded too.
  package static let messageOverhead = 32
}

extension WireExtensions {
  /// The extension that a frame of that type belongs to; `nil` for plain ttrpc's and unknown ones.
  package init?(frame type: FrameType) {
    switch type {
    case .ping, .pong: self = .ping
    case .cancel: self = .cancel
    case .credit: self = .credit
    case .goingAway: self = .goingAway
    default: return nil
    }
  }

  /// Whether an extension's frame has the stream and the length that the table above gives it.
  package static func isWellFormed(_ header: FrameHeader) -> Bool {
    switch header.type {
    case .ping, .pong: header.stream == 0 && header.length <= maxPingLength
    case .cancel: header.stream % 2 == 1 && header.length == 0
    case .credit: header.stream % 2 == 1 && header.length == 4
    case .goingAway: header.stream == 0 && header.length == 4
    default: false
    }
  }
}
