import TTRPCCore
import Testing

@testable import TTRPCNIO

/// What the three kinds of streams are answered with, frame by frame, on real sockets.
@Suite("Transcripts of streams", .timeLimit(.minutes(1)))
struct ServerStreamTranscriptTests {
  struct Line: Sendable, CustomTestStringConvertible {
    let title: String
    let frames: [WireFrame]
    let replies: [Reply]

    var testDescription: String { title }
  }

  static let open: FrameFlags = .remoteOpen
  static let close: FrameFlags = [.remoteClosed, .noData]

  static let transcripts = [
    Line(
      title: "a client stream, as Go's client sends it",
      frames: [.request(1, "Collect", flags: open), .data(1, [7, 8]), .data(1, [9]), .data(1, [], close)],
      replies: [.ok(1, [2, 7, 8, 1, 9])]),
    Line(
      title: "a client stream, as Rust's client opens it",
      frames: [.request(1, "Collect", flags: [open, .noData]), .data(1, [7]), .data(1, [], close)], replies: [.ok(1, [1, 7])]),
    Line(
      title: "a client stream whose request carries the first message",
      frames: [.request(1, "Collect", [5, 5], flags: open), .data(1, [], close)], replies: [.ok(1, [2, 5, 5])]),
    Line(
      title: "a client stream without a message",
      frames: [.request(1, "Collect", flags: open), .data(1, [], close)], replies: [.ok(1, [])]),
    Line(
      title: "an empty message is a message, also the last",
      frames: [.request(1, "Collect", flags: open), .data(1), .data(1, [], .remoteClosed)], replies: [.ok(1, [0, 0])]),
    Line(
      title: "the last message may close with it",
      frames: [.request(1, "Collect", flags: open), .data(1, [1], .remoteClosed)], replies: [.ok(1, [1, 1])]),
    Line(
      title: "bytes of a frame without a message are none",
      frames: [.request(1, "Collect", flags: open), .data(1, [1, 2], .noData), .data(1, [3], close)], replies: [.ok(1, [])]),
    Line(
      title: "a client stream asked as a unary call has its one message",
      frames: [.request(1, "Collect", [4]), .request(3, "Collect")], replies: [.ok(1, [1, 4]), .ok(3, [0])]),
    Line(
      title: "a client stream that is closed as it is opened",
      frames: [.request(1, "Collect", [4], flags: .remoteClosed), .request(3, "Collect", flags: close)],
      replies: [.ok(1, [1, 4]), .ok(3, [])]),
    Line(
      title: "a server stream, in each way that clients open one",
      frames: [
        .request(1, "Expand", [2], flags: .remoteClosed), .request(3, "Expand", [1], flags: []),
        .request(5, "Expand", [1], flags: open),
      ],
      replies: [.message(1, [0]), .message(1, [1]), .end(1), .message(3, [0]), .end(3), .message(5, [0]), .end(5)]),
    Line(
      title: "a server stream's request is delivered although it is empty",
      frames: [.request(1, "Expand", flags: .remoteClosed), .request(3, "Expand", flags: close)], replies: [.end(1), .end(3)]),
    Line(
      title: "both ways, and the server closes after the client",
      frames: [.request(1, "Chat", flags: open), .data(1, [1]), .data(1), .data(1, [2]), .data(1, [], close)],
      replies: [.message(1, [1]), .message(1, []), .message(1, [2]), .end(1)]),
    Line(
      title: "a refusal ends a stream with a response",
      frames: [.request(1, "Chat", flags: open), .data(1, [1]), .data(1, [0xFF])],
      replies: [.message(1, [1]), .failed(1, .aborted, "no more of this")]),
    Line(
      title: "data after the client's last takes the answer's place",
      frames: [.request(1, "Collect", flags: open), .data(1, [], close), .data(1, [1])],
      replies: [.failed(1, .invalidArgument, "data handling error: ttrpc: stream closed")]),
    Line(
      title: "data for a stream that was never opened, or is even",
      frames: [.data(5, [1]), .data(4, [1])],
      replies: [
        .failed(5, .invalidArgument, "StreamID is no longer active"),
        .failed(4, .invalidArgument, "StreamID must be odd for client initiated streams"),
      ]),
    Line(
      title: "a unary call asked with a stream's flags is unary",
      frames: [.request(1, "Echo", [6], flags: open), .request(3, "Echo", [7], flags: .remoteClosed)],
      replies: [.ok(1, [6]), .ok(3, [7])]),
    Line(
      title: "an unknown method opened as a stream",
      frames: [.request(1, "Nothing", flags: open)], replies: [.failed(1, .unimplemented, "method Nothing")]),
  ]

  @Test("Each transcript", arguments: transcripts, Transport.allCases)
  func transcript(line: Line, transport: Transport) async throws {
    try await withServer(transport, methods: StreamProbe.methods) { _, address in
      let client = try RawSocket(address)
      let isOrdered = line.replies.allSatisfy { $0.stream == line.replies[0].stream }
      try await client.send(line.frames.flatMap(\.bytes))
      let replies = try await client.replies(line.replies.count)
      // Streams of one connection are answered each in its own order.
      if isOrdered { #expect(replies == line.replies) } else { #expect(Self.byStream(replies) == Self.byStream(line.replies)) }
      // Nothing else came, and the connection is as good as new.
      try await client.send(.request(101, "Echo", [1]))
      #expect(try await client.replies(1) == [.ok(101, [1])])
    }
  }

  @Test("Each transcript, one byte at a time", arguments: transcripts)
  func byteByByte(line: Line) async throws {
    try await withServer(methods: StreamProbe.methods) { _, address in
      let client = try RawSocket(address)
      for byte in line.frames.flatMap(\.bytes) { try await client.send([byte]) }
      let replies = try await client.replies(line.replies.count)
      #expect(Self.byStream(replies) == Self.byStream(line.replies))
    }
  }

  @Test("A server that ends early has the last word; data that crosses it is refused as on any finished stream")
  func earlyEnd() async throws {
    try await withServer(methods: StreamProbe.methods) { _, address in
      let client = try RawSocket(address)
      try await client.send(.request(1, "Chat", flags: Self.open), .data(1, [0xFE]))
      #expect(try await client.replies(2) == [.message(1, [0xFE]), .end(1)])
      try await client.send(.data(1, [1]))
      #expect(try await client.replies(1) == [.failed(1, .invalidArgument, "StreamID is no longer active")])
    }
  }

  @Test("A message that comes in one read with its opening is delivered after it", arguments: [1, 100])
  func manyAtOnce(streams: Int) async throws {
    try await withServer(methods: StreamProbe.methods) { _, address in
      let client = try RawSocket(address)
      let numbers = (0..<UInt32(streams)).map { $0 * 2 + 1 }
      var frames = numbers.map { WireFrame.request($0, "Chat", flags: Self.open) }
      for round in 0..<5 { frames += numbers.map { .data($0, [UInt8(round), UInt8(truncatingIfNeeded: $0)]) } }
      frames += numbers.map { .data($0, [], Self.close) }
      try await client.send(frames.flatMap(\.bytes))
      let replies = Self.byStream(try await client.replies(streams * 6))
      for number in numbers {
        let echoes = (0..<5).map { Reply.message(number, [UInt8($0), UInt8(truncatingIfNeeded: number)]) }
        #expect(replies[number] == echoes + [.end(number)])
      }
    }
  }

  static func byStream(_ replies: [Reply]) -> [UInt32: [Reply]] { Dictionary(grouping: replies, by: \.stream) }
}
