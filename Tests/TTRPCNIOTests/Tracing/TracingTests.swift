import InMemoryTracing
import KioskTestSupport
import TTRPCCore
import Testing
import Tracing

@testable import TTRPCNIO

@Suite("A trace across the wire")
struct TracingTests {
  private let tracer = InMemoryTracer()

  /// Makes a span of its own while it waits, as a store would.
  private var nesting: RegisteredMethod {
    RegisteredMethod(Probe.descriptor("Nest"), .asynchronous { [tracer] _, _ throws(RPCError) in
      { () async throws(RPCError) in
        await Task.yield()
        tracer.startSpan("inner").end()
        return []
      }
    })
  }

  private func calls(_ body: (any RPCTransport) async throws -> Void) async throws -> [FinishedInMemorySpan] {
    let methods = (Probe.methods + [nesting]).map { $0.traced(by: tracer) }
    try await withServer(methods: methods) { _, address in
      let client = try await connect(address)
      try await body(TracingTransport(client, tracer: tracer))
      await client.close()
    }
    return tracer.finishedSpans
  }

  @Test("The server's span is the child of its caller's, whatever the handler's kind", arguments: ["Echo", "Soon"])
  func family(method: String) async throws {
    let spans = try await calls { client in
      _ = try await client.unary(Probe.descriptor(method), payload: [1], options: CallOptions())
    }
    #expect(spans.map(\.kind) == [.server, .client])
    let (server, client) = (spans[0], spans[1])
    #expect(spans.allSatisfy { $0.operationName == "test.v1.Probe/\(method)" })
    #expect(server.traceID == client.traceID && server.parentSpanID == client.spanID && client.parentSpanID == nil)
    #expect(client.attributes == [
      "rpc.system": "ttrpc", "rpc.service": "test.v1.Probe", "rpc.method": "\(method)", "rpc.ttrpc.status_code": 0,
    ])
    #expect(server.attributes.get("rpc.ttrpc.connection_id") != nil)
    #expect(spans.allSatisfy { $0.errors.isEmpty && $0.status == nil })
  }

  @Test("What the work calls in turn is a child of the call's span")
  func nested() async throws {
    let spans = try await calls { client in
      _ = try await client.unary(Probe.descriptor("Nest"), payload: [], options: CallOptions())
    }
    #expect(spans.map(\.operationName) == ["inner", "test.v1.Probe/Nest", "test.v1.Probe/Nest"])
    #expect(spans[0].parentSpanID == spans[1].spanID && spans[0].traceID == spans[2].traceID)
  }

  @Test("A call that fails is an error with its code, at both ends, and without its text", arguments: [
    ("Fail", StatusCode.notFound), ("Picky", .internal),
  ])
  func failure(method: String, code: StatusCode) async throws {
    let spans = try await calls { client in
      await #expect(throws: RPCError.self) { try await client.unary(Probe.descriptor(method), payload: [7], options: CallOptions()) }
    }
    #expect(spans.map(\.kind) == [.server, .client])
    for span in spans {
      #expect(span.errors.map { $0.error as? CallFailed } == [CallFailed(code: code)])
      #expect(span.status == SpanStatus(code: .error, message: code.name))
      #expect(span.attributes.get("rpc.ttrpc.status_code") == .int64(Int64(code.rawValue)))
    }
  }

  @Test("A call of no trace begins one at the server; the server's trace ends where the caller's begins anew")
  func untraced() async throws {
    let methods = Probe.methods.map { $0.traced(by: tracer) }
    try await withServer(methods: methods) { _, address in
      let client = try await connect(address)
      _ = try await client.unary(Probe.descriptor("Echo"), payload: [], options: CallOptions())
      _ = try await client.unary(Probe.descriptor("Echo"), payload: [], options: CallOptions())
      await client.close()
    }
    #expect(tracer.finishedSpans.map(\.kind) == [.server, .server])
    #expect(tracer.finishedSpans.allSatisfy { $0.parentSpanID == nil })
    #expect(Set(tracer.finishedSpans.map(\.traceID)).count == 2)
  }

  @Test("A call that is made again says so in its span")
  func repeats() async throws {
    struct Fickle: UnaryTransport {
      func unary(_ method: MethodDescriptor, payload: [UInt8], options: CallOptions) async throws(RPCError) -> [UInt8] {
        CurrentCall.repeats(attempt: 2, after: RPCError(.unavailable, "gone"))
        return payload
      }
    }
    _ = try await TracingTransport(Fickle(), tracer: tracer).unary(Probe.descriptor("Echo"), payload: [], options: CallOptions())
    let span = try #require(tracer.finishedSpans.first)
    #expect(span.events.map(\.name) == ["retry"])
    #expect(span.events.first?.attributes == ["rpc.attempt": 2, "rpc.ttrpc.status_code": 14])
    CurrentCall.repeats(attempt: 2, after: RPCError(.unavailable, "no span, no event"))
  }

  @Test("Without a tracer a transport stays itself")
  func none() async throws {
    try await withServer { _, address in
      let client = try await connect(address)
      #expect(client.traced() as? TTRPCClientConnection === client)
      #expect(client.traced(by: tracer) is TracingTransport)
      await client.close()
    }
  }
}
