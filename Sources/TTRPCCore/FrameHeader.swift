/// The ten bytes before every ttrpc message.
///
/// ```
/// offset 0        4        8    9    10
///        +--------+--------+----+----+----------------+
///        | length | stream |type|flag| data (length)  |      big-endian, unsigned
///        +--------+--------+----+----+----------------+
/// ```
/// Source: containerd/ttrpc PROTOCOL.md, "Message Frame".
package struct FrameHeader: Hashable, Sendable {
  /// Bytes of a header on the wire.
  package static let size = 10

  /// Bytes of data after the header. Legal values fit 24 bits (4 MiB at most), so the first byte on the wire is always 0.
  package var length: UInt32
  /// The stream, by the number its opener gave it. Clients open odd streams.
  package var stream: UInt32
  package var type: FrameType
  package var flags: FrameFlags

  package init(length: UInt32, stream: UInt32, type: FrameType, flags: FrameFlags = []) {
    self.length = length
    self.stream = stream
    self.type = type
    self.flags = flags
  }

  /// Reads a header from the first ten bytes; there must be that many.
  @inline(__always)
  package init(_ bytes: UnsafeRawBufferPointer) {
    precondition(bytes.count >= Self.size, "a frame header is read from ten bytes")
    length = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt32.self))
    stream = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
    type = FrameType(rawValue: bytes[8])
    flags = FrameFlags(rawValue: bytes[9])
  }

  /// Writes the header over the first ten bytes; there must be that many.
  @inline(__always)
  package func write(to bytes: UnsafeMutableRawBufferPointer) {
    precondition(bytes.count >= Self.size, "a frame header is written to ten bytes")
    bytes.storeBytes(of: length.bigEndian, toByteOffset: 0, as: UInt32.self)
    bytes.storeBytes(of: stream.bigEndian, toByteOffset: 4, as: UInt32.self)
    bytes[8] = type.rawValue
    bytes[9] = flags.rawValue
  }

  /// Byte 0 of the wire, "reserved for future use".
  package var reservedByte: UInt8 { UInt8(truncatingIfNeeded: length >> 24) }
}

/// What a frame is. Numbers without a name here are legal on the wire and ignored: room for negotiated extensions.
package struct FrameType: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// From a client: opens a stream; the data is a `ttrpc.Request`.
  package static let request = FrameType(rawValue: 1)
  /// From a server: ends a stream; the data is a `ttrpc.Response`.
  package static let response = FrameType(rawValue: 2)
  /// From both: a message of an open stream, without envelope.
  package static let data = FrameType(rawValue: 3)

  // Extensions: sent only to a peer to whom `Session/Hello` has granted them (``WireExtensions``). From 0x10 up, because 4 and 5 are
  // asked for by others (containerd/ttrpc issue 203), and plain peers ignore what they do not know.
  /// From both, on stream 0: the data comes back in a pong.
  package static let ping = FrameType(rawValue: 0x10)
  /// From both, on stream 0: the data of the ping that it answers.
  package static let pong = FrameType(rawValue: 0x11)
  /// From a client: nobody waits for the stream any more.
  package static let cancel = FrameType(rawValue: 0x12)
  /// From both: the sender has room for so many further bytes on the stream.
  package static let credit = FrameType(rawValue: 0x13)
  /// From a server, on stream 0: the last stream that it will serve.
  package static let goingAway = FrameType(rawValue: 0x14)
}

/// What a frame says about its stream.
package struct FrameFlags: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The sender will send no more data on the stream.
  package static let remoteClosed = FrameFlags(rawValue: 0x01)
  /// The sender will send data frames.
  package static let remoteOpen = FrameFlags(rawValue: 0x02)
  /// The frame carries no message, as against an empty one.
  package static let noData = FrameFlags(rawValue: 0x04)
}
