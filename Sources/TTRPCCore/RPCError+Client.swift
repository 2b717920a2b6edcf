/// What a client's end says of calls that got no answer.
extension RPCError {
  /// The connection ended before a reply came; whether the call was done is not known.
  package static let connectionClosed = RPCError(.unavailable, "connection closed")
  /// The connection had ended before the call was sent.
  package static let notSent = RPCError(.unavailable, "connection closed; the call was not sent")
  /// A going-away server has named a last stream below the call's.
  package static let notBegun = RPCError(.unavailable, "the server is going away and has not begun this call")
  /// The connection has no number for another call.
  package static let streamsUsedUp = RPCError(.unavailable, "stream ids of this connection are used up")
  /// Nothing came from the server for so long that it must be gone; whether the call was done is not known.
  package static let serverSilent = RPCError(.unavailable, "nothing comes from the server any more, not even the answer to a ping")
  package static let cancelled = RPCError(.cancelled, "context canceled")
  /// A message for a call that the server has ended well.
  package static let callIsOver = RPCError(.failedPrecondition, "the call is over: the server has sent its last message")
  /// A message after the client's own last.
  package static let sendingFinished = RPCError(.internal, "this client has said that it sends no further message on this call")
  /// The server sends on a stream where it has no credit.
  static let sentWithoutCredit = RPCError(.resourceExhausted, "the server sent a message without credit")
  /// The server gives no credit, or more than fits 31 bits.
  static let tooMuchCredit = RPCError(.invalidArgument, "the server gave no credit, or more than fits 31 bits")

  static func brokenExtension(_ header: FrameHeader) -> RPCError {
    RPCError(
      .unavailable,
      "the server sent a frame of type \(header.type.rawValue) with length \(header.length) on stream \(header.stream), which breaks its rules")
  }

  /// Whether the server has done nothing for the call: it may be repeated, whatever it does.
  package var isNotBegun: Bool { self == .notSent || self == .notBegun || self == .streamsUsedUp }
}
