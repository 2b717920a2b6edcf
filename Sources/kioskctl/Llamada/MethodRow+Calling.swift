internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

extension MethodRow {
  /// Makes a call of the method's kind and hands over each reply as it comes.
  ///
  /// - Parameters:
  ///   - messages: the encoded requests; exactly one for a method that takes one.
  ///   - repeating: how to say the same again, for a write whose outcome is not known.
  func call(
    _ messages: [[UInt8]], over transport: any RPCTransport, _ options: CallOptions, repeating: String? = nil,
    _ onReply: @escaping @Sendable (JSONValue) -> Void
  ) async throws(Failure) {
    guard descriptor.kind != .unary else {
      let reply = try await Failure.of(repeating: repeating) { () async throws(RPCError) in
        try await transport.unary(descriptor, payload: messages.first ?? [], options: options)
      }
      return onReply(try json(reply))
    }
    let stream = try await Failure.of(repeating: repeating) { () async throws(RPCError) in
      try await transport.stream(descriptor, request: requestsStream ? nil : messages.first ?? [], options: options)
    }
    // The requests are sent while replies are read: otherwise both ends could wait for the other to read.
    let sending = Task { [requestsStream] in
      guard requestsStream else { return }
      // Why a call ended early is what the reader throws.
      do throws(RPCError) {
        for message in messages { try await stream.send(message) }
        try await stream.finishSending()
      } catch {}
    }
    defer {
      stream.cancel()
      sending.cancel()
    }
    while let reply = try await Failure.of(repeating: repeating, { () async throws(RPCError) in try await stream.next() }) {
      onReply(try json(reply))
    }
  }

  private func json(_ reply: [UInt8]) throws(Failure) -> JSONValue {
    do { return try output.json(reply) } catch {
      throw Failure(.fault, "La respuesta no se entiende: \(error.describe("reply"))", next: "Quizá el servidor es de otra versión.")
    }
  }
}
