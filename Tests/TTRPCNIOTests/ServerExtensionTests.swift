import Synchronization
import TTRPCCore
import Testing

@testable import TTRPCNIO

/// What a client gets that asked for more than plain ttrpc, and what one gets that did not.
@Suite("Extensions on a server", .timeLimit(.minutes(1)))
struct ServerExtensionTests {
  static func granted(_ extensions: WireExtensions, _ address: TTRPCAddress) async throws -> RawSocket {
    let client = try RawSocket(address)
    try await client.send(.request(1, "Hello", [extensions.rawValue]))
    #expect(try await client.replies(1) == [.ok(1, [])])
    return client
  }

  static func word(_ type: FrameType, _ stream: UInt32, _ body: [UInt8] = [], flags: FrameFlags = []) -> WireFrame {
    WireFrame(stream: stream, type: type, flags: flags, body: body)
  }

  @Test("Without a grant every extension's frame is an unknown frame: ignored", arguments: [0x10, 0x11, 0x12, 0x13, 0x14, 0x42] as [UInt8])
  func ungranted(type: UInt8) async throws {
    try await withServer(methods: StreamProbe.methods) { _, address in
      let client = try RawSocket(address)
      try await client.send(
        .request(1, "Chat", flags: .remoteOpen), Self.word(FrameType(rawValue: type), 1, [0, 0, 0, 1]),
        Self.word(FrameType(rawValue: type), 0), .data(1, [5]), .data(1, [], [.remoteClosed, .noData]))
      #expect(try await client.replies(2) == [.message(1, [5]), .end(1)])
    }
  }

  @Test("A ping is answered with its bytes")
  func ping() async throws {
    try await withServer(methods: StreamProbe.methods) { _, address in
      let client = try await Self.granted(.ping, address)
      let longest = Array(repeating: UInt8(9), count: 64)
      try await client.send(Self.word(.ping, 0, [1, 2]), Self.word(.ping, 0), Self.word(.ping, 0, longest))
      #expect(
        try await client.replies(3) == [
          .unexpected(Self.word(.pong, 0, [1, 2])), .unexpected(Self.word(.pong, 0)), .unexpected(Self.word(.pong, 0, longest)),
        ])
    }
  }

  @Test(
    "A granted frame that breaks the rules is answered, and ends the connection",
    arguments: [
      word(.ping, 0, Array(repeating: 0, count: 65)), word(.ping, 3), word(.cancel, 3, [1]), word(.cancel, 2),
      word(.credit, 3, [1]), word(.credit, 0, [0, 0, 0, 1]), word(.pong, 1),
    ])
  func misuse(frame: WireFrame) async throws {
    try await withServer(methods: StreamProbe.methods) { _, address in
      let client = try await Self.granted([.ping, .cancel, .credit], address)
      try await client.send(frame, .request(3, "Echo"))
      let text = "a frame of type 0x\(String(frame.type.rawValue, radix: 16)) has the wrong length or stream"
      #expect(try await client.repliesToEnd() == [.failed(frame.stream, .invalidArgument, text)])
    }
  }

  @Test("A cancel stops the work of a unary call, which ends with one CANCELLED; a second one and a stray one are ignored")
  func cancelUnary() async throws {
    let gate = Gate()
    try await withServer(methods: StreamProbe.methods + [gate.method]) { server, address in
      let client = try await Self.granted(.cancel, address)
      try await client.send(.request(3, "Wait"))
      await gate.until(arrived: 1)
      try await client.send(Self.word(.cancel, 3), Self.word(.cancel, 3), Self.word(.cancel, 77), .request(5, "Echo", [5]))
      #expect(try await client.replies(2) == [.failed(3, .cancelled, "context canceled"), .ok(5, [5])])
      await gate.until(arrived: 1, cancelled: 1)
      gate.open()
      #expect(await server.counters().running == 0)
    }
  }

  @Test("A cancel ends a stream for its handler too, wherever it waits", arguments: ["Slow", "Flood"])
  func cancelStream(method: String) async throws {
    let slow = SlowReader()
    slow.gate.open()
    try await withServer(methods: slow.methods) { server, address in
      let client = try await Self.granted([.cancel, .credit], address)
      try await client.send(.request(3, method, flags: method == "Slow" ? .remoteOpen : .remoteClosed))
      try await eventually { await server.counters().running == 1 }
      try await client.send(Self.word(.cancel, 3))
      while let reply = try await client.replies(1).first {
        if case .message = reply { continue }
        #expect(reply == .failed(3, .cancelled, "context canceled"))
        break
      }
      #expect(await server.counters().running == 0)
      if method == "Slow" { try await eventually { slow.ends == [.failure(.cancelled)] } }
    }
  }

  @Test("A sender stops without credit, each stream for itself, and goes on when it gets some")
  func sending() async throws {
    try await withServer(methods: StreamProbe.methods) { _, address in
      let client = try await Self.granted(.credit, address)
      try await client.send(.request(3, "Flood", flags: .remoteClosed))
      let cost = 1000 + WireExtensions.messageOverhead
      let first = (WireExtensions.initialCredit + cost - 1) / cost
      #expect(try await client.replies(first).count == first)
      // It stands still; another stream does not.
      try await client.send(.request(5, "Expand", [2], flags: .remoteClosed))
      #expect(try await client.replies(3) == [.message(5, [0]), .message(5, [1]), .end(5)])
      // The credit is a little below zero: one byte of it is not enough, and what is missing and one more is for one message.
      let missing = UInt32(first * cost - WireExtensions.initialCredit)
      try await client.send(Self.credit(3, missing), .request(7, "Echo", [7]))
      #expect(try await client.replies(1) == [.ok(7, [7])])
      try await client.send(Self.credit(3, 1))
      #expect(try await client.replies(1).map(\.stream) == [3])
      try await client.send(.request(9, "Echo", [9]))
      #expect(try await client.replies(1) == [.ok(9, [9])])
    }
  }

  @Test("What the handler consumes is given back, in steps of half the first credit")
  func giving() async throws {
    try await withServer(methods: StreamProbe.methods) { _, address in
      let client = try await Self.granted(.credit, address)
      try await client.send(.request(3, "Collect", flags: .remoteOpen))
      let half = WireExtensions.initialCredit / 2 - WireExtensions.messageOverhead
      try await client.send(.data(3, Array(repeating: 1, count: half)))
      let given = WireExtensions.frame(.credit, stream: 3, number: UInt32(WireExtensions.initialCredit / 2))
      let frame = Self.word(.credit, 3, Array(given.dropFirst(FrameHeader.size)))
      #expect(try await client.replies(1) == [.unexpected(frame)])
    }
  }

  @Test("The opening request takes no credit, and none is given back for it")
  func opening() async throws {
    try await withServer(methods: StreamProbe.methods) { _, address in
      let client = try await Self.granted(.credit, address)
      let large = Array(repeating: UInt8(1), count: 50_000)
      try await client.send(.request(3, "Chat", large, flags: .remoteOpen), .data(3, [2]), .data(3, [], [.remoteClosed, .noData]))
      #expect(try await client.replies(3) == [.message(3, large), .message(3, [2]), .end(3)])
    }
  }

  @Test("A slow handler costs the credit and one message; who sends on without credit loses that stream only")
  func overdrawn() async throws {
    let slow = SlowReader()
    try await withServer(methods: slow.methods) { _, address in
      let client = try await Self.granted(.credit, address)
      try await client.send(.request(3, "Slow", flags: .remoteOpen), .request(5, "Chat", flags: .remoteOpen))
      await slow.gate.until(arrived: 1)
      try await client.send(.data(3, Array(repeating: 1, count: WireExtensions.initialCredit)), .data(3, [1]), .data(5, [5]))
      #expect(
        Set(try await client.replies(2)) == [
          .failed(3, .resourceExhausted, "a message was sent without credit on its stream"), .message(5, [5]),
        ])
      slow.gate.open()
      try await eventually { slow.ends.count == 1 }
    }
  }

  @Test("A handler that waits until its message has left is one message ahead of the client's credit, and not the whole bound")
  func oneAhead() async throws {
    let begun = Atomic(0)
    let states = StreamProbe.method("States", .serverStreaming) { (stream, _) async throws(RPCError) in
      while true {
        let number = begun.add(1, ordering: .relaxed).newValue
        try await stream.send(Array(repeating: UInt8(number), count: 1000))
        try await stream.sent()
      }
    }
    try await withServer(methods: StreamProbe.methods + [states]) { _, address in
      let client = try await Self.granted(.credit, address)
      try await client.send(.request(3, "States", flags: .remoteClosed))
      // A message leaves while there is credit, and takes 1,032 of it.
      let leaving = WireExtensions.initialCredit / 1032 + 1
      #expect(try await client.replies(leaving) == (1...leaving).map { .message(3, Array(repeating: UInt8($0), count: 1000)) })
      try await eventually { begun.load(ordering: .relaxed) == leaving + 1 }
      for stream in [5, 7, 9] as [UInt32] {
        try await client.send(.request(stream, "Echo", [5]))
        #expect(try await client.replies(1) == [.ok(stream, [5])])
      }
      #expect(begun.load(ordering: .relaxed) == leaving + 1)
      try await client.send(Self.credit(3, 1032))
      #expect(try await client.replies(1) == [.message(3, Array(repeating: UInt8(leaving + 1), count: 1000))])
    }
  }

  @Test("Credit of nothing, or too much of it, fails its stream", arguments: [0, UInt32.max])
  func wrongCredit(bytes: UInt32) async throws {
    try await withServer(methods: StreamProbe.methods) { _, address in
      let client = try await Self.granted(.credit, address)
      try await client.send(.request(3, "Chat", flags: .remoteOpen), Self.credit(3, bytes), .request(5, "Echo", [5]))
      let text = "credit must be above 0 and leave no more than 2147483647 bytes in all"
      #expect(try await client.replies(2) == [.failed(3, .invalidArgument, text), .ok(5, [5])])
    }
  }

  @Test("A draining server names the last stream that it serves, to those who asked")
  func goingAway() async throws {
    let gate = Gate()
    try await withServer(methods: StreamProbe.methods + [gate.method]) { server, address in
      let told = try await Self.granted(.goingAway, address)
      let plain = try await Self.granted([], address)
      for client in [told, plain] { try await client.send(.request(3, "Wait")) }
      await gate.until(arrived: 2)
      async let drained: Void = server.drain(grace: .seconds(20))
      #expect(try await told.replies(1) == [.unexpected(Self.word(.goingAway, 0, [0, 0, 0, 3]))])
      for client in [told, plain] { try await client.send(.request(5, "Echo")) }
      for client in [told, plain] {
        #expect(try await client.replies(1) == [.failed(5, .unavailable, "server is shutting down")])
      }
      gate.open()
      for client in [told, plain] { #expect(try await client.repliesToEnd() == [.ok(3, [])]) }
      await drained
    }
  }

  static func credit(_ stream: UInt32, _ bytes: UInt32) -> WireFrame {
    word(.credit, stream, withUnsafeBytes(of: bytes.bigEndian) { Array($0) })
  }
}

/// On a clock that the test moves.
@Suite("Peers that fall silent")
struct SilentPeerTests {
  @Test("A silent peer is asked, and closed when nothing comes; anything at all is an answer")
  func silence() throws {
    let server = try EmbeddedServer(StreamProbe.methods)
    try server.receive(.request(1, "Hello", [WireExtensions.ping.rawValue]))
    #expect(try server.replies() == [.ok(1, [])])
    server.advanceTime(seconds: 9)
    #expect(try server.replies() == [])
    server.advanceTime(seconds: 1)
    #expect(try server.replies() == [.unexpected(ServerExtensionTests.word(.ping, 0))])
    server.advanceTime(seconds: 9)
    try server.receive(.request(3, "Echo", [3]))
    #expect(try server.replies() == [.ok(3, [3])])
    server.advanceTime(seconds: 9)
    #expect(try server.replies() == [])
    server.advanceTime(seconds: 1)
    #expect(try server.replies() == [.unexpected(ServerExtensionTests.word(.ping, 0))])
    server.advanceTime(seconds: 9)
    #expect(server.isOpen)
    server.advanceTime(seconds: 1)
    #expect(!server.isOpen)
    #expect(server.loop.counters.silentPeers == 1)
  }

  @Test("A peer that knows no ping may be silent for as long as it likes")
  func plain() throws {
    let server = try EmbeddedServer(StreamProbe.methods)
    try server.receive(.request(1, "Hello", [WireExtensions.cancel.rawValue]))
    server.advanceTime(seconds: 500)
    #expect(server.isOpen)
    #expect(try server.replies() == [.ok(1, [])])
  }
}
