internal import Synchronization
package import TTRPCCore
package import Tracing

/// A way to a server with a span around each call, whose context travels in the call's metadata.
///
/// Around a client that repeats calls it is one span for a call, however often it is made, with an event for each repeat.
package struct TracingTransport: RPCTransport {
  private let base: any RPCTransport
  private let tracer: any Tracer

  package init(_ base: any RPCTransport, tracer: any Tracer) {
    self.base = base
    self.tracer = tracer
  }

  package func unary(
    _ method: MethodDescriptor, payload: [UInt8], options: CallOptions
  ) async throws(RPCError) -> [UInt8] {
    let (span, options) = start(method, options)
    return try await CurrentCall.$span.withValue(span) {
      await Result { () async throws(RPCError) in
        try await span.around { () async throws(RPCError) in try await base.unary(method, payload: payload, options: options) }
      }
    }.get()
  }

  /// The span lasts until the call's last message, its failure or its caller's ``RPCClientStream/cancel()``.
  package func stream(
    _ method: MethodDescriptor, request: [UInt8]?, options: CallOptions
  ) async throws(RPCError) -> any RPCClientStream {
    let (span, options) = start(method, options)
    do throws(RPCError) {
      let stream = try await CurrentCall.$span.withValue(span) {
        await Result { () async throws(RPCError) in try await base.stream(method, request: request, options: options) }
      }.get()
      return TracedStream(stream, span)
    } catch {
      span.finish(error.code)
      throw error
    }
  }

  private func start(_ method: MethodDescriptor, _ options: CallOptions) -> (any Tracing.Span, CallOptions) {
    let span = tracer.startSpan(
      "\(method.service)/\(method.method)", context: InstrumentationContext.current ?? .topLevel, ofKind: .client)
    span.describe(method)
    var options = options
    tracer.inject(span.context, into: &options.metadata, using: MetadataCarrier())
    return (span, options)
  }
}

extension RPCTransport {
  /// The transport with the process's tracer; itself where no tracer was set up. Asked once, when a client is made.
  package func traced(by tracer: any Tracer = InstrumentationSystem.tracer) -> any RPCTransport {
    tracer is NoOpTracer ? self : TracingTransport(self, tracer: tracer)
  }
}

/// A streaming call whose span ends with it.
private final class TracedStream: RPCClientStream {
  private let base: any RPCClientStream
  private let span: Mutex<(any Tracing.Span)?>

  init(_ base: any RPCClientStream, _ span: any Tracing.Span) {
    self.base = base
    self.span = Mutex(span)
  }

  deinit { end(.cancelled) }

  func send(_ message: [UInt8]) async throws(RPCError) { try await base.send(message) }
  func finishSending() async throws(RPCError) { try await base.finishSending() }

  func next() async throws(RPCError) -> [UInt8]? {
    do throws(RPCError) {
      let message = try await base.next()
      if message == nil { end(.ok) }
      return message
    } catch {
      end(error.code)
      throw error
    }
  }

  func cancel() {
    end(.cancelled)
    base.cancel()
  }

  private func end(_ code: StatusCode) {
    let span = span.withLock { span in
      defer { span = nil }
      return span
    }
    span?.finish(code)
  }
}
