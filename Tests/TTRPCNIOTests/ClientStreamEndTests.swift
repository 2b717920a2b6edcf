import NIOCore
import NIOEmbedded
import TTRPCCore
import Testing

@testable import TTRPCNIO

@Suite("A client's streams that wait, and what ends the wait", .timeLimit(.minutes(1)))
struct ClientStreamEndTests {
  /// What can end a stream under who waits for it.
  enum Ending: String, CaseIterable, Sendable {
    case cancel, deadline, connection, serverStatus

    var error: RPCError {
      switch self {
      case .cancel: .cancelled
      case .deadline: .deadlineExceeded
      case .connection: .connectionClosed
      case .serverStatus: ClientStreamTests.gone
      }
    }

    func happen(to stream: any RPCClientStream, of server: ScriptedServer) async throws {
      switch self {
      case .cancel: stream.cancel()
      case .deadline: await server.passTime()
      case .connection: try await server.channel.close().get()
      case .serverStatus: try await server.says(.failure(ClientStreamTests.gone))
      }
    }
  }

  static func error(_ body: () async throws(RPCError) -> Void) async -> RPCError? {
    do throws(RPCError) { try await body() } catch { return error }
    return nil
  }

  @Test("A sender waits while the server does not read, and goes on in order when it does")
  func backpressure() async throws {
    let server = try await ScriptedServer()
    let stream = try await server.open(.bidirectional)
    try await server.setWritable(false)
    let sender = Task {
      for byte: UInt8 in 0..<3 { try await stream.send([byte]) }
      try await stream.finishSending()
    }
    try await Task.sleep(for: .milliseconds(5))
    #expect(try await server.hearsNothing())
    try await server.setWritable(true)
    try await sender.value
    #expect(try await server.frames(4) == [.data(1, [0]), .data(1, [1]), .data(1, [2]), .close()])
  }

  @Test("A stream opened while the server does not read is opened when it does")
  func openingWaits() async throws {
    let server = try await ScriptedServer()
    try await server.setWritable(false)
    let opening = Task { try await server.client.stream(ScriptedServer.descriptor(.bidirectional), request: nil, options: CallOptions()) }
    try await Task.sleep(for: .milliseconds(5))
    #expect(try await server.hearsNothing())
    try await server.setWritable(true)
    let stream = try await opening.value
    #expect(try await server.frames(1).map(\.flags) == [.remoteOpen])
    try await stream.send([1])
    #expect(try await server.frames(1) == [.data(1, [1])])
  }

  @Test("A reader and a sender that wait are both told why the call ended", arguments: Ending.allCases)
  func bothWait(ending: Ending) async throws {
    let server = try await ScriptedServer()
    let stream = try await server.open(.bidirectional, timeout: .seconds(3600))
    try await server.setWritable(false)
    let reader = Task { await Self.error { () throws(RPCError) in _ = try await stream.next() } }
    let sender = Task { await Self.error { () throws(RPCError) in try await stream.send([1]) } }
    try await Task.sleep(for: .milliseconds(5))
    try await ending.happen(to: stream, of: server)
    #expect(await reader.value == ending.error)
    #expect(await sender.value == ending.error)
    #expect(await Self.error { () throws(RPCError) in try await stream.send([1]) } == ending.error)
    #expect(await stream.all() == Told(messages: [], error: ending.error))
    if ending == .cancel || ending == .deadline { #expect(try await server.frames(1) == [.close()]) }
  }

  @Test("An opening that waits is told why it is not sent, and sends nothing later", arguments: [Ending.deadline, .connection])
  func openingEnds(ending: Ending) async throws {
    let server = try await ScriptedServer()
    let other = try await server.open(.serverStreaming)
    try await server.setWritable(false)
    let opening = Task {
      await Self.error { () throws(RPCError) in
        _ = try await server.client.stream(
          ScriptedServer.descriptor(.bidirectional), request: nil, options: CallOptions(timeout: .seconds(3600)))
      }
    }
    try await Task.sleep(for: .milliseconds(5))
    try await ending.happen(to: other, of: server)
    #expect(await opening.value == (ending == .connection ? .notSent : ending.error))
    #expect(try await server.hearsNothing())
  }

  @Test("A cancelled task's call is abandoned, wherever it waited", arguments: ["open", "send", "next"])
  func taskCancelled(place: String) async throws {
    let server = try await ScriptedServer()
    let open = place == "open" ? nil : try await server.open(.bidirectional)
    try await server.setWritable(false)
    let task = Task {
      await Self.error { () throws(RPCError) in
        switch place {
        case "send": try await open?.send([1])
        case "next": _ = try await open?.next()
        default:
          _ = try await server.client.stream(ScriptedServer.descriptor(.bidirectional), request: nil, options: CallOptions())
        }
      }
    }
    try await Task.sleep(for: .milliseconds(5))
    task.cancel()
    #expect(await task.value == .cancelled)
    if let open {
      #expect(try await server.frames(1) == [.close()])
      #expect(await open.all() == Told(messages: [], error: .cancelled))
    }
    try await server.setWritable(true)
    #expect(try await server.hearsNothing())
  }

  @Test("A task cancelled before it opens sends nothing")
  func cancelledBefore() async throws {
    let server = try await ScriptedServer()
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      _ = try await server.client.stream(ScriptedServer.descriptor(.bidirectional), request: nil, options: CallOptions())
    }
    await #expect(throws: RPCError.cancelled) { try await task.value }
    #expect(try await server.hearsNothing())
  }

  @Test("Cancelling closes an open half once, drops what was not read, and what still comes is late", arguments: [
    (MethodKind.bidirectional, [WireFrame.close()]), (.clientStreaming, [.close()]), (.serverStreaming, []),
  ])
  func cancel(kind: MethodKind, written: [WireFrame]) async throws {
    let server = try await ScriptedServer()
    let stream = try await server.open(kind)
    if kind != .clientStreaming { try await server.says(.data(1, [1])) }
    stream.cancel()
    stream.cancel()
    #expect(await stream.all() == Told(messages: [], error: .cancelled))
    #expect(try await server.frames(written.count) == written)
    try await server.says(.reply())
    #expect(await server.client.counters().ignoredFrames == 1)
    #expect(try await server.hearsNothing())
  }

  @Test("A stream that is dropped is abandoned, and one that has ended is not")
  func dropped() async throws {
    let server = try await ScriptedServer()
    do { _ = try await server.open(.bidirectional) }
    #expect(try await server.frames(1) == [.close(1)])
    do {
      let stream = try await server.open(.bidirectional)
      try await stream.finishSending()
      try await server.says(.close(3))
      #expect(await stream.all() == Told(messages: []))
    }
    #expect(try await server.frames(1) == [.close(3)])
    #expect(try await server.hearsNothing())
  }

  @Test("Messages that came before the connection was lost are read before the loss is told")
  func lossAfterMessages() async throws {
    let server = try await ScriptedServer()
    let stream = try await server.open(.serverStreaming)
    try await server.says(.data(1, [1]), .data(1, [2]))
    try await server.channel.close().get()
    #expect(await stream.all() == Told(messages: [[1], [2]], error: .connectionClosed))
    await #expect(throws: RPCError.notSent) {
      try await server.client.stream(ScriptedServer.descriptor(.bidirectional), request: nil, options: CallOptions())
    }
  }

  @Test("The last frames of a connection without numbers go out before it closes")
  func idsUsedUp() async throws {
    let server = try await ScriptedServer(firstStream: .max)
    let stream = try await server.open(.bidirectional)
    try await server.says(.data(.max, [1]), .close(.max))
    #expect(await stream.all() == Told(messages: [[1]]))
    #expect(try await server.frames(1) == [.close(.max)])
    await server.client.closed()
  }

  @Test("A hundred streams that end at any moment leave nobody waiting")
  func races() async throws {
    let server = try await ScriptedServer()
    let streams = try await withThrowingTaskGroup(of: (any RPCClientStream).self) { group in
      for _ in 0..<100 {
        group.addTask {
          try await server.client.stream(ScriptedServer.descriptor(.bidirectional), request: nil, options: CallOptions())
        }
      }
      return try await group.reduce(into: [any RPCClientStream]()) { $0.append($1) }
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for stream in streams {
        group.addTask { _ = await stream.all() }
        group.addTask { for _ in 0..<20 { try? await stream.send([1]) } }
        group.addTask { stream.cancel() }
      }
      for stream in 0..<100 { try await server.says(.data(UInt32(stream * 2 + 1), [1]), .close(UInt32(stream * 2 + 1))) }
      try await group.waitForAll()
    }
    #expect(await server.client.counters().calls == 100)
  }
}
