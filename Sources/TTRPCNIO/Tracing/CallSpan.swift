package import TTRPCCore
package import Tracing

/// What a span says of a call: names, numbers and the status code. Never a message, a field or a text from outside.
extension Span {
  /// Source: OpenTelemetry, semantic conventions for RPC; `rpc.ttrpc.status_code` as that of gRPC.
  func describe(_ method: MethodDescriptor) {
    attributes["rpc.system"] = "ttrpc"
    attributes["rpc.service"] = method.service
    attributes["rpc.method"] = method.method
  }

  /// The call has ended.
  func finish(_ code: StatusCode) {
    attributes["rpc.ttrpc.status_code"] = Int64(code.rawValue)
    if code != .ok {
      // The status's own text is for the caller.
      recordError(CallFailed(code: code))
      setStatus(SpanStatus(code: .error, message: code.name))
    }
    end()
  }
}

/// What a span records as its error.
package struct CallFailed: Error, Hashable, Sendable, CustomStringConvertible {
  package let code: StatusCode
  package var description: String { code.name }
}

/// Context of a trace in a call's metadata: `traceparent`, `tracestate` or what else the tracer's instrument writes.
struct MetadataCarrier: Injector, Extractor {
  typealias Carrier = Metadata

  func inject(_ value: String, forKey key: String, into metadata: inout Metadata) { metadata.append(key, value) }
  func extract(key: String, from metadata: Metadata) -> String? { metadata.first(key) }
}

/// The span of the call that this task is making.
package enum CurrentCall {
  @TaskLocal static var span: (any Span)?

  /// Notes in the span, if there is one, that the call is made again.
  package static func repeats(attempt: Int, after error: RPCError) {
    span?.addEvent(
      SpanEvent(name: "retry", attributes: ["rpc.attempt": Int64(attempt).toSpanAttribute(), "rpc.ttrpc.status_code": Int64(error.code.rawValue).toSpanAttribute()]))
  }
}
