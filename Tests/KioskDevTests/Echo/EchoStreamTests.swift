import KioskTestSupport
import TTRPCCore
import Testing
import VentanillaMessages

@testable import kiosk_dev

@Suite("The streams of bench.v1", .timeLimit(.minutes(1)))
struct EchoStreamTests {
  static let depths = Depth.allCases

  static func withEcho(_ depth: Depth, _ body: (EchoClient) async throws -> Void) async throws {
    try await depth.serve(EchoMethods.registeredMethods(isAsync: false), roles: [.kiosk], clock: { MonotonicTime(nanoseconds: 0) }) {
      doors in try await body(EchoClient(doors[.kiosk]))
    }
  }

  static func message(_ number: Int) -> Wire.EchoMsg {
    Wire.EchoMsg(id: UInt64(number), name: "ñandú \(number)", sentAt: -3, body: [0, UInt8(number & 0xFF)])
  }

  @Test("Collect counts the messages and joins their bodies", arguments: depths, [0, 1, 1000])
  func collect(depth: Depth, count: Int) async throws {
    try await Self.withEcho(depth) { echo in
      let call = try await echo.collect()
      for number in 0..<count { try await call.send(Self.message(number)) }
      let reply = try await call.finish()
      let bodies = (0..<count).flatMap { Self.message($0).body }
      #expect(reply == Wire.EchoMsg(id: UInt64(count), name: "collected", body: bodies))
    }
  }

  @Test("Collect counts empty messages too", arguments: depths)
  func collectEmpty(depth: Depth) async throws {
    try await Self.withEcho(depth) { echo in
      let call = try await echo.collect()
      for _ in 0..<3 { try await call.send(Wire.EchoMsg()) }
      let reply = try await call.finish()
      #expect(reply == Wire.EchoMsg(id: 3, name: "collected"))
    }
  }

  @Test("Collect refuses bodies that do not fit one frame, before the client has closed", arguments: depths)
  func collectTooMuch(depth: Depth) async throws {
    try await Self.withEcho(depth) { echo in
      let call = try await echo.collect()
      try await call.send(Wire.EchoMsg(body: [UInt8](repeating: 7, count: EchoStreams.largestBody)))
      try await call.send(Wire.EchoMsg(body: [7]))
      let refusal = RPCError(.resourceExhausted, "the bodies joined are longer than \(EchoStreams.largestBody) bytes")
      await #expect(throws: refusal) {
        // The refusal meets the sender or the reader, whoever is first.
        while true { try await call.send(Wire.EchoMsg()) }
      }
    }
  }

  @Test("Expand numbers its messages from 0 and ends", arguments: depths, [0, 1, 1000])
  func expand(depth: Depth, count: Int) async throws {
    try await Self.withEcho(depth) { echo in
      let call = try await echo.expand(Wire.EchoMsg(id: UInt64(count), name: "n", sentAt: 5, body: [1, 2]))
      var replies: [Wire.EchoMsg] = []
      while let reply = try await call.next() { replies.append(reply) }
      #expect(replies == (0..<count).map { Wire.EchoMsg(id: UInt64($0), name: "n", body: [1, 2]) })
      let afterTheLast = try await call.next()
      #expect(afterTheLast == nil)
    }
  }

  @Test("An endless Expand stops when the client cancels", arguments: depths)
  func cancelExpand(depth: Depth) async throws {
    try await Self.withEcho(depth) { echo in
      let call = try await echo.expand(Wire.EchoMsg(id: .max))
      let first = try await call.next()
      #expect(first == Wire.EchoMsg(id: 0))
      call.cancel()
      call.cancel()
      let error = await #expect(throws: RPCError.self) { while try await call.next() != nil {} }
      #expect(error?.code == .cancelled)
    }
  }

  @Test("Chat returns each message before the next is sent", arguments: depths)
  func chatInTurn(depth: Depth) async throws {
    try await Self.withEcho(depth) { echo in
      let call = try await echo.chat()
      for message in [Self.message(1), Wire.EchoMsg(), Self.message(2)] {
        try await call.send(message)
        let reply = try await call.next()
        #expect(reply == message)
      }
      try await call.finishSending()
      try await call.finishSending()
      let end = try await call.next()
      #expect(end == nil)
    }
  }

  @Test("Chat keeps the order when one task sends and another reads", arguments: depths, [0, 1000])
  func chatAtOnce(depth: Depth, count: Int) async throws {
    try await Self.withEcho(depth) { echo in
      let call = try await echo.chat()
      async let sent: Void = {
        for number in 0..<count { try await call.send(Self.message(number)) }
        try await call.finishSending()
      }()
      var replies: [Wire.EchoMsg] = []
      while let reply = try await call.next() { replies.append(reply) }
      try await sent
      #expect(replies == (0..<count).map(Self.message))
    }
  }

  @Test("The deadline ends a Chat that nobody ends", arguments: depths)
  func deadline(depth: Depth) async throws {
    try await Self.withEcho(depth) { echo in
      let error = await #expect(throws: RPCError.self) {
        let call = try await echo.chat(options: CallOptions(timeout: .milliseconds(50)))
        while true {
          try await call.send(Wire.EchoMsg())
          _ = try await call.next()
        }
      }
      #expect(error?.code == .deadlineExceeded)
    }
  }

  @Test("A task that is cancelled while it reads ends its call", arguments: depths)
  func cancelledTask(depth: Depth) async throws {
    try await Self.withEcho(depth) { echo in
      let call = try await echo.chat()
      let reading = Task { () async -> StatusCode? in
        do throws(RPCError) {
          _ = try await call.next()
          return nil
        } catch { return error.code }
      }
      reading.cancel()
      let code = await reading.value
      #expect(code == .cancelled)
    }
  }

  @Test("A bad payload ends the call with the status of a unary method", arguments: depths)
  func unreadable(depth: Depth) async throws {
    try await depth.serve(EchoMethods.registeredMethods(isAsync: false), roles: [.kiosk], clock: { MonotonicTime(nanoseconds: 0) }) {
      doors in
      let stream = try await doors[.kiosk].stream(BenchMethodTable.Echo.chat, request: nil, options: CallOptions())
      try await stream.send([0x12, 1, 0xFF])
      await #expect(throws: RPCError(.internal, "ttrpc: error unmarshalling payload: request.name: not valid UTF-8")) {
        try await stream.next()
      }
    }
  }
}
