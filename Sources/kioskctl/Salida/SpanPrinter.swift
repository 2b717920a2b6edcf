internal import Synchronization
internal import TTRPCCore
internal import Tracing

/// A tracer for somebody at a terminal: each span is a line when it ends, and its trace goes with the call as `traceparent`.
///
/// Source: w3.org/TR/trace-context, section 3.2.
struct SpanPrinter: Tracer {
  let print: @Sendable (String) -> Void

  func startSpan<Instant: TracerInstant>(
    _ operationName: String, context: @autoclosure () -> InstrumentationContext, ofKind kind: SpanKind, at instant: @autoclosure () -> Instant,
    function: String, file fileID: String, line: UInt
  ) -> PrintedSpan {
    var context = context()
    let trace = context[SpanIdentity.self]?.trace ?? SpanIdentity.newTrace()
    context[SpanIdentity.self] = SpanIdentity(trace: trace)
    return PrintedSpan(operationName, context: context, startedAt: instant().nanosecondsSinceEpoch, print: print)
  }

  func forceFlush() {}

  func inject<Carrier, Inject: Injector>(
    _ context: InstrumentationContext, into carrier: inout Carrier, using injector: Inject
  ) where Inject.Carrier == Carrier {
    guard let identity = context[SpanIdentity.self] else { return }
    injector.inject("00-\(identity.trace)-\(identity.span)-01", forKey: "traceparent", into: &carrier)
  }

  /// kioskctl answers nobody.
  func extract<Carrier, Extract: Extractor>(
    _ carrier: Carrier, into context: inout InstrumentationContext, using extractor: Extract
  ) where Extract.Carrier == Carrier {}
}

/// Which trace a span is of, and which span.
private struct SpanIdentity: InstrumentationContextKey {
  typealias Value = SpanIdentity

  /// 32 hexadecimal digits.
  let trace: String
  /// 16 hexadecimal digits.
  let span = hexadecimal()

  static func newTrace() -> String { hexadecimal() + hexadecimal() }

  private static func hexadecimal() -> String {
    let digits = String(UInt64.random(in: 1 ... .max), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

/// A call as it goes on; prints what became of it at its end.
final class PrintedSpan: Span {
  private struct State {
    var operationName: String
    var attributes: SpanAttributes = [:]
    var events: [SpanEvent] = []
    var isOver = false
  }

  let context: InstrumentationContext
  private let start: UInt64
  private let print: @Sendable (String) -> Void
  private let state: Mutex<State>

  fileprivate init(_ operationName: String, context: InstrumentationContext, startedAt start: UInt64, print: @escaping @Sendable (String) -> Void) {
    self.context = context
    self.start = start
    self.print = print
    state = Mutex(State(operationName: operationName))
  }

  var operationName: String {
    get { state.withLock(\.operationName) }
    set { state.withLock { $0.operationName = newValue } }
  }

  var attributes: SpanAttributes {
    get { state.withLock(\.attributes) }
    set { state.withLock { $0.attributes = newValue } }
  }

  var isRecording: Bool { state.withLock { !$0.isOver } }

  func addEvent(_ event: SpanEvent) { state.withLock { $0.events.append(event) } }

  /// The code among the attributes says it.
  func setStatus(_ status: SpanStatus) {}
  func recordError<Instant: TracerInstant>(_ error: any Error, attributes: SpanAttributes, at instant: @autoclosure () -> Instant) {}
  func addLink(_ link: SpanLink) {}

  func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
    let end = instant().nanosecondsSinceEpoch
    let line = state.withLock { state -> String? in
      if state.isOver { return nil }
      state.isOver = true
      return self.line(state, lasted: end > start ? end - start : 0)
    }
    if let line { print(line) }
  }

  /// "traza 4bf92f3577b34da6a3ce929d0e0e4736: ventanilla.v1.Health/Check OK en 3.2 ms, 2 intentos (antes UNAVAILABLE)"
  private func line(_ state: State, lasted nanoseconds: UInt64) -> String {
    let tenths = nanoseconds / 100_000
    let earlier = state.events.filter { $0.name == "retry" }.map { Self.code($0.attributes)?.name ?? "?" }
    let tries = earlier.isEmpty ? "" : ", \(earlier.count + 1) intentos (antes \(earlier.joined(separator: ", ")))"
    let code = Self.code(state.attributes)?.name ?? "sin estado"
    let trace = context[SpanIdentity.self]?.trace ?? "-"
    return "traza \(trace): \(state.operationName) \(code) en \(tenths / 10).\(tenths % 10) ms\(tries)"
  }

  private static func code(_ attributes: SpanAttributes) -> StatusCode? {
    guard case .int64(let number)? = attributes.get("rpc.ttrpc.status_code") else { return nil }
    return StatusCode(rawValue: Int32(clamping: number))
  }
}
