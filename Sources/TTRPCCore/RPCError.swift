/// Why a call ended without a reply: a status other than ok, as it travels on the wire.
///
/// The message is for the person or program outside; it never says anything about another patient.
package struct RPCError: Error, Hashable, Sendable {
  package var code: StatusCode
  package var message: String
  /// Machine-readable details (`google.rpc.Status.details`), in the order they are written.
  package var details: [StatusDetail]

  package init(_ code: StatusCode, _ message: String, details: [StatusDetail] = []) {
    self.code = code
    self.message = message
    self.details = details
  }
}

/// One `google.protobuf.Any` of a status: a type URL and the encoded message it names.
package struct StatusDetail: Hashable, Sendable {
  package var typeURL: String
  package var value: [UInt8]

  package init(typeURL: String, value: [UInt8]) {
    self.typeURL = typeURL
    self.value = value
  }
}
