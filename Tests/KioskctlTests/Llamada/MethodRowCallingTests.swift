import Synchronization
import TTRPCCore
import TerminalText
import Testing
import VentanillaMessages

@testable import kioskctl

@Suite("kioskctl call, by kind of method", .timeLimit(.minutes(1)))
struct MethodRowCallingTests {
  /// No method of the contract streams yet; any message will do.
  static func row(_ kind: MethodKind) -> MethodRow {
    MethodRow(
      MethodDescriptor(service: "x.Y", method: "Z", kind: kind, roles: [.staff], writes: false),
      input: Wire.Slot.messageType, output: Wire.Slot.messageType)
  }

  /// Sends back what it gets once the client has closed, then ends with a status or well.
  final class Mirror: RPCTransport, RPCClientStream {
    private struct State {
      var messages: [[UInt8]] = []
      var isClosed = false
      var isCancelled = false
    }

    private let state = Mutex(State())
    private let status: RPCError?

    init(endingWith status: RPCError? = nil) { self.status = status }

    var isCancelled: Bool { state.withLock { $0.isCancelled } }

    func unary(_ method: MethodDescriptor, payload: [UInt8], options: CallOptions) async throws(RPCError) -> [UInt8] { payload }

    func stream(
      _ method: MethodDescriptor, request: [UInt8]?, options: CallOptions
    ) async throws(RPCError) -> any RPCClientStream {
      if let request { state.withLock { ($0.messages, $0.isClosed) = ([request], true) } }
      return self
    }

    func send(_ message: [UInt8]) async throws(RPCError) { state.withLock { $0.messages.append(message) } }
    func finishSending() async throws(RPCError) { state.withLock { $0.isClosed = true } }
    func cancel() { state.withLock { $0.isCancelled = true } }

    func next() async throws(RPCError) -> [UInt8]? {
      while !state.withLock({ $0.isClosed }) { await Task.yield() }
      if let message = state.withLock({ $0.messages.isEmpty ? nil : $0.messages.removeFirst() }) { return message }
      if let status { throw status }
      return nil
    }
  }

  static func replies(_ kind: MethodKind, _ json: String, over transport: Mirror) async throws -> [String] {
    let texts = Mutex<[String]>([])
    let row = row(kind)
    try await row.call(try row.messages(json: json), over: transport, CallOptions()) { reply in
      texts.withLock { $0.append(reply.text(pretty: false)) }
    }
    return texts.withLock { $0 }
  }

  @Test("Several messages are taken one after the other, with or without space between them", arguments: [
    ("", [String]()),
    (" \n", []),
    ("{}", ["{}"]),
    (#"{"startMinute":1}{"startMinute":2}"#, [#"{"startMinute":1}"#, #"{"startMinute":2}"#]),
    ("{\"startMinute\":1}\n{}\n{\"startMinute\":3}\n", [#"{"startMinute":1}"#, "{}", #"{"startMinute":3}"#]),
  ])
  func several(json: String, expected: [String]) async throws {
    for kind in [MethodKind.clientStreaming, .bidirectional] {
      let mirror = Mirror()
      let replies = try await Self.replies(kind, json, over: mirror)
      #expect(replies == expected)
      #expect(mirror.isCancelled)
    }
  }

  @Test("A method of one request takes one message and no second", arguments: [MethodKind.unary, .serverStreaming])
  func one(kind: MethodKind) async throws {
    let replies = try await Self.replies(kind, #"{"startMinute":1}"#, over: Mirror())
    #expect(replies == [#"{"startMinute":1}"#])
    #expect(throws: Failure.self) { try Self.row(kind).messages(json: "{}{}") }
    #expect(throws: Failure.self) { try Self.row(kind).messages(json: "") }
  }

  @Test("A wrong message among several is refused before anything is called")
  func wrong() {
    let failure = #expect(throws: Failure.self) { try Self.row(.bidirectional).messages(json: "{}\n{") }
    #expect(failure?.status == .usage)
    #expect(failure?.lines(.plain).first?.contains("línea 2") == true)
  }

  @Test("A call that ends with a status fails with it, after the replies that came")
  func status() async throws {
    let texts = Mutex<[String]>([])
    let row = Self.row(.bidirectional)
    let failure = await #expect(throws: Failure.self) {
      try await row.call([[], []], over: Mirror(endingWith: RPCError(.notFound, "No está.")), CallOptions()) { reply in
        texts.withLock { $0.append(reply.text(pretty: false)) }
      }
    }
    #expect(failure?.lines(.plain).first == "No está. (NOT_FOUND)")
    #expect(texts.withLock { $0 } == ["{}", "{}"])
  }
}
