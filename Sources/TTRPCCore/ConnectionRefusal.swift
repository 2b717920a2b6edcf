/// Why a frame is refused. Cases stand in the order they are checked.
package enum ConnectionRefusal: Error, Hashable, Sendable {
  /// Byte 0 of the header is not 0: the bytes that follow cannot be trusted to be frames.
  case reservedByteSet(UInt8)
  /// The frame's data is longer than ``TTRPCLimits/maxFrameLength``.
  case frameTooLong(length: UInt32, maximum: Int)
  /// A client used stream 0 or an even one.
  case streamNotOdd
  /// A request's stream is not above every earlier one.
  case streamReused
  /// Data for a stream that was never opened or is over.
  case streamNotActive
  /// Data for a call whose request was its only message.
  case dataAfterClose
  /// The server has more connections than ``TTRPCLimits/maxConnections``.
  case tooManyConnections(maximum: Int)
  /// The caller's address has more than ``TTRPCLimits/maxConnectionsPerAddress``.
  case tooManyConnectionsFromAddress(maximum: Int)
  /// A frame's body took longer than ``TTRPCLimits/bodyDeadline`` and came more slowly than ``TTRPCLimits/minBodyRate``.
  case bodyTooSlow(bytesPerSecond: Int)
  /// What all connections together keep half received or unread is more than ``TTRPCLimits/maxBytesBufferedIn``.
  case tooMuchBuffered(maximum: Int)
  /// What those of the caller's address keep is more than ``TTRPCLimits/maxBytesBufferedInPerAddress``.
  case tooMuchBufferedFromAddress(maximum: Int)
  /// A message for which its sender had no credit.
  case sentWithoutCredit
  /// Credit of nothing, or of more than 31 bits.
  case creditOverflow
  /// A frame of a granted extension that breaks the rules of ``WireExtensions``.
  case extensionMisused(FrameType)
  /// The client ended its half of the connection in the middle of a stream's messages.
  case clientWentAway
  /// The messages of a stream that its handler has not read are more than ``TTRPCLimits/maxBytesQueuedPerStream``.
  case tooMuchQueued(maximum: Int)
  /// The connection has ``TTRPCLimits/maxStreamsPerConnection`` streams in flight.
  case tooManyStreams(maximum: Int)
  /// The caller's certificate is good and not one for this listener.
  case certificateRefused(CertificateRefusal)
  /// The caller's system user is not one of the listener's.
  case userNotListed(UInt32)
  /// The server is going away.
  case draining
  /// The connection has ``TTRPCLimits/maxCallsInFlight`` calls in flight.
  case tooManyCalls(maximum: Int)
}

extension ConnectionRefusal {
  /// The bound that was reached; `nil` for a frame that is wrong, and for a server that goes away.
  package var limit: LimitName? {
    switch self {
    case .reservedByteSet, .streamNotOdd, .streamReused, .streamNotActive, .dataAfterClose, .draining, .sentWithoutCredit,
      .creditOverflow, .extensionMisused, .clientWentAway, .certificateRefused, .userNotListed:
      nil
    case .frameTooLong: .maxFrameLength
    case .tooManyConnections: .maxConnections
    case .tooManyConnectionsFromAddress: .maxConnectionsPerAddress
    case .bodyTooSlow: .bodyDeadline
    case .tooMuchBuffered: .maxBytesBufferedIn
    case .tooMuchBufferedFromAddress: .maxBytesBufferedInPerAddress
    case .tooMuchQueued: .maxBytesQueuedPerStream
    case .tooManyStreams: .maxStreamsPerConnection
    case .tooManyCalls: .maxCallsInFlight
    }
  }
}

extension RPCError {
  /// The status that a refused frame is answered with. Texts that Go's server also sends are Go's, to the letter.
  package init(_ refusal: ConnectionRefusal) {
    switch refusal {
    case .reservedByteSet(let byte):
      self.init(.invalidArgument, "reserved byte of the frame header must be 0, not \(byte)")
    case .frameTooLong(let length, let maximum):
      self = .messageTooLong(Int(length), maximum: maximum)
    case .streamNotOdd:
      self.init(.invalidArgument, "StreamID must be odd for client initiated streams")
    case .streamReused:
      self.init(.invalidArgument, "StreamID cannot be re-used and must increment")
    case .streamNotActive:
      self.init(.invalidArgument, "StreamID is no longer active")
    case .dataAfterClose:
      self.init(.invalidArgument, "data handling error: ttrpc: stream closed")
    case .tooManyConnections(let maximum):
      self = .limitReached(.maxConnections, maximum, "connections to this server")
    case .tooManyConnectionsFromAddress(let maximum):
      self = .limitReached(.maxConnectionsPerAddress, maximum, "connections from this address")
    case .bodyTooSlow(let minimum):
      self.init(.resourceExhausted, "limit \(LimitName.bodyDeadline.rawValue) reached: the message comes at less than \(minimum) bytes a second")
    case .tooMuchBuffered(let maximum):
      self = .limitReached(.maxBytesBufferedIn, maximum, "bytes of messages that have not come whole or wait to be read")
    case .tooMuchBufferedFromAddress(let maximum):
      self = .limitReached(.maxBytesBufferedInPerAddress, maximum, "bytes of messages for this address that have not come whole or wait to be read")
    case .sentWithoutCredit:
      self.init(.resourceExhausted, "a message was sent without credit on its stream")
    case .creditOverflow:
      self.init(.invalidArgument, "credit must be above 0 and leave no more than \(Int32.max) bytes in all")
    case .extensionMisused(let type):
      self.init(.invalidArgument, "a frame of type 0x\(String(type.rawValue, radix: 16)) has the wrong length or stream")
    case .clientWentAway:
      self.init(.cancelled, "the client ended the connection in the middle of this stream")
    case .tooMuchQueued(let maximum):
      self = .limitReached(.maxBytesQueuedPerStream, maximum, "bytes of messages that the method has not read")
    case .tooManyStreams(let maximum):
      self = .limitReached(.maxStreamsPerConnection, maximum, "streams in flight on this connection")
    case .certificateRefused(let refusal):
      self.init(.permissionDenied, "certificate refused: \(refusal.reason)")
    case .userNotListed(let user):
      self.init(.permissionDenied, "system user \(user) may not call here")
    case .draining:
      self.init(.unavailable, "server is shutting down")
    case .tooManyCalls(let maximum):
      self = .limitReached(.maxCallsInFlight, maximum, "calls in flight on this connection")
    }
  }

  /// A message over ``TTRPCLimits/maxFrameLength``, ours or the peer's, in Go's words.
  package static func messageTooLong(_ length: Int, maximum: Int) -> RPCError {
    RPCError(.resourceExhausted, "message length \(length) exceed maximum message size of \(maximum)")
  }

  /// A bound of ``TTRPCLimits``, by its name there.
  package static func limitReached(_ name: LimitName, _ maximum: Int, _ what: String) -> RPCError {
    RPCError(.resourceExhausted, "limit \(name.rawValue) reached: \(maximum) \(what)")
  }

  /// The caller's time is over, in Go's words.
  package static let deadlineExceeded = RPCError(.deadlineExceeded, "context deadline exceeded")

  /// The payload of a request is no message of the method's type, in Go's words.
  package static func undecodablePayload(_ reason: String) -> RPCError {
    RPCError(.internal, "ttrpc: error unmarshalling payload: \(reason)")
  }
}
