import NIOCore
import NIOEmbedded
import TTRPCCore
import Testing

@testable import TTRPCNIO

/// Bytes in, bytes out. Every transcript is played three times: each frame in a read of its own, byte by byte, and everything in one
/// read with junk that must be ignored in between.
@Suite("Bytes to a server")
struct ServerTranscriptTests {
  struct Line: Sendable, CustomTestStringConvertible {
    let title: String
    let frames: [WireFrame]
    let replies: [Reply]

    init(_ title: String, _ frames: [WireFrame], _ replies: [Reply]) {
      self.title = title
      self.frames = frames
      self.replies = replies
    }

    var testDescription: String { title }
  }

  static let transcripts: [Line] = [
    Line("a call", [.request(1, "Echo", [1, 2])], [.ok(1, [1, 2])]),
    Line("an empty message", [.request(1, "Echo")], [.ok(1, [])]),
    Line("work that need not wait", [.request(1, "Soon", [5])], [.ok(1, [5])]),
    Line(
      "flags that would open a stream",
      [
        .request(1, "Echo", [1], flags: .remoteClosed), .request(3, "Echo", [2], flags: .remoteOpen),
        .request(5, "Echo", [], flags: [.remoteClosed, .noData]), .request(7, "Echo", [], flags: [.remoteOpen, .noData]),
      ], [.ok(1, [1]), .ok(3, [2]), .ok(5, []), .ok(7, [])]),
    Line(
      "an even stream, stream 0", [.request(2, "Echo"), .request(0, "Echo"), .request(1, "Echo", [1])],
      [
        .failed(2, .invalidArgument, "StreamID must be odd for client initiated streams"),
        .failed(0, .invalidArgument, "StreamID must be odd for client initiated streams"), .ok(1, [1]),
      ]),
    Line(
      "a stream used again, a stream below it", [.request(5, "Echo"), .request(5, "Echo"), .request(3, "Echo"), .request(7, "Echo")],
      [
        .ok(5, []), .failed(5, .invalidArgument, "StreamID cannot be re-used and must increment"),
        .failed(3, .invalidArgument, "StreamID cannot be re-used and must increment"), .ok(7, []),
      ]),
    Line(
      "data for streams unknown and finished", [.data(1, [1]), .request(3, "Echo"), .data(3, [], [.remoteClosed, .noData])],
      [
        .failed(1, .invalidArgument, "StreamID is no longer active"), .ok(3, []),
        .failed(3, .invalidArgument, "StreamID is no longer active"),
      ]),
    Line(
      "frames for nobody",
      [
        WireFrame(stream: 1, type: .response, body: [1]), WireFrame(stream: 1, type: FrameType(rawValue: 9), body: [2]),
        WireFrame(stream: 2, type: FrameType(rawValue: 0x10)), .request(1, "Echo"),
      ], [.ok(1, [])]),
    Line(
      "names that are not known", [.request(1, "Echo", service: "no.Such"), .request(3, "Nothing"), .request(5, "Echo")],
      [.failed(1, .unimplemented, "service no.Such"), .failed(3, .unimplemented, "method Nothing"), .ok(5, [])]),
    Line(
      "a method this caller may not call", [.request(1, "Denied")],
      [.failed(1, .permissionDenied, "this caller's role may not call test.v1.Probe/Denied")]),
    Line(
      "envelopes that cannot be read",
      [
        WireFrame(stream: 1, type: .request, body: [0x0a, 9]),
        WireFrame(stream: 3, type: .request, body: [0x0a, 1, 0xff]), .request(5, "Echo"),
      ],
      [
        .failed(1, .invalidArgument, "unmarshal request error: unexpected end of message"),
        .failed(3, .invalidArgument, "unmarshal request error: string field service contains invalid UTF-8"), .ok(5, []),
      ]),
    Line(
      "a payload that cannot be read", [.request(1, "Picky", [7]), .request(3, "Picky")],
      [.failed(1, .internal, "ttrpc: error unmarshalling payload: field 9 is not known"), .ok(3, [])]),
    Line("a refusal leaves nothing of the reply", [.request(1, "Fail"), .request(3, "Echo", [9])], [
      .failed(1, .notFound, "no such thing"), .ok(3, [9]),
    ]),
    Line("time that was over before", [.request(1, "Echo", timeout: -1), .request(3, "Echo", timeout: 1)], [
      .failed(1, .deadlineExceeded, "context deadline exceeded"), .ok(3, []),
    ]),
    Line(
      "a body of 4 MiB and one more byte",
      [.request(1, "Echo"), WireFrame(stream: 3, type: .request, body: Array(repeating: 1, count: 4_194_305)), .request(5, "Echo")],
      [
        .ok(1, []),
        .failed(3, .resourceExhausted, "message length 4194305 exceed maximum message size of 4194304"), .ok(5, []),
      ]),
    Line("the last stream number", [.request(.max, "Echo"), .request(1, "Echo")], [
      .ok(.max, []), .failed(1, .invalidArgument, "StreamID cannot be re-used and must increment"),
    ]),
    Line(
      "a reserved byte: one answer, then nothing",
      [
        .request(1, "Echo"), WireFrame(stream: 3, type: .request, length: 0x0100_0002), .request(5, "Echo"),
      ], [.ok(1, []), .failed(3, .invalidArgument, "reserved byte of the frame header must be 0, not 1")]),
  ]

  @Test("Each frame in a read of its own", arguments: transcripts)
  func whole(line: Line) throws {
    let server = try EmbeddedServer()
    for frame in line.frames { try server.receive(frame) }
    try expect(line, from: server)
  }

  @Test("Byte by byte", arguments: transcripts.filter { $0.frames.allSatisfy { $0.body.count < 1000 } })
  func byteByByte(line: Line) throws {
    let server = try EmbeddedServer()
    for byte in line.frames.flatMap(\.bytes) { try server.receive([byte]) }
    try expect(line, from: server)
  }

  @Test("All at once, with junk in between, in one write", arguments: transcripts)
  func allAtOnce(line: Line) throws {
    let server = try EmbeddedServer()
    let junk = WireFrame(stream: 77, type: FrameType(rawValue: 200), body: Array(repeating: 0xee, count: 99))
    try server.receive(line.frames.flatMap { junk.bytes + $0.bytes })
    #expect(try server.writes().count == 1)
    try expect(line, from: server)
  }

  private func expect(_ line: Line, from server: EmbeddedServer) throws {
    #expect(try server.replies() == line.replies)
    #expect(server.strayBytes == 0)
    #expect(server.handler.machine.callsInFlight == 0)
    #expect(server.loop.counters.running == 0)
    #expect(server.handler.partial.readableBytes == 0)
  }

  @Test("A message too long is answered at its header, and its body is never kept")
  func oversizeAtHeader() throws {
    let server = try EmbeddedServer()
    try server.receive(WireFrame(stream: 1, type: .request, length: 0xff_ffff).bytes)
    #expect(try server.replies() == [
      .failed(1, .resourceExhausted, "message length 16777215 exceed maximum message size of 4194304")
    ])
    for _ in 0..<1024 { try server.receive([UInt8](repeating: 7, count: 16_384)) }
    // One byte less than 16 MiB was announced: the last byte sent begins the next header.
    #expect(server.handler.partial.readableBytes == 1)
    #expect(try server.replies() == [])
  }

  @Test("Memory for a body grows with the bytes that come, not with what the header promises")
  func noAllocationOnPromise() throws {
    let server = try EmbeddedServer()
    try server.receive(WireFrame(stream: 1, type: .request, length: 4_194_304).bytes + [1, 2, 3])
    #expect(server.handler.partial.readableBytes == 3)
    #expect(server.handler.partial.capacity < 4096)
  }

  @Test("A connection keeps no buffer between calls")
  func nothingKept() throws {
    let server = try EmbeddedServer()
    let call = WireFrame.request(1, "Echo", [1, 2, 3]).bytes
    try server.receive(Array(call.prefix(20)))
    #expect(server.handler.partial.readableBytes == 10)
    try server.receive(Array(call.dropFirst(20)))
    #expect(server.handler.partial.capacity == 0)
    #expect(try server.replies() == [.ok(1, [1, 2, 3])])
  }

  @Test("A reply too long for a frame becomes the status that says so")
  func longReply() throws {
    let server = try EmbeddedServer()
    try server.receive(
      .request(1, "Grow", [0xfb, 0xff, 0x3f, 0]), .request(3, "Grow", [0xfc, 0xff, 0x3f, 0]), .request(5, "Echo"))
    #expect(try server.replies() == [
      .ok(1, Array(repeating: 0x47, count: 0x3f_fffb)),
      .failed(3, .resourceExhausted, "message length 4194305 exceed maximum message size of 4194304"), .ok(5, []),
    ])
  }
}
