package import TTRPCCore

/// A reply that grants extensions: what it says is what its connection speaks from the next frame on.
package protocol GrantingReply: WireMessage {
  /// Names of ``WireExtensions``.
  var extensions: [String] { get }
}

extension Wire.HelloResponse: GrantingReply {}

extension RegisteredMethod {
  /// As ``immediate(_:_:)``, for a method whose reply grants extensions.
  package static func negotiating<Request: WireMessage, Reply: GrantingReply>(
    _ descriptor: MethodDescriptor,
    _ answer: @escaping @Sendable (Request, CallContext) throws(RPCError) -> Reply
  ) -> RegisteredMethod {
    RegisteredMethod(
      descriptor,
      .negotiating { (payload, context, reply) throws(RPCError) in
        let message = try answer(try Request(payload: payload), context)
        do throws(EncodingFault) { try message.encode(into: &reply) } catch { throw RPCError(marshalling: error) }
        return WireExtensions(names: message.extensions)
      })
  }
}
