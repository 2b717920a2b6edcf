internal import InMemoryTracing
internal import KioskClient
internal import KioskServer
internal import NIOPosix
internal import TTRPCCore
internal import TTRPCNIO
internal import Testing
internal import Tracing
internal import VentanillaMessages

@testable internal import kiosk_dev

@Suite("A trace through the clinic's server")
struct TraceTests {
  private let tracer = W3CTracer()

  @Test("KioskClient's span and the server's are joined by the metadata key traceparent")
  func joined() async throws {
    try await LocalServer.with(tracer: tracer) { server in
      let before = tracer.base.popFinishedSpans().count
      #expect(before > 0, "the padrón came by calls too")
      let client = KioskClient(.unix(path: server.folder.path("kiosk.sock")), group: MultiThreadedEventLoopGroup.singleton)
      _ = try await HealthClient(client.traced(by: tracer)).check(Wire.HealthCheckRequest())
      await client.close()
    }
    let spans = tracer.base.finishedSpans
    #expect(spans.map(\.operationName) == ["ventanilla.v1.Health/Check", "ventanilla.v1.Health/Check"])
    #expect(spans.map(\.kind) == [.server, .client])
    #expect(spans[0].traceID == spans[1].traceID && spans[0].parentSpanID == spans[1].spanID)
  }

  /// The example of the recommendation, section 3.2.2.5.
  @Test("A vendor's client needs no more than the key: what it wrote there is the parent")
  func foreign() async throws {
    try await LocalServer.with(tracer: tracer) { server in
      let kiosk = try await server.connect()
      tracer.base.clearFinishedSpans()
      let parent = Metadata([.init(key: "traceparent", value: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")])
      _ = try await HealthClient(kiosk).check(Wire.HealthCheckRequest(), options: CallOptions(metadata: parent))
      await kiosk.close()
    }
    let span = try #require(tracer.base.finishedSpans.first)
    #expect(span.traceID == "4bf92f3577b34da6a3ce929d0e0e4736" && span.parentSpanID == "00f067aa0ba902b7")
  }
}

/// A tracer that keeps its spans, and writes and reads contexts as other people's tracers do.
///
/// Source: w3.org/TR/trace-context, section 3.2.
private struct W3CTracer: Tracer {
  let base = InMemoryTracer(
    idGenerator: .init(nextTraceID: { W3CTracer.hexadecimal() + W3CTracer.hexadecimal() }, nextSpanID: { W3CTracer.hexadecimal() }))

  private static func hexadecimal() -> String {
    let digits = String(UInt64.random(in: 1 ... .max), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  func startSpan<Instant: TracerInstant>(
    _ operationName: String, context: @autoclosure () -> InstrumentationContext, ofKind kind: SpanKind, at instant: @autoclosure () -> Instant,
    function: String, file fileID: String, line: UInt
  ) -> InMemorySpan {
    base.startSpan(operationName, context: context(), ofKind: kind, at: instant(), function: function, file: fileID, line: line)
  }

  func forceFlush() {}

  func inject<Carrier, Inject: Injector>(
    _ context: InstrumentationContext, into carrier: inout Carrier, using injector: Inject
  ) where Inject.Carrier == Carrier {
    guard let span = context.inMemorySpanContext else { return }
    injector.inject("00-\(span.traceID)-\(span.spanID)-01", forKey: "traceparent", into: &carrier)
  }

  func extract<Carrier, Extract: Extractor>(
    _ carrier: Carrier, into context: inout InstrumentationContext, using extractor: Extract
  ) where Extract.Carrier == Carrier {
    let words = extractor.extract(key: "traceparent", from: carrier)?.split(separator: "-").map(String.init) ?? []
    guard words.count == 4, words[0] == "00" else { return }
    context.inMemorySpanContext = InMemorySpanContext(traceID: words[1], spanID: words[2], parentSpanID: nil)
  }
}
