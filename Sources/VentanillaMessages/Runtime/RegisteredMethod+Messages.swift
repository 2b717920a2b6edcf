package import TTRPCCore

/// Decode, answer, encode: what generated code registers.
///
/// Source of the wording and the code (13): what ttrpc's Go server answers to a payload it cannot read.
extension RegisteredMethod {
  /// A method answered at once on the event loop.
  package static func immediate<Request: WireMessage, Reply: WireMessage>(
    _ descriptor: MethodDescriptor,
    _ answer: @escaping @Sendable (Request, CallContext) throws(RPCError) -> Reply
  ) -> RegisteredMethod {
    RegisteredMethod(
      descriptor,
      .synchronous { (payload, context, reply) throws(RPCError) in
        let message = try answer(try Request(payload: payload), context)
        do throws(EncodingFault) { try message.encode(into: &reply) } catch { throw RPCError(marshalling: error) }
      })
  }

  /// A method whose answer may wait; its request is decoded before.
  package static func waiting<Request: WireMessage, Reply: WireMessage>(
    _ descriptor: MethodDescriptor,
    _ answer: @escaping @Sendable (Request, CallContext) async throws(RPCError) -> Reply
  ) -> RegisteredMethod {
    RegisteredMethod(
      descriptor,
      .asynchronous { (payload, context) throws(RPCError) in
        let request = try Request(payload: payload)
        return { () async throws(RPCError) in
          let message = try await answer(request, context)
          return try message.marshalled()
        }
      })
  }

  /// As above, for a method whose answer is bytes already.
  package static func waiting<Request: WireMessage, Reply: WireMessage>(
    _ descriptor: MethodDescriptor,
    _ answer: @escaping @Sendable (Request, CallContext) async throws(RPCError) -> Encoded<Reply>
  ) -> RegisteredMethod {
    RegisteredMethod(
      descriptor,
      .asynchronous { (payload, context) throws(RPCError) in
        let request = try Request(payload: payload)
        return { () async throws(RPCError) in try await answer(request, context).bytes }
      })
  }

  /// A method answered at once from the C message itself, without a Swift value: no allocation per call.
  ///
  /// The pointer is good until `answer` returns.
  package static func borrowing<Request: WireMessage>(
    _ descriptor: MethodDescriptor, _: Request.Type,
    _ answer: @escaping @Sendable (
      UnsafePointer<Request.CMessage>, CallContext, inout ReplyBuffer
    ) throws(RPCError) -> Void
  ) -> RegisteredMethod {
    RegisteredMethod(
      descriptor,
      .synchronous { (payload, context, reply) throws(RPCError) in
        let outcome: Result<Void, RPCError>
        do throws(DecodingFault) {
          outcome = try Request.withBorrowed(payload) { message in
            Result { () throws(RPCError) in try answer(message, context, &reply) }
          }
        } catch {
          throw RPCError(unmarshalling: error, "request")
        }
        try outcome.get()
      })
  }
}

extension RPCTransport {
  /// Makes one unary call with messages instead of bytes.
  package func call<Request: WireMessage, Reply: WireMessage>(
    _ method: MethodDescriptor, _ request: Request, _ options: CallOptions
  ) async throws(RPCError) -> Reply {
    let reply = try await unary(method, payload: try request.asRequest(), options: options)
    do { return try Reply(decoding: reply) } catch { throw RPCError(unmarshalling: error, "reply") }
  }
}

extension WireMessage {
  init(payload: UnsafeRawBufferPointer) throws(RPCError) {
    do { try self.init(decoding: payload) } catch { throw RPCError(unmarshalling: error, "request") }
  }

  /// The bytes of a reply; what cannot be encoded is our fault.
  func marshalled() throws(RPCError) -> [UInt8] {
    do { return try encoded() } catch { throw RPCError(marshalling: error) }
  }

  /// The bytes of a request; what cannot be encoded is the caller's mistake.
  func asRequest() throws(RPCError) -> [UInt8] {
    do { return try encoded() } catch { throw RPCError(.invalidArgument, error.describe("request")) }
  }
}

extension RPCError {
  init(unmarshalling fault: DecodingFault, _ root: String) {
    self.init(.internal, "ttrpc: error unmarshalling payload: \(fault.describe(root))")
  }

  init(marshalling fault: EncodingFault) {
    self.init(.internal, "ttrpc: error marshalling reply: \(fault.describe("reply"))")
  }
}

extension StatusDetail {
  /// Packs a message as a `google.protobuf.Any`.
  package init(_ message: some WireMessage) throws(EncodingFault) {
    self.init(typeURL: "type.googleapis.com/\(type(of: message).fullName)", value: try message.encoded())
  }

  /// The message, when the detail is one of this type.
  package func decoded<Message: WireMessage>(as _: Message.Type = Message.self) throws(DecodingFault) -> Message? {
    guard typeURL.split(separator: "/").last.map(String.init) == Message.fullName else { return nil }
    return try Message(decoding: value)
  }
}
