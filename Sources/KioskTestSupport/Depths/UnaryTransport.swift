package import TTRPCCore

/// A test's way to a server that carries unary calls only: whoever opens a stream on it has a mistake in the test, and is told so.
package protocol UnaryTransport: RPCTransport {}

extension UnaryTransport {
  package func stream(
    _ method: MethodDescriptor, request: [UInt8]?, options: CallOptions
  ) async throws(RPCError) -> any RPCClientStream {
    throw RPCError(.internal, "\(method.service)/\(method.method) streams, and \(Self.self) carries unary calls only")
  }
}
