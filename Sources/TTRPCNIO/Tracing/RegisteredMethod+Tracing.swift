package import TTRPCCore
package import Tracing

extension RegisteredMethod {
  /// The method with a span around each call that reaches it, from decoding its request to the end of its work.
  ///
  /// What the work calls in turn sees the span as its parent. Without a tracer methods are registered as they are, and a call costs
  /// nothing for it.
  package func traced(by tracer: any Tracer) -> RegisteredMethod {
    switch handler {
    case .synchronous(let handle):
      RegisteredMethod(descriptor, .synchronous { (payload, context, reply) throws(RPCError) in
        let span = tracer.serverSpan(context)
        do throws(RPCError) { try handle(payload, context, &reply) } catch {
          span.finish(error.code)
          throw error
        }
        span.finish(.ok)
      })
    case .negotiating(let handle):
      RegisteredMethod(descriptor, .negotiating { (payload, context, reply) throws(RPCError) in
        let span = tracer.serverSpan(context)
        let granted: WireExtensions
        do throws(RPCError) { granted = try handle(payload, context, &reply) } catch {
          span.finish(error.code)
          throw error
        }
        span.finish(.ok)
        return granted
      })
    case .asynchronous(let decode):
      RegisteredMethod(descriptor, .asynchronous { (payload, context) throws(RPCError) in
        let span = tracer.serverSpan(context)
        do throws(RPCError) {
          let pending = try decode(payload, context)
          return { () async throws(RPCError) in try await span.around { () async throws(RPCError) in try await pending() } }
        } catch {
          span.finish(error.code)
          throw error
        }
      })
    case .streaming(let answer):
      RegisteredMethod(descriptor, .streaming { (messages, context) async throws(RPCError) in
        try await tracer.serverSpan(context).around { () async throws(RPCError) in try await answer(messages, context) }
      })
    }
  }
}

extension Tracer {
  /// The span of a call that has come, a child of its caller's.
  fileprivate func serverSpan(_ call: CallContext) -> any Tracing.Span {
    var context = InstrumentationContext.topLevel
    extract(call.metadata, into: &context, using: MetadataCarrier())
    let span = startSpan("\(call.method.service)/\(call.method.method)", context: context, ofKind: .server)
    span.describe(call.method)
    span.attributes["rpc.ttrpc.connection_id"] = Int64(clamping: call.connectionID)
    return span
  }
}

extension Span {
  /// Does the work of a call inside its span, which ends with it. A task that was cancelled has no other status than that.
  func around<Value: Sendable>(
    _ work: @Sendable () async throws(RPCError) -> Value
  ) async throws(RPCError) -> Value {
    let outcome = await InstrumentationContext.withValue(context) {
      await Result { () async throws(RPCError) in try await work() }
    }
    switch outcome {
    case .success: finish(.ok)
    case .failure(let error): finish(Task.isCancelled ? .cancelled : error.code)
    }
    return try outcome.get()
  }
}

extension Result {
  init(_ body: () async throws(Failure) -> Success) async {
    do throws(Failure) { self = .success(try await body()) } catch { self = .failure(error) }
  }
}
