/// Why bytes are not the protobuf message they should be.
package enum EnvelopeFault: Error, Hashable, Sendable {
  /// A field reaches beyond the end.
  case truncated
  /// A varint of more than ten bytes, or of more than 64 bits.
  case varintTooLong
  /// A field number of 0 or above 2^29 − 1, or a wire type that does not exist.
  case invalidTag
  /// The text of the named field is not UTF-8.
  case invalidUTF8(field: String)
  /// Groups inside groups beyond ``ProtobufReader/maxDepth``.
  case nestedTooDeeply
  /// More metadata than ``TTRPCLimits/maxMetadataPairs``.
  case tooManyMetadataPairs(maximum: Int)

  /// The fault in words, for a status message.
  package var reason: String {
    switch self {
    case .truncated: "unexpected end of message"
    case .varintTooLong: "variable length integer overflow"
    case .invalidTag: "invalid field number or wire type"
    case .invalidUTF8(let field): "string field \(field) contains invalid UTF-8"
    case .nestedTooDeeply: "groups nested more than \(ProtobufReader.maxDepth) deep"
    case .tooManyMetadataPairs(let maximum): "more than \(maximum) metadata pairs"
    }
  }
}

extension EnvelopeFault {
  /// The bound that was reached; `nil` for bytes that are wrong.
  package var limit: LimitName? {
    if case .tooManyMetadataPairs = self { .maxMetadataPairs } else { nil }
  }
}

extension RPCError {
  /// The status for a request whose envelope cannot be read.
  package init(request fault: EnvelopeFault) {
    switch fault {
    case .tooManyMetadataPairs(let maximum):
      self = .limitReached(.maxMetadataPairs, maximum, "metadata pairs in one request")
    default:
      self.init(.invalidArgument, "unmarshal request error: \(fault.reason)")
    }
  }
}
