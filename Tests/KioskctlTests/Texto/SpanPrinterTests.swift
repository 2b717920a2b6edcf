import Synchronization
import TTRPCCore
import TTRPCNIO
import Testing

@testable import kioskctl

@Suite("A call's span, as --traza prints it")
struct SpanPrinterTests {
  /// Repeats a call once, and answers it with what was asked for.
  private final class Fickle: RPCTransport {
    let traceparents = Mutex<[String]>([])
    let outcome: Result<[UInt8], RPCError>

    init(_ outcome: Result<[UInt8], RPCError>) { self.outcome = outcome }

    func unary(_ method: MethodDescriptor, payload: [UInt8], options: CallOptions) async throws(RPCError) -> [UInt8] {
      traceparents.withLock { $0.append(options.metadata.first("traceparent") ?? "-") }
      if payload == [2] { CurrentCall.repeats(attempt: 2, after: .connectionClosed) }
      return try outcome.get()
    }

    func stream(_ method: MethodDescriptor, request: [UInt8]?, options: CallOptions) async throws(RPCError) -> any RPCClientStream {
      throw RPCError(.internal, "no test here opens a stream")
    }
  }

  private final class Printed: Sendable {
    let lines = Mutex<[String]>([])
  }

  private static let method = MethodDescriptor(
    service: "ventanilla.v1.Health", method: "Check", kind: .unary, roles: [], writes: false)

  private static func lines(_ payload: [UInt8], _ outcome: Result<[UInt8], RPCError>) async -> (lines: [String], traceparent: String) {
    let (server, printed) = (Fickle(outcome), Printed())
    let transport = server.traced(by: SpanPrinter { line in printed.lines.withLock { $0.append(line) } })
    _ = try? await transport.unary(method, payload: payload, options: CallOptions())
    return (printed.lines.withLock(\.self), server.traceparents.withLock { $0[0] })
  }

  @Test("One line at its end: the trace that travels with it, method, code and time")
  func line() async throws {
    let (lines, traceparent) = await Self.lines([1], .success([]))
    let parent = try #require(traceparent.wholeMatch(of: /00-([0-9a-f]{32})-[0-9a-f]{16}-01/))
    #expect(lines.count == 1)
    #expect(lines[0].wholeMatch(of: /traza ([0-9a-f]{32}): ventanilla\.v1\.Health\/Check OK en [0-9]+\.[0-9] ms/)?.1 == parent.1, "\(lines)")
  }

  @Test("What a call was answered before it was repeated is told, and a status by its name, without its words")
  func repeated() async throws {
    let (lines, _) = await Self.lines([2], .failure(RPCError(.notFound, "palabras del servidor")))
    #expect(lines.count == 1)
    #expect(lines[0].hasSuffix(" ms, 2 intentos (antes UNAVAILABLE)"))
    #expect(lines[0].contains("Health/Check NOT_FOUND en ") && !lines[0].contains("palabras"))
  }

  @Test("Two calls are two traces")
  func traces() async {
    let (first, second) = (await Self.lines([1], .success([])), await Self.lines([1], .success([])))
    #expect(first.traceparent.prefix(35) != second.traceparent.prefix(35))
  }
}
